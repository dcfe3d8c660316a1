//! The two models combined: the expected spend of buyers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Basket, History, Rhythm, Spend, horizon_weeks, minor_units, weeks};

/// Minimum number of buyers: a smaller sample does not show how customers differ.
const MIN_BUYERS: u64 = 100;
/// Minimum number of buyers with a second purchase day.
const MIN_REPEATERS: u64 = 20;
/// Minimum weeks since the first purchase in the sample: a quarter, to predict a year.
const MIN_WEEKS: f64 = 13.0;

/// Maximum number of distinct histories in a fit. A thousand evaluations of that many take a second.
/// Above it, times are rounded.
const MAX_HISTORIES: usize = 20_000;

/// Purchase days after the first; days from the first to the last purchase; days from the first
/// purchase to now.
pub(super) type HistoryKey = (u32, u32, u32);

impl History {
    pub(super) fn of_days((repeats, recency, age): HistoryKey) -> Self {
        let weeks = |days: u32| weeks(i64::from(days) * super::DAY);
        Self { repeats, recency: weeks(recency), age: weeks(age) }
    }
}

/// What there is to fit models to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotEnough {
    /// Customers who bought something.
    #[cfg_attr(feature = "openapi", schema(example = 64))]
    pub buyers: u64,
    /// Those of them who did so on a second day. 20 are needed, of 100.
    #[cfg_attr(feature = "openapi", schema(example = 11))]
    pub repeat_buyers: u64,
    /// Weeks since the first of them did. 13 are needed.
    #[cfg_attr(feature = "openapi", schema(example = 30.4))]
    pub weeks: f64,
}

impl NotEnough {
    fn of(histories: &BTreeMap<HistoryKey, u64>) -> Self {
        let buyers = histories.values().sum();
        let repeat_buyers = histories.iter().filter(|(key, _)| key.0 > 0).map(|(_, n)| n).sum();
        let oldest = histories.keys().map(|key| key.2).max().unwrap_or(0);
        Self { buyers, repeat_buyers, weeks: History::of_days((0, 0, oldest)).age }
    }

    fn is_enough(&self) -> bool {
        self.buyers >= MIN_BUYERS && self.repeat_buyers >= MIN_REPEATERS && self.weeks >= MIN_WEEKS
    }
}

/// The models of a store.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Model {
    /// How often people buy, and whether they still do: BG/NBD.
    pub rhythm: Rhythm,
    /// For how much: Gamma-Gamma.
    pub spend: Spend,
}

/// The expected purchases of a buyer within the horizon.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Forecast {
    /// Probability that the customer is still active.
    pub probability_active: f64,
    /// Expected number of purchase days.
    pub days: f64,
    /// Expected amount per purchase day, in minor units.
    pub amount: i64,
    /// Expected total, in minor units.
    pub value: i64,
}

impl Model {
    /// Fits both models to a store.
    ///
    /// # Errors
    /// [`NotEnough`] with the size of the sample, if that is too small or the Gamma-Gamma fit has no
    /// finite mean.
    pub(super) fn fit(
        histories: &BTreeMap<HistoryKey, u64>,
        baskets: &[(Basket, u64)],
    ) -> Result<Self, NotEnough> {
        let there_is = NotEnough::of(histories);
        if !there_is.is_enough() {
            return Err(there_is);
        }
        let people: Vec<(History, u64)> =
            rounded(histories).into_iter().map(|(key, n)| (History::of_days(key), n)).collect();
        let spend = Spend::fit(baskets).ok_or(there_is)?;
        Ok(Self { rhythm: Rhythm::fit(&people), spend })
    }

    /// The forecast for a buyer who has spent `sum` minor units.
    #[must_use]
    pub fn forecast(&self, history: &History, sum: i64) -> Forecast {
        let days = self.rhythm.expected(history, horizon_weeks());
        let amount = self.amount(history, sum);
        Forecast {
            probability_active: self.rhythm.probability_active(history),
            days,
            amount: minor_units(amount),
            value: minor_units(days * amount),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "no sum has more digits than a float")]
    fn amount(&self, history: &History, sum: i64) -> f64 {
        self.spend.expected(history.repeats + 1, sum as f64)
    }

    /// The expected total of `n` buyers with the same history who have spent `sum` together.
    #[expect(clippy::cast_precision_loss, reason = "no sum has more digits than a float")]
    pub(super) fn value_of(&self, history: &History, n: u64, sum: i64) -> f64 {
        let n = super::float(n);
        let each = self.spend.expected(history.repeats + 1, sum as f64 / n);
        n * each * self.rhythm.expected(history, horizon_weeks())
    }
}

/// Rounds times to weeks, and then to doubled steps, until there are at most [`MAX_HISTORIES`]
/// histories.
fn rounded(histories: &BTreeMap<HistoryKey, u64>) -> BTreeMap<HistoryKey, u64> {
    let mut rounded = histories.clone();
    let mut step = 7;
    while rounded.len() > MAX_HISTORIES && step < 7 * 52 {
        rounded = BTreeMap::new();
        for ((repeats, recency, age), n) in histories {
            let round = |days: u32| (days + step / 2) / step * step;
            // A repeat buyer has a positive recency, and it must not exceed the age.
            let recency = if *repeats > 0 { round(*recency).max(1) } else { 0 };
            *rounded.entry((*repeats, recency, round(*age).max(recency))).or_default() += n;
        }
        step *= 2;
    }
    rounded
}
