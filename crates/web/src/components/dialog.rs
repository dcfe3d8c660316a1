//! A question or a form over the page: the browser's own modal dialog, which keeps the focus
//! within, closes by Esc, and gives the focus back.

use crate::ui::prelude::*;

use super::{Glyph, Icon, popover::unique_id};
use crate::i18n::t;

/// It is open as long as it exists; `on_close` has to take it away.
#[component]
pub(crate) fn Dialog(
    #[prop(into)] title: String,
    on_close: Callback<()>,
    /// Wider, for forms of several columns.
    #[prop(optional)]
    wide: bool,
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<web_sys::HtmlDialogElement>::new();
    dialog.on_load(|dialog| {
        // Refused only if it is open already.
        _ = dialog.show_modal();
    });
    on_cleanup(move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    });
    let title_id = unique_id("dialog");
    let labelled = title_id.clone();
    view! {
        <dialog class="dialog" data-wide=wide.then_some("") node_ref=dialog aria-labelledby=labelled
            on:close=move |_| on_close.run(())>
            <header class="dialog__header">
                <h2 class="dialog__title" id=title_id>{title}</h2>
                <button class="icon-button" type="button" aria-label=t().components.close
                    on:click=move |_| on_close.run(())>
                    <Icon glyph=Glyph::Close />
                </button>
            </header>
            {children()}
        </dialog>
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
    let running = busy.clone();
    let class = if destructive { "button button--danger" } else { "button button--primary" };
    view! {
        <footer class="dialog__actions">
            <button class="button" type="button" on:click=move |_| on_cancel.run(())>{t().components.cancel}</button>
            <button class=class type="submit" disabled=move || running.get() || disabled.get()
                aria-busy=move || busy.get().to_string()>
                {confirm}
            </button>
        </footer>
    }
}
