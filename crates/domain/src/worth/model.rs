//! Both models together: what people who bought are going to spend.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Basket, History, Rhythm, Spend, horizon_weeks, minor_units, weeks};

/// Who bought at least: fewer tell nothing of how people differ.
const MIN_BUYERS: u64 = 100;
/// Who of them bought on a second day at least.
const MIN_REPEATERS: u64 = 20;
/// How long ago the first of them bought at least: a quarter of a year, to speak of a whole one.
const MIN_WEEKS: f64 = 13.0;

/// Different histories that a fit looks at. A thousand evaluations of so many take a second; if there
/// are more, times are rounded.
const MAX_HISTORIES: usize = 20_000;

/// Days on which somebody bought after the first; days from the first to the last; days from the first
/// to now.
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

/// What somebody who bought is expected to do within the horizon.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Forecast {
    /// How likely it is that they buy at all any more.
    pub probability_active: f64,
    /// On how many days they do.
    pub days: f64,
    /// What they spend on such a day, in minor units.
    pub amount: i64,
    /// What they spend in all, in minor units.
    pub value: i64,
}

impl Model {
    /// Fits both to a store.
    ///
    /// # Errors
    /// When there is too little to fit them to; says what there is.
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

    /// What somebody is expected to do who spent `sum` minor units on their days.
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

    /// What some people of the same history are expected to spend in all who spent `sum` together.
    #[expect(clippy::cast_precision_loss, reason = "no sum has more digits than a float")]
    pub(super) fn value_of(&self, history: &History, n: u64, sum: i64) -> f64 {
        let n = super::float(n);
        let each = self.spend.expected(history.repeats + 1, sum as f64 / n);
        n * each * self.rhythm.expected(history, horizon_weeks())
    }
}

/// Histories with times in steps of days, or weeks, or twice as much, until there are few enough.
fn rounded(histories: &BTreeMap<HistoryKey, u64>) -> BTreeMap<HistoryKey, u64> {
    let mut rounded = histories.clone();
    let mut step = 7;
    while rounded.len() > MAX_HISTORIES && step < 7 * 52 {
        rounded = BTreeMap::new();
        for ((repeats, recency, age), n) in histories {
            let round = |days: u32| (days + step / 2) / step * step;
            // Who bought twice did so some time apart, and not after now.
            let recency = if *repeats > 0 { round(*recency).max(1) } else { 0 };
            *rounded.entry((*repeats, recency, round(*age).max(recency))).or_default() += n;
        }
        step *= 2;
    }
    rounded
}
