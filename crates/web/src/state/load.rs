//! What a page has asked the API for: nothing yet, the answer, or why there is none.

use std::{future::Future, sync::Arc};

use leptos::prelude::*;

use super::task;
use crate::api::ApiError;

/// Something of type `T` that is loaded, and loaded again when what it depends on changes.
pub(crate) struct Load<T: 'static> {
    answer: RwSignal<Option<Result<Arc<T>, ApiError>>>,
    pending: RwSignal<bool>,
    /// Raised to ask again.
    asked: RwSignal<u32>,
    /// Which request the answer has to belong to.
    current: StoredValue<u32>,
}

impl<T> Clone for Load<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Load<T> {}

impl<T: Send + Sync + 'static> Load<T> {
    /// Asks now, and again whenever a signal changes that `ask` reads before its first await.
    /// What was there stays until the new answer comes.
    pub(crate) fn new<F>(ask: impl Fn() -> F + 'static) -> Self
    where
        F: Future<Output = Result<T, ApiError>> + 'static,
    {
        let load = Self {
            answer: RwSignal::new(None),
            pending: RwSignal::new(true),
            asked: RwSignal::new(0),
            current: StoredValue::new(0),
        };
        // This is where a signal is written because another changed: there is no other way to load.
        Effect::new(move || {
            load.asked.track();
            let answer = ask();
            load.current.update_value(|current| *current += 1);
            let this = load.current.get_value();
            load.pending.set(true);
            task::spawn(async move {
                let answer = answer.await;
                // The component may be gone, or may have sent a newer request.
                if load.current.try_get_value() == Some(this) {
                    load.answer.set(Some(answer.map(Arc::new)));
                    load.pending.set(false);
                }
            });
        });
        load
    }

    /// The answer, if there is one by now.
    pub(crate) fn get(self) -> Option<Result<Arc<T>, ApiError>> {
        self.answer.get()
    }

    /// The answer, if there is one by now and it is good.
    pub(crate) fn value(self) -> Option<Arc<T>> {
        self.get().and_then(Result::ok)
    }

    /// Whether an answer is being waited for.
    pub(crate) fn is_pending(self) -> bool {
        self.pending.get()
    }

    /// Asks again. What is there stays meanwhile.
    pub(crate) fn again(self) {
        self.asked.update(|asked| *asked += 1);
    }

    /// What a button does that asks again after a failure.
    pub(crate) fn retrying(self) -> Callback<()> {
        Callback::new(move |()| self.retry())
    }

    /// Forgets what was there and asks again: after a failure.
    pub(crate) fn retry(self) {
        self.answer.set(None);
        self.again();
    }
}
