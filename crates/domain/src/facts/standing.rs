//! Derives the state of a customer (type, sum, last activity) from their facts.

use std::collections::BTreeMap;

use super::{Balance, Enrollment, Evidence, Join as _, Payment, Purchase, Subscription};
use crate::{
    customer::{CustomerFields, CustomerStatus, CustomerType},
    money::Currency,
    time::Timestamp,
};

/// All facts of a customer, in any order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Course enrolments.
    pub enrollments: Vec<Enrollment>,
    /// Purchases.
    pub purchases: Vec<Purchase>,
    /// Payments.
    pub payments: Vec<Payment>,
    /// Subscriptions.
    pub subscriptions: Vec<Subscription>,
}

/// The state derived from the facts of a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Type and total spent; `None` without payments and subscriptions, when imported values apply.
    pub money: Option<(CustomerType, i64)>,
    /// Net revenue by currency, in minor units. Currencies are never added up.
    pub kept: BTreeMap<Currency, i64>,
    /// Time of the last activity.
    pub last_activity_at: Option<Timestamp>,
}

/// Derives the state in a store whose amounts are in `currency`.
///
/// A running subscription makes a subscriber. Otherwise, a payment with a positive net amount in any
/// currency, or an imported sum, makes a paying customer. All others are leads.
#[must_use]
pub fn standing(facts: &Facts, currency: Currency, imported: Option<Balance>) -> Standing {
    let mut kept: BTreeMap<Currency, i64> = BTreeMap::new();
    for payment in &facts.payments {
        if let Some(paid) = payment.paid {
            let sum = kept.entry(paid.currency).or_default();
            *sum = sum.saturating_add(payment.kept());
        }
    }
    let is_subscribed = facts.subscriptions.iter().any(|one| one.state().status.is_running());
    let is_paying = imported.is_some() || facts.payments.iter().any(|payment| payment.kept() > 0);
    let tracked = kept.get(&currency).copied().unwrap_or(0);
    let total = imported.map_or(tracked, |balance| balance.total(&facts.payments, currency));
    let kind = match (is_subscribed, is_paying) {
        (true, _) => CustomerType::Subscription,
        (false, true) => CustomerType::Paying,
        (false, false) => CustomerType::Lead,
    };
    let is_about_money = !(facts.payments.is_empty() && facts.subscriptions.is_empty());
    let activities = facts
        .enrollments
        .iter()
        .map(|enrollment| Some(enrollment.last_activity_at()))
        .chain(facts.purchases.iter().map(|purchase| Some(purchase.purchased_at)))
        .chain(facts.payments.iter().map(Payment::last_activity_at))
        .chain(facts.subscriptions.iter().map(|one| Some(one.last_activity_at())));
    Standing {
        money: is_about_money.then_some((kind, total)),
        last_activity_at: activities.flatten().max(),
        kept,
    }
}

impl Standing {
    /// Writes the derived state to the customer. Activity at or after `idle_after` counts as active.
    pub fn apply(&self, fields: &mut CustomerFields, idle_after: Timestamp) {
        let imported = fields.imported_spent.map(|balance| (CustomerType::Paying, balance.amount));
        // Without facts about money (they may have moved to another customer), the imported values
        // remain.
        let without = fields.follows_facts.then(|| imported.unwrap_or((CustomerType::Lead, 0)));
        if let Some((kind, total_spent)) = self.money.or(without) {
            (fields.kind, fields.total_spent) = (kind, total_spent);
        }
        fields.follows_facts = self.money.is_some();
        // Only new activity reactivates a customer whose status was set to inactive manually.
        if self.last_activity_at > fields.last_activity_at {
            fields.last_activity_at = self.last_activity_at;
            if self.last_activity_at >= Some(idle_after) {
                (fields.status, fields.status_by_hand) = (CustomerStatus::Active, false);
            }
        }
    }
}

impl Evidence {
    /// Merges the evidence into the customer's origin: the earlier one wins.
    pub fn apply(&self, fields: &mut CustomerFields) {
        let known =
            Self { at: fields.created_at, source: fields.source, detail: fields.source_detail.clone() };
        let Self { at, source, detail } = self.clone().join(known);
        (fields.created_at, fields.source, fields.source_detail) = (at, source, detail);
    }
}
