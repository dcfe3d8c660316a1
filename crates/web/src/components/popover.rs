//! What a button opens beside itself: a menu, or a small form. The browser's own popover closes it
//! by Esc and by a click elsewhere, and gives the focus back.

use std::sync::atomic::{AtomicU32, Ordering};

use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::{html, prelude::*};
use web_sys::HtmlElement;

/// What can take the focus in it, in document order.
const FOCUSABLE: &str = "input:not([type=hidden]), select, textarea, button:not(:disabled), a[href]";
/// The least distance to the edge of the window, in pixels.
const MARGIN: f64 = 8.0;

/// An id that nothing else on the page has.
pub(crate) fn unique_id(kind: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{kind}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A button, and what it opens. The content exists while it is open.
#[component]
pub(crate) fn Popover(
    /// What is opened. The button is named by what is on it; this is its tooltip, and its name where a
    /// narrow window leaves only an icon on it.
    #[prop(into)]
    label: String,
    /// The class of the button.
    #[prop(default = "button")]
    class: &'static str,
    /// `menu` for a list of commands, `dialog` for anything else.
    #[prop(default = "menu")]
    role: &'static str,
    /// What is on the button.
    #[prop(into)]
    trigger: ViewFn,
    /// What is opened.
    #[prop(into)]
    children: ViewFn,
) -> impl IntoView {
    let id = unique_id("popover");
    let (button, panel) = (NodeRef::<html::Button>::new(), NodeRef::<html::Div>::new());
    let open = RwSignal::new(false);
    let toggle = move || {
        let (Some(button), Some(panel)) = (button.get_untracked(), panel.get_untracked()) else { return };
        let is_open = panel.matches(":popover-open").unwrap_or_default();
        open.set(is_open);
        if is_open {
            // After the content is there.
            request_animation_frame(move || {
                place(&button, &panel);
                focus_first(&panel);
            });
        }
    };
    view! {
        <button class=class type="button" node_ref=button popovertarget=id.clone()
            title=label.clone() aria-haspopup=role aria-expanded=move || open.get().to_string()>
            {trigger.run()}
        </button>
        <div class="popover" id=id popover="auto" node_ref=panel role=role aria-label=label
            on:toggle=move |_| toggle() on:keydown=move |event| move_focus(&event, panel)
            on:click=move |event| close_after(&event, panel)>
            {move || open.get().then(|| children.run())}
        </div>
    }
}

/// Below the button, or above it where there is more room; never beyond the edge of the window.
fn place(button: &HtmlElement, panel: &HtmlElement) {
    let size = |value: Result<JsValue, _>| value.ok().and_then(|v| v.as_f64()).unwrap_or_default();
    let (width, height) = (size(window().inner_width()), size(window().inner_height()));
    let (anchor, own) = (button.get_bounding_client_rect(), panel.get_bounding_client_rect());
    let left = anchor.left().min(width - own.width() - MARGIN).max(MARGIN);
    let below = anchor.bottom() + 4.0;
    let top = match below + own.height() + MARGIN > height && anchor.top() > height - anchor.bottom() {
        true => (anchor.top() - own.height() - 4.0).max(MARGIN),
        false => below,
    };
    let style = panel.style();
    // Refused only for properties that are none.
    _ = style.set_property("left", &format!("{}px", left as i32));
    _ = style.set_property("top", &format!("{}px", top as i32));
}

/// Places the popover again, and gives the focus to its first item, after another content was put around
/// `inside`.
pub(crate) fn renew(inside: &HtmlElement) {
    let Some(panel) = inside.closest("[popover]").ok().flatten() else { return };
    let button = document().query_selector(&format!("[popovertarget=\"{}\"]", panel.id())).ok().flatten();
    let (Ok(panel), Some(Ok(button))) =
        (panel.dyn_into::<HtmlElement>(), button.map(JsCast::dyn_into::<HtmlElement>))
    else {
        return;
    };
    // After the content is there.
    request_animation_frame(move || {
        place(&button, &panel);
        focus_first(&panel);
    });
}

fn items(panel: &HtmlElement) -> Vec<HtmlElement> {
    let Ok(found) = panel.query_selector_all(FOCUSABLE) else { return Vec::new() };
    (0..found.length()).filter_map(|i| found.item(i)?.dyn_into().ok()).collect()
}

fn focus_first(panel: &HtmlElement) {
    let items = items(panel);
    // The way back comes first, and is not what one came for.
    let first = items.iter().find(|item| !item.has_attribute("data-back")).or_else(|| items.first());
    if let Some(item) = first {
        _ = item.focus();
    }
}

/// Arrow keys move from item to item; in a text they move the caret.
fn move_focus(event: &web_sys::KeyboardEvent, panel: NodeRef<html::Div>) {
    let down = match event.key().as_str() {
        "ArrowDown" => true,
        "ArrowUp" => false,
        _ => return,
    };
    let Some(panel) = panel.get_untracked() else { return };
    let items = items(&panel);
    let active = document().active_element();
    let at = items.iter().position(|item| active.as_deref() == Some(item));
    let next = match at {
        None => 0,
        Some(at) if down => (at + 1) % items.len(),
        Some(at) => (at + items.len() - 1) % items.len(),
    };
    if let Some(item) = items.get(next) {
        event.prevent_default();
        _ = item.focus();
    }
}

/// A chosen command or link closes the menu; what has `data-stay` does not.
fn close_after(event: &web_sys::MouseEvent, panel: NodeRef<html::Div>) {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let chosen = target
        .and_then(|target| target.closest("[data-close], [role=menuitem]:not([data-stay])").ok().flatten());
    if let (Some(_), Some(panel)) = (chosen, panel.get_untracked()) {
        // An error says that it was not open.
        _ = panel.hide_popover();
    }
}
