//! A reference to an element that a view makes: `node_ref=`.

use std::marker::PhantomData;

use leptos::wasm_bindgen::JsCast;
use web_sys::Element;

use super::{Node, RwSignal, effect};

/// Stands for an element, of the type `E` in the browser, from when it is made.
pub(crate) struct NodeRef<E> {
    element: RwSignal<Option<Element>>,
    kind: PhantomData<fn() -> E>,
}

impl<E> Clone for NodeRef<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for NodeRef<E> {}

impl<E: JsCast + 'static> NodeRef<E> {
    /// For an element to come.
    pub(crate) fn new() -> Self {
        Self { element: RwSignal::new(None), kind: PhantomData }
    }

    /// The element, if it is made by now.
    pub(crate) fn get_untracked(self) -> Option<E> {
        self.element.try_get_untracked().flatten().map(JsCast::unchecked_into)
    }

    /// Does something once the element is in the page.
    pub(crate) fn on_load(self, act: impl FnOnce(E) + 'static) {
        let mut act = Some(act);
        effect(move || {
            if let Some(element) = self.element.get()
                && let Some(act) = act.take()
            {
                act(element.unchecked_into());
            }
        });
    }

    /// Tells it which element it stands for.
    pub(crate) fn bind(self, node: &Node) {
        self.element.set(Some(node.as_element().clone()));
    }
}
