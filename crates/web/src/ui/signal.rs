//! Signals and memos of Leptos, whose values are of one type inside.
//!
//! Leptos compiles what it takes to read, follow and change a value anew for every type of value,
//! and into every place that does so: a tenth of the whole download. Here that is compiled once,
//! and what is left for a type is to put its values in and to get them out (ADR 8).

use std::{any::Any, marker::PhantomData, rc::Rc, sync::Arc};

use leptos::prelude::{self as graph, *};

/// Any value of a signal.
type Held = Rc<dyn Any>;
/// Any value of a memo, which Leptos wants to be able to send.
type Sent = Arc<dyn Any + Send + Sync>;
/// A signal of Leptos.
type Cell = graph::RwSignal<Held, LocalStorage>;
/// A memo of Leptos.
type Computed = graph::Memo<Sent>;
/// Computes a value; says whether it is another one than before.
type Compute = Box<dyn Fn(Option<Sent>) -> (Sent, bool) + Send + Sync>;

/// What comes out is what was put in: the type is that of the signal.
fn typed<T: 'static>(held: Held) -> Rc<T> {
    held.downcast().unwrap_or_else(|_| mistaken())
}

fn typed_sent<T: Send + Sync + 'static>(sent: Sent) -> Arc<T> {
    sent.downcast().unwrap_or_else(|_| mistaken())
}

#[cold]
fn mistaken() -> ! {
    unreachable!("the value of a signal is of its type")
}

#[cold]
fn gone() -> ! {
    panic!("a value was read after the part of the page that it belonged to was gone")
}

// What follows is compiled once, and not into those who call it.

#[inline(never)]
fn follow(cell: Cell) -> Held {
    cell.get()
}

#[inline(never)]
fn look(cell: Cell) -> Option<Held> {
    cell.try_get_untracked()
}

#[inline(never)]
fn replace(cell: Cell, value: Held) {
    cell.try_set(value);
}

#[inline(never)]
fn change(cell: Cell, change: &mut dyn FnMut(&mut dyn Any)) {
    cell.try_update(|held| {
        // Nobody holds on to a value while it changes.
        let value = Rc::get_mut(held);
        debug_assert!(value.is_some(), "a value is being read while it is changed");
        if let Some(value) = value {
            change(value);
        }
    });
}

#[inline(never)]
fn compute(compute: Compute) -> Computed {
    Computed::new_owning(compute)
}

#[inline(never)]
fn follow_computed(memo: Computed) -> Sent {
    memo.get()
}

#[inline(never)]
fn look_at_computed(memo: Computed) -> Option<Sent> {
    memo.try_get_untracked()
}

/// A value whose changes are followed by what has read it.
pub(crate) struct RwSignal<T> {
    cell: Cell,
    kind: PhantomData<fn() -> T>,
}

impl<T> Clone for RwSignal<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for RwSignal<T> {}

impl<T: 'static> RwSignal<T> {
    /// With its first value.
    pub(crate) fn new(value: T) -> Self {
        Self { cell: Cell::new_local(Rc::new(value)), kind: PhantomData }
    }

    /// The value, followed.
    pub(crate) fn read(self) -> Rc<T> {
        typed(follow(self.cell))
    }

    /// The value now.
    pub(crate) fn read_untracked(self) -> Rc<T> {
        self.try_read_untracked().unwrap_or_else(|| gone())
    }

    /// The value now, unless it went with the part of the page that it belonged to.
    pub(crate) fn try_read_untracked(self) -> Option<Rc<T>> {
        look(self.cell).map(typed)
    }

    /// Another value, if the signal is still there.
    pub(crate) fn set(self, value: T) {
        replace(self.cell, Rc::new(value));
    }

    /// Changes the value, if it is still there.
    pub(crate) fn update(self, by: impl FnOnce(&mut T)) {
        self.try_update(by);
    }

    /// Changes the value, if it is still there, and says what `by` says.
    pub(crate) fn try_update<U>(self, by: impl FnOnce(&mut T) -> U) -> Option<U> {
        let (mut by, mut made) = (Some(by), None);
        change(self.cell, &mut |value| {
            if let (Some(by), Some(value)) = (by.take(), value.downcast_mut()) {
                made = Some(by(value));
            }
        });
        made
    }
}

impl<T: Clone + 'static> RwSignal<T> {
    /// A copy of the value, followed.
    pub(crate) fn get(self) -> T {
        T::clone(&self.read())
    }

    /// A copy of the value now.
    pub(crate) fn get_untracked(self) -> T {
        T::clone(&self.read_untracked())
    }

    /// A copy of the value now, unless it is gone.
    pub(crate) fn try_get_untracked(self) -> Option<T> {
        self.try_read_untracked().map(|value| T::clone(&value))
    }
}

/// A value that is computed of others, anew when they have changed.
pub(crate) struct Memo<T> {
    memo: Computed,
    kind: PhantomData<fn() -> T>,
}

impl<T> Clone for Memo<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Memo<T> {}

impl<T: PartialEq + Send + Sync + 'static> Memo<T> {
    /// Who follows it is told only when another value comes of it.
    pub(crate) fn new(value: impl Fn() -> T + Send + Sync + 'static) -> Self {
        let memo = compute(Box::new(move |before| {
            let value = value();
            match before {
                Some(before) if before.downcast_ref() == Some(&value) => (before, false),
                _ => (Arc::new(value), true),
            }
        }));
        Self { memo, kind: PhantomData }
    }
}

impl<T: Send + Sync + 'static> Memo<T> {
    /// The value, followed.
    pub(crate) fn read(self) -> Arc<T> {
        typed_sent(follow_computed(self.memo))
    }

    /// The value now.
    pub(crate) fn read_untracked(self) -> Arc<T> {
        self.try_read_untracked().unwrap_or_else(|| gone())
    }

    /// The value now, unless it went with the part of the page that it belonged to.
    pub(crate) fn try_read_untracked(self) -> Option<Arc<T>> {
        look_at_computed(self.memo).map(typed_sent)
    }
}

impl<T: Clone + Send + Sync + 'static> Memo<T> {
    /// A copy of the value, followed.
    pub(crate) fn get(self) -> T {
        T::clone(&self.read())
    }

    /// A copy of the value now.
    pub(crate) fn get_untracked(self) -> T {
        T::clone(&self.read_untracked())
    }
}

/// Anything that can be read and is followed: for the properties of components.
pub(crate) struct Signal<T>(Arc<dyn Fn() -> T + Send + Sync>);

impl<T> Clone for Signal<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Signal<T> {
    /// What a closure says.
    pub(crate) fn derive(value: impl Fn() -> T + Send + Sync + 'static) -> Self {
        Self(Arc::new(value))
    }

    /// The value, followed.
    pub(crate) fn get(&self) -> T {
        (self.0)()
    }
}

impl<T: Default + 'static> Default for Signal<T> {
    fn default() -> Self {
        Self::derive(T::default)
    }
}

/// Runs `work` soon, and again whenever something that it read has changed.
pub(crate) fn effect(work: impl FnMut() + 'static) {
    run_effect(Box::new(work));
}

fn run_effect(mut work: Box<dyn FnMut()>) {
    Effect::new(move |_: Option<()>| work());
}
