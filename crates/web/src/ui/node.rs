//! A node of the page: an element, or several without one around them.

use leptos::{
    ev::EventDescriptor,
    prelude::*,
    wasm_bindgen::{JsCast, closure::Closure},
};
use web_sys::{Element, Event};

/// The name space of drawings.
const SVG: &str = "http://www.w3.org/2000/svg";

/// A node that is being made, or is made.
#[derive(Clone)]
pub(crate) struct Node(web_sys::Node);

// The methods of the browser that are called here fail for names that are none, and for nodes
// that contain themselves: neither can come of `view!`.
impl Node {
    /// An element.
    pub(crate) fn element(name: &str) -> Self {
        document().create_element(name).map_or_else(|_| Self::fragment(), |element| Self(element.into()))
    }

    /// An element of a drawing.
    pub(crate) fn drawn(name: &str) -> Self {
        let element = document().create_element_ns(Some(SVG), name);
        element.map_or_else(|_| Self::fragment(), |element| Self(element.into()))
    }

    /// Nothing yet; several nodes once they are put in.
    pub(crate) fn fragment() -> Self {
        Self(document().create_document_fragment().into())
    }

    /// Two places that nothing is seen of, between which a part can change.
    pub(super) fn marks(&self) -> (web_sys::Node, web_sys::Node) {
        let (start, end) = (document().create_text_node(""), document().create_text_node(""));
        _ = self.0.append_child(&start);
        _ = self.0.append_child(&end);
        (start.into(), end.into())
    }

    /// The browser's node.
    pub(super) fn raw(&self) -> &web_sys::Node {
        &self.0
    }

    /// The browser's element; of a fragment none may be asked for.
    pub(super) fn as_element(&self) -> &Element {
        self.0.unchecked_ref()
    }

    /// Puts a node at the end.
    #[expect(clippy::needless_pass_by_value, reason = "a node is in one place")]
    pub(crate) fn append(&self, child: Self) {
        _ = self.0.append_child(&child.0);
    }

    /// Puts a text at the end.
    pub(crate) fn text(&self, text: &str) {
        _ = self.0.append_child(&document().create_text_node(text));
    }

    /// Puts itself at the end of an element of the page.
    pub(super) fn put_into(&self, parent: &web_sys::Node) {
        _ = parent.append_child(&self.0);
    }

    /// Gives it an attribute.
    pub(crate) fn set(&self, name: &str, value: &str) {
        _ = self.as_element().set_attribute(name, value);
    }

    /// Gives it an attribute, or takes it away.
    pub(super) fn set_or_remove(&self, name: &str, value: Option<&str>) {
        match value {
            Some(value) => self.set(name, value),
            None => _ = self.as_element().remove_attribute(name),
        }
    }

    /// Calls `act` at every event, as long as the part of the page exists that is being made.
    pub(crate) fn on<E>(&self, event: E, mut act: impl FnMut(E::EventType) + 'static)
    where
        E: EventDescriptor,
        E::EventType: JsCast,
    {
        self.listen(&event.name(), Box::new(move |event| act(event.unchecked_into())));
    }

    fn listen(&self, event: &str, act: Box<dyn FnMut(Event)>) {
        let act = Closure::wrap(act);
        _ = self.0.add_event_listener_with_callback(event, act.as_ref().unchecked_ref());
        let held = StoredValue::new_local((self.0.clone(), event.to_owned(), act));
        on_cleanup(move || {
            // The browser may still tell of what happened before, when nobody is there to hear.
            held.with_value(|(node, event, act)| {
                _ = node.remove_event_listener_with_callback(event, act.as_ref().unchecked_ref());
            });
        });
    }
}
