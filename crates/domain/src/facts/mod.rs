//! Facts: enrolments, purchases, payments, subscriptions and refunds of customers.
//!
//! The state of a fact is the merge of all its reports. Several sources deliver reports in any order
//! and more than once, so each kind of fact implements [`Join`], which is commutative, associative and
//! idempotent (a CRDT merge). The state of a customer is a function of the set of their facts
//! ([`standing`]).

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

/// The person a fact is about, as the reporting source identifies them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The e-mail address, which identifies the person.
    pub email: Email,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Full name, if first and last name are not known separately.
    pub full_name: Option<String>,
}

impl Person {
    /// A person with an e-mail address and no name.
    #[must_use]
    pub fn new(email: Email) -> Self {
        Self { email, first_name: None, last_name: None, full_name: None }
    }
}

/// A purchase of a product, a course, or an item that is not in the store's catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Purchase {
    /// Time of the purchase.
    pub purchased_at: Timestamp,
}

impl Join for Purchase {
    fn join(self, other: Self) -> Self {
        self.min(other)
    }
}

/// Evidence that a person is known to a store: time and source. The earliest counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Time of the evidence.
    pub at: Timestamp,
    /// Its source.
    pub source: Source,
    /// Details, such as a course title.
    pub detail: Option<String>,
}

impl Join for Evidence {
    fn join(self, other: Self) -> Self {
        // Of the same time and source, evidence with details wins.
        let key = |one: &Self| (one.at, one.source, one.detail.is_none(), one.detail.clone());
        if key(&other) < key(&self) { other } else { self }
    }
}

#[cfg(test)]
mod tests;
