//! Timeline entries of facts. They are a pure function of the facts, so repeated, late or reordered
//! reports produce the same entries.

use super::{Enrollment, Payment, Percent, Purchase, RefundKind, RefundState, State, Subscription};
use crate::{time::Timestamp, wire::activities::ActivityKind};

/// An entry of the timeline. The entries of one fact have distinct names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Distinguishes the entries of one fact.
    pub name: String,
    /// The kind of event.
    pub kind: ActivityKind,
    /// Time of the event.
    pub at: Timestamp,
}

impl Entry {
    fn new(kind: ActivityKind, at: Timestamp) -> Self {
        Self { name: kind.to_string(), kind, at }
    }
}

impl Enrollment {
    /// Its timeline entries.
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
    /// Its timeline entries.
    #[must_use]
    pub fn timeline(&self) -> Vec<Entry> {
        vec![Entry::new(ActivityKind::Purchased, self.purchased_at)]
    }
}

impl Payment {
    /// Its timeline entries.
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
    /// Its timeline entries.
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
