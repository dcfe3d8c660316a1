//! What is told in passing: done, or failed in the background.

use std::time::Duration;

use leptos::prelude::*;

/// How long good news stays. Bad news stays until it is dismissed.
const STAY: Duration = Duration::from_secs(6);
/// How many are shown; older ones give way.
const MOST: usize = 4;

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Toast {
    pub id: u32,
    pub text: String,
    pub bad: bool,
}

/// The messages, a context of the whole app.
#[derive(Clone, Copy)]
pub(crate) struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
}

impl Toasts {
    /// None.
    pub(crate) fn start() -> Self {
        Self { shown: RwSignal::new(Vec::new()), next: StoredValue::new(0) }
    }

    /// Those that are shown, oldest first.
    pub(crate) fn shown(self) -> Vec<Toast> {
        self.shown.get()
    }

    /// Tells that something was done.
    pub(crate) fn tell(self, text: impl Into<String>) {
        let id = self.add(text.into(), false);
        set_timeout(move || self.dismiss(id), STAY);
    }

    /// Tells that something failed.
    pub(crate) fn warn(self, text: impl Into<String>) {
        self.add(text.into(), true);
    }

    /// Takes one away.
    pub(crate) fn dismiss(self, id: u32) {
        self.shown.update(|shown| shown.retain(|toast| toast.id != id));
    }

    fn add(self, text: String, bad: bool) -> u32 {
        self.next.update_value(|next| *next += 1);
        let id = self.next.get_value();
        self.shown.update(|shown| {
            shown.push(Toast { id, text, bad });
            let excess = shown.len().saturating_sub(MOST);
            shown.drain(..excess);
        });
        id
    }
}
