//! The lifetime spend that an import states, as an opening balance.
//!
//! It includes all payments before the time of the import; later payments are added to it.

use serde::{Deserialize, Serialize};

use super::Payment;
use crate::{money::Currency, time::Timestamp};

/// An imported sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// Minor units of the store's currency.
    pub amount: i64,
    /// Time of the import. Payments are dated in whole seconds: one of the same second counts as later.
    pub at: Timestamp,
}

impl Balance {
    /// The balance of a sum; `None` unless the sum is positive.
    #[must_use]
    pub fn new(amount: i64, at: Timestamp) -> Option<Self> {
        let at = Timestamp::from_millis(at.millis().div_euclid(1_000) * 1_000);
        (amount > 0).then_some(Self { amount, at })
    }

    /// The total spent: the larger of the balance and the sum tracked up to it, plus the sum tracked
    /// since.
    #[must_use]
    pub fn total(&self, payments: &[Payment], currency: Currency) -> i64 {
        let in_currency = |payment: &&Payment| payment.paid.is_some_and(|paid| paid.currency == currency);
        let sum = |amount: fn(&Payment, Timestamp) -> i64| {
            let payments = payments.iter().filter(in_currency);
            payments.fold(0_i64, |sum, payment| sum.saturating_add(amount(payment, self.at)))
        };
        let (before, now) = (sum(|payment, at| payment.before(at).kept()), sum(|payment, _| payment.kept()));
        self.amount.max(before).saturating_add(now - before)
    }
}
