//! Elements: a name, attributes, children.

use proc_macro2::TokenStream;
use quote::quote;
use rstml::node::{NodeAttribute, NodeElement};

use crate::{attribute, children_to_tokens, component};

/// The elements that are drawings, which browsers keep apart from the others.
const DRAWN: [&str; 7] = ["circle", "g", "line", "path", "rect", "svg", "text"];

type Element = NodeElement<rstml::Infallible>;

/// An expression that makes the element.
pub(crate) fn to_tokens(element: &Element) -> syn::Result<TokenStream> {
    if component::is_component(element.name()) {
        return component::to_tokens(element);
    }
    let name = element.name().to_string();
    let made = if DRAWN.contains(&name.as_str()) {
        quote! { crate::ui::Node::drawn(#name) }
    } else {
        quote! { crate::ui::Node::element(#name) }
    };
    let attributes = element.attributes().iter().map(|attribute| match attribute {
        NodeAttribute::Attribute(attribute) => attribute::to_tokens(attribute),
        NodeAttribute::Block(block) => Err(syn::Error::new_spanned(block, "An attribute has a name.")),
    });
    let attributes: TokenStream = attributes.collect::<syn::Result<_>>()?;
    let children = children_to_tokens(&element.children)?;
    Ok(quote! {{
        let __node = #made;
        #attributes
        #children
        __node
    }})
}
