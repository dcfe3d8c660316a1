//! What keys mean in the table.

use leptos::wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// To a row so many further; with `extend`, selecting what lies between.
    Move {
        rows: i64,
        extend: bool,
    },
    /// So many windows further.
    Page(i64),
    /// To the first row, or to the last one.
    First,
    Last,
    /// Opens the row.
    Open,
    /// Selects the row, or no longer.
    Toggle,
}

/// Reads a key.
pub(super) fn command(key: &str, extend: bool) -> Option<Command> {
    Some(match key {
        "ArrowDown" | "j" => Command::Move { rows: 1, extend },
        "ArrowUp" | "k" => Command::Move { rows: -1, extend },
        "J" => Command::Move { rows: 1, extend: true },
        "K" => Command::Move { rows: -1, extend: true },
        "PageDown" => Command::Page(1),
        "PageUp" => Command::Page(-1),
        "Home" => Command::First,
        "End" => Command::Last,
        "Enter" => Command::Open,
        "x" | " " => Command::Toggle,
        _ => return None,
    })
}

/// Whether a key means something else: it was pressed in a field, or a dialog or a menu is open, wherever
/// the focus is.
pub(crate) fn is_elsewhere(event: &KeyboardEvent) -> bool {
    let is_open = |selector| leptos::prelude::document().query_selector(selector).ok().flatten().is_some();
    is_inside(event, "input:not([type=checkbox]), textarea, select, [contenteditable]")
        || is_open("dialog[open], [popover]:popover-open")
}

/// Whether a key was pressed on a control in the head of the table.
pub(super) fn is_in_head(event: &KeyboardEvent) -> bool {
    is_inside(event, ".grid__head")
}

fn is_inside(event: &KeyboardEvent, selector: &str) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| target.closest(selector).ok().flatten().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_mean_what_people_expect() {
        for (key, shift, expected) in [
            ("ArrowDown", false, Some(Command::Move { rows: 1, extend: false })),
            ("ArrowUp", true, Some(Command::Move { rows: -1, extend: true })),
            ("K", true, Some(Command::Move { rows: -1, extend: true })),
            ("x", false, Some(Command::Toggle)),
            ("Enter", false, Some(Command::Open)),
            ("End", false, Some(Command::Last)),
            ("q", false, None),
        ] {
            assert_eq!(command(key, shift), expected, "{key}");
        }
    }
}
