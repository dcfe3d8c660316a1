//! Requests that find the session ended wait until its account has signed in again, and are then sent
//! once more: nothing that was typed or loaded is lost. When the session is given up instead, they
//! fail: no request is ever sent under a later sign-in.

use std::{
    cell::{Cell, RefCell},
    future::poll_fn,
    task::{Poll, Waker},
};

/// What became of the session that a request waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Its account signed in again.
    Renewed,
    /// It is over.
    GivenUp,
}

thread_local! {
    /// How many sessions that ended were renewed or given up, and what became of the latest.
    static DECISIONS: Cell<(u32, Outcome)> = const { Cell::new((0, Outcome::GivenUp)) };
    static WAITING: RefCell<Vec<Waker>> = const { RefCell::new(Vec::new()) };
    /// Asks to sign in again; says whether there is a session that could be renewed.
    static ASK: RefCell<Option<Box<dyn Fn() -> bool>>> = const { RefCell::new(None) };
}

/// Sets what is called when a request finds the session ended.
pub(crate) fn on_end(ask: impl Fn() -> bool + 'static) {
    ASK.set(Some(Box::new(ask)));
}

/// Reports that the session has ended. Whether it may be renewed.
pub(crate) fn ask() -> bool {
    ASK.with_borrow(|ask| ask.as_ref().is_some_and(|ask| ask()))
}

/// The account signed in again: requests that wait are sent once more.
pub(crate) fn renewed() {
    decide(Outcome::Renewed);
}

/// Ends the session: waiting requests fail.
pub(crate) fn given_up() {
    decide(Outcome::GivenUp);
}

fn decide(outcome: Outcome) {
    DECISIONS.set((DECISIONS.get().0.wrapping_add(1), outcome));
    for waker in WAITING.take() {
        waker.wake();
    }
}

/// Waits until the session is renewed or given up. Whether the request may be sent again: only if
/// the first decision since it began to wait is a renewal, and no other followed.
pub(super) async fn wait() -> bool {
    let (before, _) = DECISIONS.get();
    poll_fn(|context| {
        let (now, outcome) = DECISIONS.get();
        if now != before {
            return Poll::Ready(outcome == Outcome::Renewed && now == before.wrapping_add(1));
        }
        WAITING.with_borrow_mut(|waiting| waiting.push(context.waker().clone()));
        Poll::Pending
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::{pin::pin, task::Context};

    use super::*;

    fn poll(waiting: std::pin::Pin<&mut impl Future<Output = bool>>) -> Poll<bool> {
        waiting.poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn a_request_is_sent_again_only_by_the_renewal_it_waits_for() {
        let mut renewed_once = pin!(wait());
        assert_eq!(poll(renewed_once.as_mut()), Poll::Pending);
        renewed();
        assert_eq!(poll(renewed_once), Poll::Ready(true));

        let mut abandoned = pin!(wait());
        assert_eq!(poll(abandoned.as_mut()), Poll::Pending);
        given_up();
        renewed();
        assert_eq!(poll(abandoned), Poll::Ready(false));
    }
}
