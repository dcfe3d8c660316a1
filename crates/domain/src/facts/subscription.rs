//! Subscriptions.

use super::latest::{Join, Latest};
use crate::{
    email::EmailKey,
    money::Currency,
    text_enum,
    time::{DAY, MONTH, Timestamp},
};

text_enum! {
    /// Where a subscription stands. In the order in which states usually follow each other, which
    /// decides between reports of the same moment.
    pub enum SubscriptionStatus {
        /// The first payment has not come.
        Incomplete = "incomplete",
        /// It runs, and will be paid later.
        Trialing = "trialing",
        /// It runs.
        Active = "active",
        /// A payment is late. It runs as long as whoever bills does not give up.
        PastDue = "past_due",
        /// A payment is late, and whoever bills has given up.
        Unpaid = "unpaid",
        /// Stopped for a while.
        Paused = "paused",
        /// The first payment never came. Final.
        IncompleteExpired = "incomplete_expired",
        /// Over. Final.
        Canceled = "canceled",
    }
}

impl SubscriptionStatus {
    /// Whether it makes a subscriber.
    #[must_use]
    pub const fn is_running(self) -> bool {
        matches!(self, Self::Trialing | Self::Active | Self::PastDue)
    }

    /// Whether nothing comes after it: who subscribes again has another subscription.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::IncompleteExpired | Self::Canceled)
    }
}

/// What it costs, and how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Terms {
    /// Minor units of the currency per period.
    pub amount: i64,
    /// In what.
    pub currency: Currency,
    /// The length of a period.
    pub interval: Period,
    /// How many of these lengths make a period.
    pub interval_count: i64,
}

impl Period {
    /// What an amount for `count` of it is a month, a month being a twelfth of the mean Gregorian year.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "no price has more digits than a float")]
    pub fn monthly(self, count: i64, amount: i64) -> f64 {
        let day = DAY as f64 / MONTH as f64;
        let months = match self {
            Self::Day => day,
            Self::Week => 7.0 * day,
            Self::Month => 1.0,
            Self::Year => 12.0,
        };
        amount as f64 / (months * count.max(1) as f64)
    }
}

impl Terms {
    /// What several items cost together, in periods of the first one. Stripe bills all items of a
    /// subscription in one currency; one in another is left out.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "no price has more digits")]
    pub fn sum(items: impl IntoIterator<Item = Self>) -> Option<Self> {
        items.into_iter().reduce(|sum, item| {
            let same_period = (sum.interval, sum.interval_count) == (item.interval, item.interval_count);
            let amount = match (sum.currency == item.currency, same_period) {
                (false, _) => 0,
                (true, true) => item.amount,
                (true, false) => {
                    let per_period = 1.0 / sum.interval.monthly(sum.interval_count, 1);
                    (item.monthly() * per_period).round() as i64
                }
            };
            Self { amount: sum.amount.saturating_add(amount), ..sum }
        })
    }

    /// The price of a month, in minor units.
    #[must_use]
    pub fn monthly(&self) -> f64 {
        self.interval.monthly(self.interval_count, self.amount)
    }
}

text_enum! {
    /// The unit of periods.
    pub enum Period {
        /// Days.
        Day = "day",
        /// Weeks.
        Week = "week",
        /// Months.
        Month = "month",
        /// Years.
        Year = "year",
    }
}

/// What a report says of a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct State {
    /// Where it stands.
    pub status: SubscriptionStatus,
    /// The end of the period that is paid for.
    pub period_end: Option<Timestamp>,
    /// Whether it ends then.
    pub cancel_at_period_end: bool,
    /// Since when there is one.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// What it costs.
    pub terms: Option<Terms>,
}

/// A subscription, as of the report that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subscription(pub Latest<State>);

impl Join for Subscription {
    /// An end absorbs whatever comes before or after it; of several, the earliest counts.
    fn join(self, other: Self) -> Self {
        match (self.state().status.is_final(), other.state().status.is_final()) {
            (true, true) => Self(self.0.min(other.0)),
            (true, false) => self,
            (false, true) => other,
            (false, false) => Self(self.0.max(other.0)),
        }
    }
}

impl Subscription {
    /// What is known of it.
    #[must_use]
    pub const fn state(&self) -> &State {
        &self.0.value
    }

    /// When the customer last did anything about it.
    #[must_use]
    pub const fn last_activity_at(&self) -> Timestamp {
        self.0.value.started_at
    }
}

/// Who says, and when, that a subscription is theirs. The earliest counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claim {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub key: EmailKey,
}

impl Join for Claim {
    fn join(self, other: Self) -> Self {
        self.min(other)
    }
}
