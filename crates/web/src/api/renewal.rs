//! Requests that find the session ended wait until somebody has signed in again, and are then sent
//! once more: nothing that was typed or loaded is lost.

use std::{
    cell::{Cell, RefCell},
    future::poll_fn,
    task::{Poll, Waker},
};

thread_local! {
    /// Raised when somebody has signed in again.
    static RENEWED: Cell<u32> = const { Cell::new(0) };
    static WAITING: RefCell<Vec<Waker>> = const { RefCell::new(Vec::new()) };
    /// Asks to sign in again; says whether there is a session that could be renewed.
    static ASK: RefCell<Option<Box<dyn Fn() -> bool>>> = const { RefCell::new(None) };
}

/// Who is to be told that the session has ended.
pub(crate) fn on_end(ask: impl Fn() -> bool + 'static) {
    ASK.set(Some(Box::new(ask)));
}

/// Tells that the session has ended. Whether it may come back.
pub(crate) fn ask() -> bool {
    ASK.with_borrow(|ask| ask.as_ref().is_some_and(|ask| ask()))
}

/// Lets those who wait go on.
pub(crate) fn renewed() {
    RENEWED.set(RENEWED.get() + 1);
    for waker in WAITING.take() {
        waker.wake();
    }
}

/// Waits until somebody has signed in again.
pub(super) async fn wait() {
    let before = RENEWED.get();
    poll_fn(|context| {
        if RENEWED.get() != before {
            return Poll::Ready(());
        }
        WAITING.with_borrow_mut(|waiting| waiting.push(context.waker().clone()));
        Poll::Pending
    })
    .await;
}
