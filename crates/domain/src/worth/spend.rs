//! Purchase amounts: Gamma-Gamma (Fader and Hardie, *The Gamma-Gamma Model of Monetary Value*, 2013,
//! after Colombo and Jiang, 1999).
//!
//! The amounts of a customer vary around an individual mean. Means differ between customers,
//! independently of the purchase frequency. The estimate of a customer with few purchases shrinks
//! towards the mean of all customers.

use serde::{Deserialize, Serialize};

use super::{simplex, special::ln_gamma};

/// Parameters are searched between e⁻⁹ and e⁹ (`gamma` in multiples of the mean amount).
const LIMIT: f64 = 9.0;

/// The purchases of a customer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Basket {
    /// Number of purchase days.
    pub days: u32,
    /// Mean amount per purchase day; positive.
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
    /// The maximum likelihood estimate of the parameters, given baskets with their number of customers.
    /// `None` if the mean amount is not positive and finite, or if the mean over all customers under
    /// the fitted model is infinite or nearly so (`q` up to 1.01).
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

    /// The log-likelihood of the baskets, added up over all customers (equation 1a of the note).
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

    /// The expected mean amount of a customer who spent `sum` on `days` purchase days (equation 5 of
    /// the note). It is linear in `sum`, so the total for customers with equal `days` follows from
    /// their total spend.
    #[must_use]
    pub fn expected(&self, days: u32, sum: f64) -> f64 {
        let Self { p, q, gamma } = *self;
        p * (gamma + sum) / (p * f64::from(days) + q - 1.0)
    }
}
