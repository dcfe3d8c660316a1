//! Payments, and what of them was given back.
//!
//! One payment has several names at whoever took it (Stripe's payment intent, charge and invoice),
//! and each report knows some of them. Refunds may be heard of before the payment itself.

use std::collections::BTreeMap;

use super::latest::{Join, Latest};
use crate::{money::Currency, text_enum, time::Timestamp};

/// What was paid. Two reports of one payment should agree; where they do not, the earliest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Paid {
    /// When.
    pub at: Timestamp,
    /// Minor units of the currency; 0 for what was free.
    pub amount: i64,
    /// In what.
    pub currency: Currency,
}

impl Join for Paid {
    fn join(self, other: Self) -> Self {
        self.min(other)
    }
}

text_enum! {
    /// Why money goes back.
    pub enum RefundKind {
        /// The store gives it back.
        Refund = "refund",
        /// The bank takes it back.
        Dispute = "dispute",
    }
}

text_enum! {
    /// Whether money goes back. In the order in which states follow each other.
    pub enum RefundState {
        /// Not decided: a dispute that goes on.
        Open = "open",
        /// It does: a refund that was made or is on its way, a dispute that was lost.
        Standing = "standing",
        /// It does not: a refund that failed, a dispute that was won.
        Void = "void",
    }
}

/// Money that goes back, or may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refund {
    /// Why.
    pub kind: RefundKind,
    /// Since when it is known.
    pub at: Timestamp,
    /// Whether it does, and how much, in minor units of the payment's currency.
    pub state: Latest<(RefundState, i64)>,
}

impl Join for Refund {
    fn join(self, other: Self) -> Self {
        Self {
            kind: self.kind.min(other.kind),
            at: self.at.min(other.at),
            state: self.state.join(other.state),
        }
    }
}

/// All that is known of a payment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Payment {
    /// What was paid; `None` while only what happened later is known.
    pub paid: Option<Paid>,
    /// What the payment itself says was refunded in all, whatever the single refunds say.
    pub refunded_in_all: Option<Latest<i64>>,
    /// Refunds and disputes by their own reference.
    pub refunds: BTreeMap<String, Refund>,
}

impl Payment {
    /// How much went back, at most what was paid.
    ///
    /// The sum that the payment itself tells contains refunds whose own reports have not come, and
    /// lacks those that were made since; so the larger of both sums is the right one. Refunds that
    /// failed after it was told are still in it.
    #[must_use]
    pub fn refunded(&self) -> i64 {
        let amount_of = |refund: &Refund| refund.state.value.1;
        let in_state = |kind: RefundKind, state: RefundState| {
            self.refunds.values().filter(move |refund| refund.kind == kind && refund.state.value.0 == state)
        };
        let single: i64 = in_state(RefundKind::Refund, RefundState::Standing).map(amount_of).sum();
        let told = self.refunded_in_all.map_or(0, |told| {
            let failed_since = in_state(RefundKind::Refund, RefundState::Void)
                .filter(|refund| refund.at <= told.at && refund.state.at > told.at);
            told.value - failed_since.map(amount_of).sum::<i64>()
        });
        let lost: i64 = in_state(RefundKind::Dispute, RefundState::Standing).map(amount_of).sum();
        (single.max(told) + lost).clamp(0, self.paid.map_or(0, |paid| paid.amount))
    }

    /// What the store keeps.
    #[must_use]
    pub fn kept(&self) -> i64 {
        self.paid.map_or(0, |paid| paid.amount) - self.refunded()
    }

    /// What was known of it before a moment.
    #[must_use]
    pub fn before(&self, at: Timestamp) -> Self {
        let refunds = self.refunds.iter().filter(|(_, refund)| refund.at < at);
        Self {
            paid: self.paid.filter(|paid| paid.at < at),
            refunded_in_all: self.refunded_in_all.filter(|told| told.at < at),
            refunds: refunds.map(|(reference, refund)| (reference.clone(), *refund)).collect(),
        }
    }

    /// When anything was last heard of it from the customer: paying is their doing, refunding is not.
    #[must_use]
    pub fn last_activity_at(&self) -> Option<Timestamp> {
        self.paid.map(|paid| paid.at)
    }
}

impl Join for Payment {
    fn join(self, other: Self) -> Self {
        let mut refunds = self.refunds;
        for (reference, refund) in other.refunds {
            let known = refunds.remove(&reference);
            refunds.insert(reference, known.map_or(refund, |known| known.join(refund)));
        }
        Self {
            paid: self.paid.join(other.paid),
            refunded_in_all: self.refunded_in_all.join(other.refunded_in_all),
            refunds,
        }
    }
}
