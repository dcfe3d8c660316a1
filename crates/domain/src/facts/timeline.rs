//! What facts leave in the timeline of a customer: a function of the facts, so that what comes
//! twice, late or in another order leaves the same.

use super::{Enrollment, Payment, Percent, Purchase, RefundKind, RefundState, State, Subscription};
use crate::{time::Timestamp, wire::activities::ActivityKind};

/// Something that happened. One fact has at most one of each name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Tells it from the others of the same fact.
    pub name: String,
    /// What happened.
    pub kind: ActivityKind,
    /// When.
    pub at: Timestamp,
}

impl Entry {
    fn new(kind: ActivityKind, at: Timestamp) -> Self {
        Self { name: kind.to_string(), kind, at }
    }
}

impl Enrollment {
    /// What it leaves in the timeline.
    #[must_use]
    pub fn timeline(&self) -> Vec<Entry> {
        let mut entries = vec![Entry::new(ActivityKind::Enrolled, self.enrolled_at)];
        if let Some(at) = self.completed_at {
            entries.push(Entry::new(ActivityKind::CourseCompleted, at));
        } else if self.progress.value > Percent::NONE {
            entries.push(Entry::new(ActivityKind::CourseProgressed, self.progress.at));
        }
        entries
    }
}

impl Purchase {
    /// What it leaves in the timeline.
    #[must_use]
    pub fn timeline(&self) -> Vec<Entry> {
        vec![Entry::new(ActivityKind::Purchased, self.purchased_at)]
    }
}

impl Payment {
    /// What it leaves in the timeline.
    #[must_use]
    pub fn timeline(&self) -> Vec<Entry> {
        let Some(paid) = self.paid.filter(|paid| paid.amount > 0) else { return Vec::new() };
        let mut entries = vec![Entry::new(ActivityKind::Paid, paid.at)];
        let mut has_refund = false;
        for (reference, refund) in &self.refunds {
            let kind = match (refund.kind, refund.state.value.0) {
                (RefundKind::Refund, RefundState::Void) => continue,
                (RefundKind::Refund, _) => ActivityKind::Refunded,
                (RefundKind::Dispute, _) => ActivityKind::Disputed,
            };
            has_refund |= refund.kind == RefundKind::Refund;
            entries.push(Entry { name: format!("{kind} {reference}"), kind, at: refund.at });
        }
        if let Some(told) = self.refunded_in_all.filter(|told| told.value > 0 && !has_refund) {
            entries.push(Entry::new(ActivityKind::Refunded, told.at));
        }
        entries
    }
}

impl Subscription {
    /// What it leaves in the timeline.
    #[must_use]
    pub fn timeline(&self) -> Vec<Entry> {
        let State { status, started_at, ended_at, .. } = *self.state();
        let mut entries = vec![Entry::new(ActivityKind::Subscribed, started_at)];
        if status.is_final() {
            entries.push(Entry::new(ActivityKind::SubscriptionEnded, ended_at.unwrap_or(self.0.at)));
        }
        entries
    }
}
