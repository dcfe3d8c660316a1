//! What the browser remembers of a person's preferences, between visits.

use leptos::prelude::window;

/// What was remembered under a name. Browsers may refuse; then nothing was.
pub(crate) fn recall(name: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(name).ok()?
}

/// Remembers, as well as the browser lets us.
pub(crate) fn remember(name: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        // A full or forbidden storage only means that it is asked again the next time.
        _ = storage.set_item(name, value);
    }
}

/// What was remembered in this tab under a name.
pub(crate) fn recall_here(name: &str) -> Option<String> {
    window().session_storage().ok()??.get_item(name).ok()?
}

/// Remembers for this tab, as well as the browser lets us.
pub(crate) fn remember_here(name: &str, value: &str) {
    if let Ok(Some(storage)) = window().session_storage() {
        // A full or forbidden storage only means that a list starts at its start.
        _ = storage.set_item(name, value);
    }
}
