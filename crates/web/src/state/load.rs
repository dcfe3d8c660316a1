//! What a page has asked the API for: nothing yet, the answer, or why there is none.
//!
//! Not a `Resource` of Leptos, which is compiled anew for every type of answer. Here all answers
//! are of one type inside, and an answer that is out of date is dropped, not shown.

use std::{any::Any, future::Future, marker::PhantomData, pin::Pin, sync::Arc};

use crate::ui::prelude::*;

use super::task;
use crate::api::ApiError;

/// Any answer.
type Shared = Arc<dyn Any + Send + Sync>;
/// An answer to come.
type Answer = Pin<Box<dyn Future<Output = Result<Shared, ApiError>>>>;

/// Something of type `T` that is loaded, and loaded again when what it depends on changes.
pub(crate) struct Load<T> {
    core: Core,
    kind: PhantomData<fn() -> T>,
}

impl<T> Clone for Load<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Load<T> {}

#[derive(Clone, Copy)]
struct Core {
    answer: RwSignal<Option<Result<Shared, ApiError>>>,
    pending: RwSignal<bool>,
    /// Raised to ask again.
    asked: RwSignal<u32>,
    /// Which request the answer has to belong to.
    current: StoredValue<u32>,
}

impl<T: Send + Sync + 'static> Load<T> {
    /// Asks now, and again whenever a signal changes that `ask` reads before its first await.
    /// What was there stays until the new answer comes.
    pub(crate) fn new<F>(ask: impl Fn() -> F + 'static) -> Self
    where
        F: Future<Output = Result<T, ApiError>> + 'static,
    {
        let core = Core::new();
        core.follow(Box::new(move || {
            let answer = ask();
            Box::pin(async move { answer.await.map(|answer| Arc::new(answer) as Shared) })
        }));
        Self { core, kind: PhantomData }
    }

    /// The answer, if there is one by now.
    pub(crate) fn get(self) -> Option<Result<Arc<T>, ApiError>> {
        self.core.answer.get().map(|answer| answer.and_then(typed))
    }

    /// The answer, if there is one by now and it is good.
    pub(crate) fn value(self) -> Option<Arc<T>> {
        self.get().and_then(Result::ok)
    }
}

impl<T> Load<T> {
    /// Whether an answer is being waited for.
    pub(crate) fn is_pending(self) -> bool {
        self.core.pending.get()
    }

    /// Asks again. What is there stays meanwhile.
    pub(crate) fn again(self) {
        self.core.asked.update(|asked| *asked += 1);
    }

    /// What a button does that asks again after a failure.
    pub(crate) fn retrying(self) -> Callback<()>
    where
        T: 'static,
    {
        Callback::new(move |()| self.retry())
    }

    /// Forgets what was there and asks again: after a failure.
    pub(crate) fn retry(self) {
        self.core.answer.set(None);
        self.again();
    }
}

/// What was put in comes out: the type is that of the [`Load`].
fn typed<T: Send + Sync + 'static>(answer: Shared) -> Result<Arc<T>, ApiError> {
    answer.downcast().map_err(|_| ApiError::Unreadable { status: 0 })
}

impl Core {
    fn new() -> Self {
        Self {
            answer: RwSignal::new(None),
            pending: RwSignal::new(true),
            asked: RwSignal::new(0),
            current: StoredValue::new(0),
        }
    }

    /// This is where a signal is written because another changed: there is no other way to load.
    fn follow(self, ask: Box<dyn Fn() -> Answer>) {
        effect(move || {
            self.asked.read();
            let answer = ask();
            let this = self.supersede();
            task::spawn(async move {
                let answer = answer.await;
                // Whoever asked may be gone, or have asked something else.
                if self.current.try_get_value() == Some(this) {
                    self.answer.set(Some(answer));
                    self.pending.set(false);
                }
            });
            self.pending.set(true);
        });
    }

    /// Makes whatever is under way out of date.
    fn supersede(self) -> u32 {
        self.current.update_value(|current| *current += 1);
        self.pending.set(false);
        self.current.get_value()
    }
}
