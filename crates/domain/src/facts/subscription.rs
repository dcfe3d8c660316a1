//! Subscriptions.

use super::latest::{Join, Latest};
use crate::{
    email::EmailKey,
    money::Currency,
    text_enum,
    time::{DAY, MONTH, Timestamp},
};

text_enum! {
    /// The state of a subscription. Variants are in the usual order of the states; of reports with the
    /// same timestamp, the later state wins.
    pub enum SubscriptionStatus {
        /// The first payment is outstanding.
        Incomplete = "incomplete",
        /// Running, in a trial period.
        Trialing = "trialing",
        /// Running.
        Active = "active",
        /// A payment is late. The subscription runs while the payment provider retries.
        PastDue = "past_due",
        /// A payment is late, and the payment provider has stopped retrying.
        Unpaid = "unpaid",
        /// Paused.
        Paused = "paused",
        /// The first payment was never made. Final.
        IncompleteExpired = "incomplete_expired",
        /// Ended. Final.
        Canceled = "canceled",
    }
}

impl SubscriptionStatus {
    /// Whether the subscription makes its customer a subscriber.
    #[must_use]
    pub const fn is_running(self) -> bool {
        matches!(self, Self::Trialing | Self::Active | Self::PastDue)
    }

    /// Whether the state is final. Subscribing again creates another subscription.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::IncompleteExpired | Self::Canceled)
    }
}

/// Price and billing interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Terms {
    /// Amount per period, in minor units.
    pub amount: i64,
    /// Currency of the amount.
    pub currency: Currency,
    /// The unit of the period.
    pub interval: Period,
    /// Number of units per period.
    pub interval_count: i64,
}

impl Period {
    /// The monthly price for `amount` every `count` units. A month is a twelfth of the mean Gregorian
    /// year.
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
    /// Adds up the prices of several items, in periods of the first one. Stripe bills all items of a
    /// subscription in one currency; items in another currency are left out.
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

    /// The monthly price, in minor units.
    #[must_use]
    pub fn monthly(&self) -> f64 {
        self.interval.monthly(self.interval_count, self.amount)
    }
}

text_enum! {
    /// The unit of a billing period.
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

/// A reported state of a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct State {
    /// Its status.
    pub status: SubscriptionStatus,
    /// End of the paid period.
    pub period_end: Option<Timestamp>,
    /// Whether the subscription ends with that period.
    pub cancel_at_period_end: bool,
    /// Start of the subscription.
    pub started_at: Timestamp,
    /// End of the subscription.
    pub ended_at: Option<Timestamp>,
    /// Price and billing interval.
    pub terms: Option<Terms>,
}

/// A subscription as of the latest relevant report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subscription(pub Latest<State>);

impl Join for Subscription {
    /// A final state absorbs all others; of several final states, the earliest counts.
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
    /// The current state.
    #[must_use]
    pub const fn state(&self) -> &State {
        &self.0.value
    }

    /// Time of the customer's last activity: the start of the subscription.
    #[must_use]
    pub const fn last_activity_at(&self) -> Timestamp {
        self.0.value.started_at
    }
}

/// An e-mail key that claims a subscription, and the time of the claim. The earliest claim counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claim {
    /// Time of the claim.
    pub at: Timestamp,
    /// The claiming e-mail key.
    pub key: EmailKey,
}

impl Join for Claim {
    fn join(self, other: Self) -> Self {
        self.min(other)
    }
}
