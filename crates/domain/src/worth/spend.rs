//! For how much people buy: Gamma-Gamma (Fader and Hardie, *The Gamma-Gamma Model of Monetary Value*,
//! 2013, after Colombo and Jiang, 1999).
//!
//! What somebody spends at a time varies around a mean of their own; means differ between people, and
//! have nothing to do with how often they buy. Somebody who bought seldom is taken to be more like
//! everybody than what they spent says.

use serde::{Deserialize, Serialize};

use super::{simplex, special::ln_gamma};

/// Parameters are searched between e⁻⁹ and e⁹ (`gamma` in multiples of the mean amount).
const LIMIT: f64 = 9.0;

/// What somebody spent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Basket {
    /// Days on which they bought.
    pub days: u32,
    /// On such a day, on average. More than nothing.
    pub mean: f64,
}

/// The parameters of Gamma-Gamma.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Spend {
    /// Shape of what somebody spends at a time.
    #[cfg_attr(feature = "openapi", schema(example = 6.25))]
    pub p: f64,
    /// Shape of how people differ.
    #[cfg_attr(feature = "openapi", schema(example = 3.74))]
    pub q: f64,
    /// Scale of how people differ, in minor units.
    #[cfg_attr(feature = "openapi", schema(example = 1544.0))]
    pub gamma: f64,
}

impl Spend {
    /// The most likely parameters, given how many people have which basket; `None` where they say
    /// that the mean over all people is infinite, which is to say nothing.
    #[must_use]
    pub fn fit(people: &[(Basket, u64)]) -> Option<Self> {
        let count: f64 = people.iter().map(|(_, n)| super::float(*n)).sum();
        let mean: f64 = people.iter().map(|(basket, n)| basket.mean * super::float(*n)).sum::<f64>() / count;
        if !mean.is_finite() || mean <= 0.0 {
            return None;
        }
        let at = |logs: &[f64; 3]| {
            let [p, q, gamma] = logs.map(f64::exp);
            Self { p, q, gamma: gamma * mean }
        };
        let least = simplex::minimise(
            |logs: &[f64; 3]| match logs.iter().all(|value| value.abs() <= LIMIT) {
                true => -at(logs).log_likelihood(people) / count,
                false => f64::INFINITY,
            },
            [0.7, 0.7, 0.0],
        );
        Some(at(&least)).filter(|spend| spend.q > 1.01)
    }

    /// The logarithm of how likely these baskets are, people added up (equation 1a of the note).
    #[must_use]
    pub fn log_likelihood(&self, people: &[(Basket, u64)]) -> f64 {
        let Self { p, q, gamma } = *self;
        let common = q * gamma.ln() - ln_gamma(q);
        let of = |(Basket { days, mean }, n): &(Basket, u64)| {
            let x = f64::from(*days);
            let likelihood =
                ln_gamma(p * x + q) - ln_gamma(p * x) + common + (p * x - 1.0) * mean.ln() + p * x * x.ln()
                    - (p * x + q) * (gamma + x * mean).ln();
            super::float(*n) * likelihood
        };
        people.iter().map(of).sum()
    }

    /// What somebody is going to spend at a time, on average, who spent `sum` on `days` (equation 5
    /// of the note). Linear in `sum`: what some people of as many days will spend follows from what
    /// they spent together.
    #[must_use]
    pub fn expected(&self, days: u32, sum: f64) -> f64 {
        let Self { p, q, gamma } = *self;
        p * (gamma + sum) / (p * f64::from(days) + q - 1.0)
    }
}
