//! Purchase frequency: BG/NBD (Fader, Hardie and Lee, *“Counting Your Customers” the Easy Way: An
//! Alternative to the Pareto/NBD Model*, Marketing Science 24(2), 2005).
//!
//! An active customer buys at random times, at an individual rate. After every purchase the customer
//! becomes inactive for good with an individual probability. Rates follow a gamma distribution (`r`,
//! `alpha`), and probabilities a beta distribution (`a`, `b`).

use serde::{Deserialize, Serialize};

use super::{
    simplex,
    special::{hypergeometric, ln_gamma},
};

/// Parameters are searched between e⁻⁹ and e⁹: beyond, the data do not identify them.
const LIMIT: f64 = 9.0;

/// The purchase history of a customer. Times are in weeks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct History {
    /// Purchase days after the first.
    pub repeats: u32,
    /// Time from the first to the last purchase; 0 without a repeat purchase.
    pub recency: f64,
    /// Time from the first purchase to now.
    pub age: f64,
}

/// The parameters of BG/NBD. Times are in weeks.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rhythm {
    /// Shape of the rates.
    #[cfg_attr(feature = "openapi", schema(example = 0.243))]
    pub r: f64,
    /// Scale of the rates, in weeks.
    #[cfg_attr(feature = "openapi", schema(example = 4.414))]
    pub alpha: f64,
    /// Of the probabilities to stop.
    #[cfg_attr(feature = "openapi", schema(example = 0.793))]
    pub a: f64,
    /// Of the probabilities to stop.
    #[cfg_attr(feature = "openapi", schema(example = 2.426))]
    pub b: f64,
}

impl Rhythm {
    /// The maximum likelihood estimate of the parameters, given histories with their number of
    /// customers.
    #[must_use]
    pub fn fit(people: &[(History, u64)]) -> Self {
        let count: f64 = people.iter().map(|(_, n)| super::float(*n)).sum();
        let age: f64 = people.iter().map(|(history, n)| history.age * super::float(*n)).sum();
        let least = simplex::minimise(
            |at: &[f64; 4]| match at.iter().all(|value| value.abs() <= LIMIT) {
                true => -Self::at(at).log_likelihood(people) / count.max(1.0),
                false => f64::INFINITY,
            },
            [0.0, (age / count.max(1.0)).max(1.0).ln().min(LIMIT - 1.0), 0.0, 0.7],
        );
        Self::at(&least)
    }

    fn at(logs: &[f64; 4]) -> Self {
        let [r, alpha, a, b] = logs.map(f64::exp);
        Self { r, alpha, a, b }
    }

    /// The log-likelihood of the histories, added up over all customers (equation 6 of the paper, in
    /// logarithms). Consecutive histories with equal `repeats` share most of the computation.
    #[must_use]
    pub fn log_likelihood(&self, people: &[(History, u64)]) -> f64 {
        let Self { r, alpha, a, b } = *self;
        let beta = ln_gamma(a + b) - ln_gamma(b);
        let rate = r * alpha.ln() - ln_gamma(r);
        let (mut repeats, mut common, mut stopped) = (None, 0.0, 0.0);
        let mut sum = 0.0;
        for (History { repeats: x, recency, age }, n) in people {
            let count = f64::from(*x);
            if repeats != Some(*x) {
                repeats = Some(*x);
                common = ln_gamma(r + count) + rate + beta + ln_gamma(b + count) - ln_gamma(a + b + count);
                stopped = a.ln() - (b + count - 1.0).ln();
            }
            let goes_on = -(r + count) * (alpha + age).ln();
            let either = if *x == 0 {
                goes_on
            } else {
                let stopped = stopped - (r + count) * (alpha + recency).ln();
                let (more, less) = if goes_on > stopped { (goes_on, stopped) } else { (stopped, goes_on) };
                more + (less - more).exp().ln_1p()
            };
            sum += super::float(*n) * (common + either);
        }
        sum
    }

    /// The probability that the customer is still active.
    #[must_use]
    pub fn probability_active(&self, history: &History) -> f64 {
        1.0 / (1.0 + self.odds_stopped(history))
    }

    fn odds_stopped(&self, history: &History) -> f64 {
        let Self { r, alpha, a, b } = *self;
        let x = f64::from(history.repeats);
        if history.repeats == 0 {
            return 0.0; // dropout happens only after a repeat purchase
        }
        a / (b + x - 1.0) * ((alpha + history.age) / (alpha + history.recency)).powf(r + x)
    }

    /// The expected number of purchase days within `weeks` (equation 10).
    #[must_use]
    pub fn expected(&self, history: &History, weeks: f64) -> f64 {
        let Self { r, alpha, a, b } = *self;
        let (a, x, age) = (apart_from_one(a), f64::from(history.repeats), history.age);
        let shrunk = ((alpha + age) / (alpha + age + weeks)).powf(r + x)
            * hypergeometric(r + x, b + x, a + b + x - 1.0, weeks / (alpha + age + weeks));
        (a + b + x - 1.0) / (a - 1.0) * (1.0 - shrunk) / (1.0 + self.odds_stopped(history))
    }

    /// The expected number of repeat purchase days of a random new customer within `weeks` (equation
    /// 9).
    #[must_use]
    pub fn expected_of_anybody(&self, weeks: f64) -> f64 {
        let Self { r, alpha, a, b } = *self;
        let a = apart_from_one(a);
        let shrunk =
            (alpha / (alpha + weeks)).powf(r) * hypergeometric(r, b, a + b - 1.0, weeks / (alpha + weeks));
        (a + b - 1.0) / (a - 1.0) * (1.0 - shrunk)
    }
}

/// At `a` = 1 the formulas are 0/0, and close to it they lose precision.
fn apart_from_one(a: f64) -> f64 {
    if (a - 1.0).abs() < 1e-6 { 1.0 + 1e-6 } else { a }
}
