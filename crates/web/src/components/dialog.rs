//! A question or a form over the page: the browser's own modal dialog, which keeps the focus
//! within, closes by Esc, and gives the focus back.

use leptos::wasm_bindgen::JsCast;
use leptos::{html, prelude::*};
use web_sys::{HtmlDialogElement, HtmlElement};

use super::{Glyph, Icon, popover::unique_id};
use crate::i18n::t;

/// What has the focus when a dialog opens: its first field, else the first of its buttons, which
/// leads out of it. Never the cross in its head, which comes first in the document.
const FIRST: [&str; 3] = [
    "[autofocus]",
    ":is(input:not([type=hidden]), select, textarea):not(:disabled)",
    ".dialog__actions button:not(:disabled)",
];

/// It is open as long as it exists; `on_close` has to take it away.
#[component]
pub(crate) fn Dialog(
    #[prop(into)] title: String,
    on_close: Callback<()>,
    /// Wider, for forms of several columns.
    #[prop(optional)]
    wide: bool,
    /// While this holds, it can't be closed by Esc or its cross: what it does could not be undone,
    /// and its result is shown in it.
    #[prop(optional, into)]
    held: Signal<bool>,
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    dialog.on_load(|dialog| {
        // Refused only if it is open already.
        _ = dialog.show_modal();
        focus_first(&dialog);
    });
    on_cleanup(move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    });
    let title_id = unique_id("dialog");
    let labelled = title_id.clone();
    let closed = move |_| match dialog.get_untracked() {
        // Browsers that do not know `closedby` close it by Esc all the same.
        Some(dialog) if untrack(|| held.get()) => _ = dialog.show_modal(),
        _ => {
            on_close.try_run(());
        }
    };
    let cross = move || {
        (!held.get()).then(|| {
            view! {
                <button class="icon-button" type="button" aria-label=t().components.close
                    on:click=move |_| { on_close.try_run(()); }>
                    <Icon glyph=Glyph::Close />
                </button>
            }
        })
    };
    view! {
        <dialog class="dialog" data-wide=wide.then_some("") node_ref=dialog aria-labelledby=labelled
            closedby=move || held.get().then_some("none") on:close=closed>
            <header class="dialog__header">
                <h2 class="dialog__title" id=title_id>{title}</h2>
                {cross}
            </header>
            {children()}
        </dialog>
    }
}

fn focus_first(dialog: &HtmlDialogElement) {
    let first = FIRST.iter().find_map(|selector| dialog.query_selector(selector).ok().flatten());
    if let Some(first) = first.and_then(|first| first.dyn_into::<HtmlElement>().ok()) {
        // A field that can't take it leaves it where the browser put it.
        _ = first.focus();
    }
}

/// The buttons at the end of a dialog: out of it, and what it is for.
#[component]
pub(crate) fn DialogActions(
    on_cancel: Callback<()>,
    #[prop(into)] confirm: String,
    /// What it does cannot be undone.
    #[prop(optional)]
    destructive: bool,
    #[prop(into)] busy: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
) -> impl IntoView {
    let class = if destructive { "button button--danger" } else { "button button--primary" };
    view! {
        <footer class="dialog__actions">
            <button class="button" type="button" on:click=move |_| { on_cancel.try_run(()); }>
                {t().components.cancel}
            </button>
            <button class=class type="submit" disabled=move || busy.get() || disabled.get()
                aria-busy=move || busy.get().to_string()>
                {confirm}
            </button>
        </footer>
    }
}
