//! A small button that copies a text.

use js_sys::Reflect;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Clipboard, HtmlDocument, HtmlElement, HtmlTextAreaElement};

use super::{Glyph, Icon};
use crate::{
    i18n::t,
    state::{task, toasts::Toasts},
};

#[component]
pub(crate) fn CopyButton(text: String, label: &'static str) -> impl IntoView {
    let toasts: Toasts = expect_context();
    view! {
        <button class="icon-button" type="button" aria-label=label title=label
            on:click=move |_| copy(text.clone(), t().components.copied, toasts)>
            <Icon glyph=Glyph::Copy />
        </button>
    }
}

/// Copies a text, and reports whether that worked; `copied` is the report of success.
pub(crate) fn copy(text: String, copied: &'static str, toasts: Toasts) {
    task::spawn(async move {
        if by_clipboard(&text).await || by_selection(&text) {
            toasts.tell(copied);
        } else {
            toasts.warn(t().components.copy_failed);
        }
    });
}

/// By the browser's clipboard: there only on secure origins, not on plain http.
async fn by_clipboard(text: &str) -> bool {
    let clipboard = Reflect::get(&window().navigator(), &"clipboard".into());
    let Some(clipboard) = clipboard.ok().and_then(|clipboard| clipboard.dyn_into::<Clipboard>().ok()) else {
        return false;
    };
    JsFuture::from(clipboard.write_text(text)).await.is_ok()
}

/// By selecting the text in a field that nobody sees, as before there was a clipboard. The field has to
/// be within the dialog that is open, if one is: nothing else can take the focus.
fn by_selection(text: &str) -> bool {
    let document = document();
    let focused = document.active_element();
    let within = focused.as_ref().and_then(|focused| focused.closest("dialog").ok().flatten());
    let Some(place) = within.or_else(|| document.body().map(Into::into)) else { return false };
    let Ok(field) = document.create_element("textarea") else { return false };
    let field: HtmlTextAreaElement = field.unchecked_into();
    field.set_value(text);
    field.set_class_name("sr-only");
    if place.append_child(&field).is_err() {
        return false;
    }
    field.select();
    let copied = document.unchecked_into::<HtmlDocument>().exec_command("copy");
    field.remove();
    if let Some(focused) = focused.and_then(|focused| focused.dyn_into::<HtmlElement>().ok()) {
        _ = focused.focus();
    }
    copied.unwrap_or_default()
}
