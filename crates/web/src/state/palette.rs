//! Whether the command palette is open.

use leptos::prelude::*;

/// The palette, a context of the whole app.
#[derive(Clone, Copy)]
pub(crate) struct Palette(RwSignal<bool>);

impl Palette {
    /// Closed.
    pub(crate) fn start() -> Self {
        Self(RwSignal::new(false))
    }

    /// Whether it is open, reactively.
    pub(crate) fn is_open(self) -> bool {
        self.0.get()
    }

    /// Opens it.
    pub(crate) fn open(self) {
        self.0.set(true);
    }

    /// Closes it.
    pub(crate) fn close(self) {
        self.0.set(false);
    }

    /// Opens or closes it.
    pub(crate) fn toggle(self) {
        self.0.update(|open| *open = !*open);
    }

    /// The keys that open it, as this system writes them.
    pub(crate) fn shortcut(self) -> &'static str {
        let platform = window().navigator().platform().unwrap_or_default();
        if platform.starts_with("Mac") || platform.starts_with("iP") { "⌘ K" } else { "Ctrl K" }
    }
}
