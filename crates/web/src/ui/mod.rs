//! What `view!` is made of: nodes of the page, and what keeps them up to date.
//!
//! Signals, effects and components are those of Leptos. Its views are not used: every element is
//! a type there, compiled anew for each way of nesting, which made up two thirds of the download
//! (ADR 8). Here an element is made at once by calls of a few functions, and a part that changes
//! is made anew in its place.

mod attribute;
mod child;
mod each;
mod focus;
mod node;
mod node_ref;
pub(crate) mod prelude;
mod signal;

use std::sync::Arc;

use leptos::{
    prelude::*,
    reactive::graph::{Subscriber as _, ToAnySubscriber as _},
};

pub(crate) use attribute::{Attribute, Prop, style};
pub(crate) use child::{Child, IntoAny};
pub(crate) use each::each;
pub(crate) use node::Node;
pub(crate) use node_ref::NodeRef;
pub(crate) use signal::{Memo, RwSignal, Signal, effect};

/// What a component shows.
pub(crate) trait IntoView {
    /// As a node.
    fn into_node(self) -> Node;
}

impl<C: Child> IntoView for C {
    fn into_node(self) -> Node {
        self.node()
    }
}

/// What stands between the tags of a component, made once.
pub(crate) type Children = Box<dyn FnOnce() -> Node>;
/// The same, made as often as it is needed.
pub(crate) type ViewFn = Arc<dyn Fn() -> Node>;

/// How `view!` hands children to a component.
pub(crate) trait ToChildren<F> {
    fn to_children(children: F) -> Self;
}

impl<F: FnOnce() -> Node + 'static> ToChildren<F> for Children {
    fn to_children(children: F) -> Self {
        Box::new(children)
    }
}

impl<F: Fn() -> Node + 'static> ToChildren<F> for ViewFn {
    fn to_children(children: F) -> Self {
        Arc::new(children)
    }
}

/// Runs `work` now, and again whenever a signal that it read changes, as long as the part of the
/// page exists that is being made.
fn follow(mut work: Box<dyn FnMut()>) {
    let effect = RenderEffect::new(move |_: Option<()>| work());
    on_cleanup(move || {
        // What it read forgets it now, and not when that changes next, which may be never.
        let reader = effect.to_any_subscriber();
        reader.clear_sources(&reader);
        drop(effect);
    });
}

/// Puts the app into the page.
pub(crate) fn mount(app: fn() -> Node) {
    // Leptos starts what runs effects, and keeps what belongs to the app for ever.
    mount_to_body(move || {
        if let Some(body) = document().body() {
            app().put_into(&body);
        }
    });
}
