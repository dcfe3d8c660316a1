//! Components, which are those of Leptos: functions whose arguments have names.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use rstml::node::{NodeAttribute, NodeElement, NodeName};

use crate::nodes_to_tokens;

/// Whether a name is that of a component: `Icon` or `super::Icon`, but not `div`.
pub(crate) fn is_component(name: &NodeName) -> bool {
    match name {
        NodeName::Path(path) => path
            .path
            .segments
            .last()
            .is_some_and(|last| last.ident.to_string().starts_with(char::is_uppercase)),
        NodeName::Punctuated(_) | NodeName::Block(_) => false,
    }
}

/// An expression that makes what the component shows.
pub(crate) fn to_tokens(element: &NodeElement<rstml::Infallible>) -> syn::Result<TokenStream> {
    let name = element.name();
    let properties = element.attributes().iter().map(|attribute| match attribute {
        NodeAttribute::Attribute(attribute) => {
            let key = format_ident!("{}", attribute.key.to_string());
            // Without a value it is that of a variable of its name.
            Ok(attribute.value().map_or_else(|| quote! { .#key(#key) }, |value| quote! { .#key(#value) }))
        }
        NodeAttribute::Block(block) => Err(syn::Error::new_spanned(block, "A property has a name.")),
    });
    let properties: TokenStream = properties.collect::<syn::Result<_>>()?;
    let children = if element.children.is_empty() {
        TokenStream::new()
    } else {
        let children = nodes_to_tokens(&element.children)?;
        quote! { .children(crate::ui::ToChildren::to_children(move || #children)) }
    };
    Ok(quote! {
        crate::ui::IntoView::into_node(::leptos::component::component_view(
            &#name,
            ::leptos::component::component_props_builder(&#name) #properties #children .build(),
        ))
    })
}
