//! What every view needs: Leptos, but for its views.

pub(crate) use leptos::prelude::*;

pub(crate) use fanbase_view::view;

// In the place of those of Leptos, each of which is compiled anew for every type of value.
pub(crate) use super::{Children, IntoAny, IntoView, Memo, NodeRef, RwSignal, Signal, ViewFn, each, effect};

/// Any view: they are all of one type.
pub(crate) type AnyView = super::Node;

/// Collects what an iterator makes.
pub(crate) trait CollectView {
    /// All of it, in its order.
    fn collect_view(self) -> Vec<AnyView>;
}

impl<I: Iterator<Item = AnyView>> CollectView for I {
    fn collect_view(self) -> Vec<AnyView> {
        self.collect()
    }
}
