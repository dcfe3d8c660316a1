//! The lifetime spend that an import states.
//!
//! It is the balance of the moment of its import: what was paid before is in it, what is paid since
//! is not.

use serde::{Deserialize, Serialize};

use super::Payment;
use crate::{money::Currency, time::Timestamp};

/// A sum that was imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// Minor units of the store's currency.
    pub amount: i64,
    /// When it was imported. In whole seconds, as payments are dated: one of the same second came later.
    pub at: Timestamp,
}

impl Balance {
    /// The balance of a sum; none of nothing.
    #[must_use]
    pub fn new(amount: i64, at: Timestamp) -> Option<Self> {
        let at = Timestamp::from_millis(at.millis().div_euclid(1_000) * 1_000);
        (amount > 0).then_some(Self { amount, at })
    }

    /// What was spent in all: the larger of the balance and of what was tracked up to then, and what
    /// was tracked since.
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
