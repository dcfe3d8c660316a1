//! `view!`, which reads what Leptos's macro of the same name reads, and makes a fraction of the code.
//!
//! Leptos gives every element a type of its own, which is compiled anew for each way of nesting.
//! Here an element becomes calls of a few functions of `fanbase_web::ui`, whose size is that of
//! their arguments. ADR 8 has the figures.

mod attribute;
mod component;
mod element;

use proc_macro2::TokenStream;
use quote::quote;
use rstml::node::{Node, NodeBlock};

/// Makes a `ui::Node` of elements, components, texts and blocks.
#[proc_macro]
pub fn view(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let made = rstml::parse2(tokens.into()).and_then(|nodes| nodes_to_tokens(&nodes));
    made.unwrap_or_else(|error| error.to_compile_error()).into()
}

/// One node of all of them.
fn nodes_to_tokens(nodes: &[Node]) -> syn::Result<TokenStream> {
    if let [Node::Element(element)] = nodes {
        return element::to_tokens(element);
    }
    let children = children_to_tokens(nodes)?;
    Ok(quote! {{
        let __node = crate::ui::Node::fragment();
        #children
        __node
    }})
}

/// Statements that put children into `__node`.
fn children_to_tokens(nodes: &[Node]) -> syn::Result<TokenStream> {
    let children = nodes.iter().map(|node| {
        Ok(match node {
            Node::Text(text) => {
                let text = text.value_string();
                quote! { __node.text(#text); }
            }
            Node::Element(element) => {
                let child = element::to_tokens(element)?;
                quote! { __node.append(#child); }
            }
            Node::Block(NodeBlock::ValidBlock(block)) => {
                let statements = &block.stmts;
                quote! { crate::ui::Child::attach({ #(#statements)* }, &__node); }
            }
            Node::Fragment(fragment) => children_to_tokens(&fragment.children)?,
            Node::Comment(_) | Node::Doctype(_) => TokenStream::new(),
            other => return Err(syn::Error::new_spanned(other, "Texts are written in quotes.")),
        })
    });
    children.collect()
}
