//! Payments, refunds and disputes.
//!
//! A payment has several ids at the payment provider (Stripe's payment intent, charge and invoice), and
//! each report has some of them. Refunds may be reported before their payment.

use std::collections::BTreeMap;

use super::latest::{Join, Latest};
use crate::{money::Currency, text_enum, time::Timestamp};

/// Amount and time of a payment. Reports of one payment should agree; if they differ, the earliest
/// counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Paid {
    /// Time of the payment.
    pub at: Timestamp,
    /// Amount in minor units of the currency; 0 for free items.
    pub amount: i64,
    /// Currency of the amount.
    pub currency: Currency,
}

impl Join for Paid {
    fn join(self, other: Self) -> Self {
        self.min(other)
    }
}

text_enum! {
    /// The reason why money goes back.
    pub enum RefundKind {
        /// Refunded by the store.
        Refund = "refund",
        /// Charged back by the bank.
        Dispute = "dispute",
    }
}

text_enum! {
    /// Whether money goes back. Variants are in the order of the states.
    pub enum RefundState {
        /// Undecided: an open dispute.
        Open = "open",
        /// Money goes back: a refund that was made or is pending, or a lost dispute.
        Standing = "standing",
        /// No money goes back: a failed refund, or a dispute that was won.
        Void = "void",
    }
}

/// A refund or a dispute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refund {
    /// Refund or dispute.
    pub kind: RefundKind,
    /// Time of its creation.
    pub at: Timestamp,
    /// State and amount, in minor units of the payment's currency.
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

/// The merged state of a payment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Payment {
    /// Amount and time; `None` while only later reports are known.
    pub paid: Option<Paid>,
    /// The payment's own total of refunds, independent of the single refunds.
    pub refunded_in_all: Option<Latest<i64>>,
    /// Refunds and disputes by their reference.
    pub refunds: BTreeMap<String, Refund>,
}

impl Payment {
    /// The refunded amount, at most the amount paid.
    ///
    /// The reported total includes refunds whose own reports are missing, and lacks later ones, so the
    /// larger of the total and the sum of the single refunds counts. Refunds that failed after the
    /// total was reported are subtracted from it. Lost disputes are added.
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

    /// The net amount: paid minus refunded.
    #[must_use]
    pub fn kept(&self) -> i64 {
        self.paid.map_or(0, |paid| paid.amount) - self.refunded()
    }

    /// The payment without amounts, totals and refunds that are dated at or after `at`.
    #[must_use]
    pub fn before(&self, at: Timestamp) -> Self {
        let refunds = self.refunds.iter().filter(|(_, refund)| refund.at < at);
        Self {
            paid: self.paid.filter(|paid| paid.at < at),
            refunded_in_all: self.refunded_in_all.filter(|told| told.at < at),
            refunds: refunds.map(|(reference, refund)| (reference.clone(), *refund)).collect(),
        }
    }

    /// Time of the customer's last activity: the payment. Refunds are not the customer's activity.
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
