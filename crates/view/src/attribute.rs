//! Attributes of elements: `name=value`, `prop:name`, `on:event`, `style:name`, `node_ref`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use rstml::node::KeyedAttribute;

/// A statement that gives `__node` the attribute.
pub(crate) fn to_tokens(attribute: &KeyedAttribute) -> syn::Result<TokenStream> {
    let key = attribute.key.to_string();
    if let Some(text) = attribute.value_literal_string() {
        return Ok(quote! { __node.set(#key, #text); });
    }
    let Some(value) = attribute.value() else {
        return match attribute.possible_value.to_value() {
            // It is there, which is all it says.
            None => Ok(quote! { __node.set(#key, ""); }),
            Some(_) => Err(syn::Error::new_spanned(attribute, "The value cannot be read.")),
        };
    };
    Ok(match key.split_once(':') {
        Some(("on", event)) => {
            let event = format_ident!("{event}");
            quote! { __node.on(::leptos::ev::#event, #value); }
        }
        Some(("prop", name)) => quote! { crate::ui::Prop::put(#value, &__node, #name); },
        Some(("style", name)) => quote! { crate::ui::style(&__node, #name, #value); },
        _ if key == "node_ref" => quote! { #value.bind(&__node); },
        _ => quote! { crate::ui::Attribute::put(#value, &__node, #key); },
    })
}
