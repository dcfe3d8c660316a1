//! Something that is being done: whether it runs, and why it failed.
//!
//! Not an `Action` of Leptos, which is compiled anew for every kind of input and answer. Here a
//! future is boxed, and every task is of one type.

use std::{future::Future, pin::Pin};

use leptos::prelude::*;

use crate::api::ApiError;

/// A future that is run for what it does.
type Boxed = Pin<Box<dyn Future<Output = ()>>>;

/// Runs a future in the background.
pub(crate) fn spawn(future: impl Future<Output = ()> + 'static) {
    let boxed: Boxed = Box::pin(future);
    leptos::task::spawn_local(boxed);
}

/// Something that a button starts.
#[derive(Clone, Copy)]
pub(crate) struct Task {
    running: RwSignal<bool>,
    failure: RwSignal<Option<ApiError>>,
}

impl Task {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self { running: RwSignal::new(false), failure: RwSignal::new(None) }
    }

    /// Does it, unless it is being done.
    pub(crate) fn run(self, work: impl Future<Output = Result<(), ApiError>> + 'static) {
        self.run_boxed(Box::pin(work));
    }

    fn run_boxed(self, work: Pin<Box<dyn Future<Output = Result<(), ApiError>>>>) {
        if self.running.get_untracked() {
            return;
        }
        self.running.set(true);
        self.failure.set(None);
        spawn(async move {
            let failure = work.await.err();
            // Whoever waited may be gone.
            self.failure.set(failure);
            self.running.set(false);
        });
    }

    /// Whether it runs.
    pub(crate) fn is_running(self) -> bool {
        self.running.get()
    }

    /// Why it failed the last time.
    pub(crate) fn failure(self) -> Option<ApiError> {
        self.failure.get()
    }
}
