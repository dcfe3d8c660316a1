//! The time of the day as far as pages show it: "3 min ago" has to become "4 min ago".

use std::time::Duration;

use leptos::prelude::*;

/// The finest unit that is shown.
const MINUTE: Duration = Duration::from_secs(60);

/// Changes every minute, a context of the whole app.
#[derive(Clone, Copy)]
pub(crate) struct Clock(RwSignal<u32>);

impl Clock {
    /// Runs from now on.
    pub(crate) fn start() -> Self {
        let clock = Self(RwSignal::new(0));
        let tick = move || clock.0.update(|minutes| *minutes = minutes.wrapping_add(1));
        if let Ok(running) = set_interval_with_handle(tick, MINUTE) {
            on_cleanup(move || running.clear());
        }
        clock
    }

    /// Whatever reads this is shown again in a minute.
    pub(crate) fn follow(self) {
        self.0.read();
    }
}
