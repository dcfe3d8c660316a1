//! Facts: who enrolled, bought, paid, subscribed, and got money back.
//!
//! What is known of a fact is what all reports of it amount to. Reports come in any order and more
//! than once, from several sources; so each kind of fact has a [`Join`] that does not mind either.
//! What a customer is to the store follows from the set of their facts alone ([`standing`]).

mod balance;
mod enrollment;
mod latest;
mod payment;
mod standing;
mod subscription;
mod timeline;

pub use self::{
    balance::Balance,
    enrollment::{Enrollment, Percent},
    latest::{Join, Latest},
    payment::{Paid, Payment, Refund, RefundKind, RefundState},
    standing::{Facts, Standing, standing},
    subscription::{Claim, Period, State, Subscription, SubscriptionStatus, Terms},
    timeline::Entry,
};

use crate::{email::Email, source::Source, time::Timestamp};

/// Who a fact is about, as whoever reports it knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The address, which says who it is.
    pub email: Email,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Full name, where only that is known.
    pub full_name: Option<String>,
}

impl Person {
    /// Somebody of whom only the address is known.
    #[must_use]
    pub fn new(email: Email) -> Self {
        Self { email, first_name: None, last_name: None, full_name: None }
    }
}

/// A purchase: of a product, a course, or something that the store has no entry for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Purchase {
    /// When it was made.
    pub purchased_at: Timestamp,
}

impl Join for Purchase {
    fn join(self, other: Self) -> Self {
        self.min(other)
    }
}

/// What shows that a store knows somebody, since when and whence. The earliest counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Since when.
    pub at: Timestamp,
    /// Whence.
    pub source: Source,
    /// More of it, such as the title of a course.
    pub detail: Option<String>,
}

impl Join for Evidence {
    fn join(self, other: Self) -> Self {
        // Of the same moment, the one that says more.
        let key = |one: &Self| (one.at, one.source, one.detail.is_none(), one.detail.clone());
        if key(&other) < key(&self) { other } else { self }
    }
}

#[cfg(test)]
mod tests;
