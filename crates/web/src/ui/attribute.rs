//! Attributes, properties and styles, fixed or following signals.

use std::borrow::Cow;

use js_sys::Reflect;
use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;

use super::{Memo, Node, RwSignal, follow};

/// The text of an attribute; `None` when it is not to be there.
type Text = Option<Cow<'static, str>>;

/// Something that an attribute can be.
pub(crate) trait Plain {
    fn text(self) -> Text;
}

impl Plain for &'static str {
    fn text(self) -> Text {
        Some(Cow::Borrowed(self))
    }
}

impl Plain for String {
    fn text(self) -> Text {
        Some(Cow::Owned(self))
    }
}

/// There or not.
impl Plain for bool {
    fn text(self) -> Text {
        self.then_some(Cow::Borrowed(""))
    }
}

impl<P: Plain> Plain for Option<P> {
    fn text(self) -> Text {
        self.and_then(P::text)
    }
}

/// Something that can be given as an attribute.
pub(crate) trait Attribute {
    fn put(self, node: &Node, name: &'static str);
}

macro_rules! fixed {
    ($($type:ty),*) => {$(
        impl Attribute for $type {
            fn put(self, node: &Node, name: &'static str) {
                if let Some(text) = self.text() {
                    node.set(name, &text);
                }
            }
        }
    )*};
}

fixed!(&'static str, String, bool, Option<&'static str>, Option<String>);

impl<F, P> Attribute for F
where
    F: FnMut() -> P + 'static,
    P: Plain,
{
    fn put(mut self, node: &Node, name: &'static str) {
        following(node.clone(), name, Box::new(move || self().text()));
    }
}

fn following(node: Node, name: &'static str, mut value: Box<dyn FnMut() -> Text>) {
    let mut before = None;
    follow(Box::new(move || {
        let now = Some(value());
        if now != before {
            node.set_or_remove(name, now.as_ref().and_then(Option::as_deref));
            before = now;
        }
    }));
}

/// Something that can be given as a property, which unlike an attribute changes what was typed.
pub(crate) trait Prop {
    fn put(self, node: &Node, name: &'static str);
}

impl Prop for RwSignal<String> {
    fn put(self, node: &Node, name: &'static str) {
        keeping(node.clone(), name, Box::new(move || self.get().into()));
    }
}

impl Prop for Memo<String> {
    fn put(self, node: &Node, name: &'static str) {
        keeping(node.clone(), name, Box::new(move || self.get().into()));
    }
}

impl<F, V> Prop for F
where
    F: FnMut() -> V + 'static,
    V: Into<JsValue>,
{
    fn put(mut self, node: &Node, name: &'static str) {
        keeping(node.clone(), name, Box::new(move || self().into()));
    }
}

fn keeping(node: Node, name: &'static str, mut value: Box<dyn FnMut() -> JsValue>) {
    let name = JsValue::from_str(name);
    follow(Box::new(move || {
        let (element, value) = (node.as_element(), value());
        // Writing the same again would move the caret.
        if Reflect::get(element, &name).ok().as_ref() != Some(&value) {
            _ = Reflect::set(element, &name, &value);
        }
    }));
}

/// A property of the element's style, set by script, as the Content-Security-Policy wants it.
pub(crate) fn style(node: &Node, name: &'static str, value: impl FnMut() -> String + 'static) {
    styled(node.clone(), name, Box::new(value));
}

fn styled(node: Node, name: &'static str, mut value: Box<dyn FnMut() -> String>) {
    follow(Box::new(move || {
        let style = node.as_element().unchecked_ref::<HtmlElement>().style();
        _ = style.set_property(name, &value());
    }));
}
