//! Tests against published figures, against simulated data with known parameters, and by table.

use proptest::{prelude::*, test_runner::Config};

use super::{
    special::{hypergeometric, ln_gamma},
    *,
};
use crate::{
    facts::{Period, Terms},
    money::Currency,
    source::Source,
};

/// BG/NBD parameters of the CDNOW data (Fader, Hardie and Lee 2005, table 2).
const CDNOW: Rhythm = Rhythm { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };
/// Gamma-Gamma parameters of the CDNOW data (Fader and Hardie 2013), in dollars.
const CDNOW_SPEND: Spend = Spend { p: 6.25, q: 3.74, gamma: 15.44 };

fn close(value: f64, expected: f64, digits: f64) {
    assert!((value - expected).abs() <= digits, "{value} is not {expected}");
}

#[test]
fn the_gamma_function_has_its_known_values() {
    let pi = std::f64::consts::PI;
    for (x, expected) in [
        (1.0, 1.0_f64),
        (2.0, 1.0),
        (5.0, 24.0),
        (0.5, pi.sqrt()),
        (1.5, pi.sqrt() / 2.0),
        (10.0, 362_880.0),
        (21.0, 2_432_902_008_176_640_000.0),
        (0.25, 3.625_609_908_221_908),
    ] {
        close(ln_gamma(x), expected.ln(), 1e-12 * expected.ln().abs().max(1.0));
    }
    // Legendre's duplication formula relates values that are computed in different ways.
    for x in [0.01_f64, 0.243, 0.793, 3.3, 5.9, 6.1, 40.0, 900.5] {
        let both = ln_gamma(x) + ln_gamma(x + 0.5);
        let double = (1.0 - 2.0 * x) * 2_f64.ln() + 0.5 * pi.ln() + ln_gamma(2.0 * x);
        close(both, double, 1e-12 * double.abs().max(1.0));
    }
}

#[test]
fn the_hypergeometric_function_has_its_known_values() {
    for z in [0.0_f64, 0.1, 0.5, 0.9, 0.99] {
        if z > 0.0 {
            close(hypergeometric(1.0, 1.0, 2.0, z), -(1.0 - z).ln() / z, 1e-10);
            let root = z.sqrt();
            close(hypergeometric(0.5, 1.0, 1.5, z), root.atanh() / root, 1e-10);
        }
        close(hypergeometric(0.7, 2.5, 2.5, z), (1.0 - z).powf(-0.7), 1e-9);
        close(hypergeometric(0.0, 2.5, 1.5, z), 1.0, 1e-15);
    }
}

/// The results of the spreadsheet that Fader, Hardie and Lee published with the paper.
#[test]
fn expected_purchases_are_those_that_were_published() {
    for (weeks, expected) in
        [(0.1429, 0.0078), (1.0, 0.0532), (3.0, 0.1506), (31.8571, 1.0405), (32.0, 1.0437), (78.0, 1.8576)]
    {
        // The spreadsheet has more digits of the parameters than the paper.
        let fitted = Rhythm { r: 0.242_6, alpha: 4.413_5, a: 0.792_9, b: 2.425_8 };
        close(fitted.expected_of_anybody(weeks), expected, 0.000_5);
    }
    let first = History { repeats: 2, recency: 30.43, age: 38.86 };
    close(CDNOW.expected(&first, 39.0), 1.226, 0.000_5);
}

/// The conditional forecast with an empty history equals the unconditional forecast.
#[test]
fn who_has_just_bought_for_the_first_time_is_anybody() {
    let new = History { repeats: 0, recency: 0.0, age: 0.0 };
    for rhythm in [CDNOW, Rhythm { a: 1.0, ..CDNOW }, Rhythm { r: 2.0, alpha: 10.0, a: 1.6, b: 0.5 }] {
        for weeks in [1.0, 10.0, 52.0] {
            close(rhythm.expected(&new, weeks), rhythm.expected_of_anybody(weeks), 1e-9);
        }
    }
}

#[test]
fn who_did_not_buy_for_long_is_less_likely_to() {
    let at = |recency: f64| History { repeats: 5, recency, age: 50.0 };
    let chances: Vec<f64> = [1.0, 10.0, 30.0, 50.0].map(|last| CDNOW.probability_active(&at(last))).into();
    assert!(chances.is_sorted() && chances[0] < 0.01 && chances[3] > 0.8, "{chances:?}");
    let once = History { repeats: 0, recency: 0.0, age: 500.0 };
    close(CDNOW.probability_active(&once), 1.0, 0.0);
}

#[test]
fn expected_amounts_are_those_of_the_published_parameters() {
    // Customers of the CDNOW data with 2, 1, 0 and 7 transactions.
    for (days, mean, expected) in [(2, 22.35, 24.65), (1, 11.77, 18.91), (0, 0.0, 35.17), (7, 73.74, 71.46)] {
        // The parameters were published with two decimals.
        close(CDNOW_SPEND.expected(days, f64::from(days) * mean), expected, 0.06);
    }
}

/// Deterministic random numbers (splitmix64), and distributions derived from them.
struct Dice(u64);

impl Dice {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (((z ^ (z >> 31)) >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    fn exponential(&mut self, rate: f64) -> f64 {
        -self.uniform().ln() / rate
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * self.uniform().ln()).sqrt() * (2.0 * std::f64::consts::PI * self.uniform()).cos()
    }

    /// Marsaglia and Tsang (2000).
    fn gamma(&mut self, shape: f64, rate: f64) -> f64 {
        if shape < 1.0 {
            let boost = self.uniform().powf(1.0 / shape);
            return self.gamma(shape + 1.0, rate) * boost;
        }
        let d = shape - 1.0 / 3.0;
        loop {
            let x = self.normal();
            let v = (1.0 + x / (9.0 * d).sqrt()).powi(3);
            if v > 0.0 && self.uniform().ln() < 0.5 * x * x + d - d * v + d * v.ln() {
                return d * v / rate;
            }
        }
    }

    fn beta(&mut self, a: f64, b: f64) -> f64 {
        let (x, y) = (self.gamma(a, 1.0), self.gamma(b, 1.0));
        x / (x + y)
    }

    /// The times of the purchases after the first one, within `weeks`.
    fn purchases(&mut self, rhythm: &Rhythm, weeks: f64) -> Vec<f64> {
        let rate = self.gamma(rhythm.r, rhythm.alpha);
        let stops = self.beta(rhythm.a, rhythm.b);
        let (mut at, mut all) = (0.0, Vec::new());
        loop {
            at += self.exponential(rate);
            if at > weeks {
                return all;
            }
            all.push(at);
            if self.uniform() < stops {
                return all;
            }
        }
    }
}

/// Simulated customers with known parameters: their histories, and their purchases in the following
/// year.
fn simulated(rhythm: &Rhythm, people: u32) -> (Vec<(History, u64)>, f64) {
    let (mut dice, mut histories, mut later) = (Dice(7), Vec::new(), 0.0);
    for i in 0..people {
        let age = 20.0 + 80.0 * f64::from(i) / f64::from(people);
        let bought = dice.purchases(rhythm, age + 52.0);
        let seen = bought.iter().filter(|at| **at <= age).count();
        later += (bought.len() - seen) as f64;
        let recency = if seen > 0 { bought[seen - 1] } else { 0.0 };
        histories.push((History { repeats: u32::try_from(seen).unwrap(), recency, age }, 1));
    }
    histories.sort_by_key(|(history, _)| history.repeats);
    (histories, later)
}

#[test]
fn a_fit_finds_the_rhythm_that_people_have() {
    let truth = Rhythm { r: 0.6, alpha: 6.0, a: 0.9, b: 3.0 };
    let (people, later) = simulated(&truth, 6_000);
    let fit = Rhythm::fit(&people);
    assert!(fit.log_likelihood(&people) >= truth.log_likelihood(&people), "{fit:?}");
    for (value, expected) in [(fit.r, 0.6), (fit.alpha, 6.0), (fit.a / (fit.a + fit.b), 0.9 / 3.9)] {
        assert!((value / expected - 1.0).abs() < 0.15, "{fit:?}");
    }
    // The fit is judged by its forecast for the following year, which it has not seen.
    let expected: f64 = people.iter().map(|(history, _)| fit.expected(history, 52.0)).sum();
    assert!((expected / later - 1.0).abs() < 0.05, "{expected} instead of {later}");
    assert_eq!(Rhythm::fit(&people), fit, "the same data gives the same numbers");
}

#[test]
fn a_fit_finds_the_spend_that_people_have() {
    let truth = Spend { p: 4.0, q: 5.0, gamma: 3_000.0 };
    let mut dice = Dice(11);
    let people: Vec<(Basket, u64)> = (0..4_000)
        .map(|i| {
            let (days, rate) = (1 + i % 4, dice.gamma(truth.q, truth.gamma));
            let sum: f64 = (0..days).map(|_| dice.gamma(truth.p, rate)).sum();
            (Basket { days, mean: sum / f64::from(days) }, 1)
        })
        .collect();
    let fit = Spend::fit(&people).unwrap();
    assert!(fit.log_likelihood(&people) >= truth.log_likelihood(&people), "{fit:?}");
    // The mean over all customers is the best-determined estimate.
    close(fit.expected(0, 0.0) / truth.expected(0, 0.0), 1.0, 0.05);
    close(fit.expected(3, 9_000.0) / truth.expected(3, 9_000.0), 1.0, 0.05);
    assert_eq!(Spend::fit(&[]), None);
}

fn usd(amount: i64, interval: Period, interval_count: i64) -> Terms {
    Terms { amount, currency: Currency::parse("USD").unwrap(), interval, interval_count }
}

#[test]
fn prices_are_by_the_month() {
    for (terms, expected) in [
        (usd(1_000, Period::Month, 1), 1_000.0),
        (usd(3_000, Period::Month, 3), 1_000.0),
        (usd(12_000, Period::Year, 1), 1_000.0),
        (usd(100, Period::Day, 1), 3_043.687_5),
        (usd(1_400, Period::Week, 2), 3_043.687_5),
    ] {
        close(terms.monthly(), expected, 1e-9);
    }
}

#[test]
fn churn_starts_from_an_assumption_that_data_outweighs() {
    close(Churn::default().monthly(), 1.0 - (-0.05_f64).exp(), 1e-12);
    let known = Churn { ended: 200, months: 2_000.0 };
    close(known.monthly(), 0.094_8, 0.000_5);
    // 10 % churn a month: 12 months bring the sum of a geometric series.
    let tenth = Churn { ended: 9, months: 10.0 / -(0.9_f64.ln()) - 20.0 };
    close(tenth.monthly(), 0.1, 1e-12);
    close(tenth.rest(1_000.0), 1_000.0 * 0.9 * (1.0 - 0.9_f64.powi(12)) / 0.1, 1e-6);
    // Without churn every month of the horizon is paid, and no further month.
    let forever = Churn { ended: 0, months: 1e12 };
    close(forever.rest(1_000.0), 12_000.0, 0.01);
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn receipt(when: &str, kept: i64) -> Receipt {
    Receipt { at: at(when), kept, for_subscription: false }
}

#[test]
fn months_count_only_those_for_whom_they_are_over() {
    let mut survey = Survey::new(at("2026-06-20"));
    let old = [receipt("2026-01-31T23:00:00Z", 1_000), receipt("2026-02-10", 500), receipt("2026-06-19", 70)];
    let new = [receipt("2026-04-30", 300), receipt("2026-06-19", 40)];
    survey.add(&Payer { source: Source::Api, receipts: &old, monthly: 0.0 });
    survey.add(&Payer { source: Source::Api, receipts: &new, monthly: 1_000.0 });
    survey.add(&Payer { source: Source::Manual, receipts: &[], monthly: 0.0 });
    let found = survey.finish(&Churn::default());
    assert_eq!(found.by_source.len(), 1);
    let group = &found.by_source[&Source::Api];
    assert_eq!((group.customers, group.buyers, group.revenue), (2, 2, 1_910));
    let months: Vec<(u64, i64)> = group.months.iter().map(|month| (month.customers, month.revenue)).collect();
    // The last payments of both customers are in months that are not complete for them.
    assert_eq!(months, [(2, 1_800), (1, 0), (1, 0), (1, 0)]);
    let cohorts: Vec<(Timestamp, u64)> =
        found.by_cohort.iter().map(|(at, group)| (*at, group.customers)).collect();
    assert_eq!(cohorts, [(at("2026-01-01"), 1), (at("2026-04-01"), 1)]);
    // Two customers are too few for the purchase model; subscriptions use the prior.
    assert_eq!(found.model.unwrap_err().buyers, 2);
    assert_eq!(group.purchases, None);
    assert_eq!(group.subscriptions, minor_units(Churn::default().rest(1_000.0)));
}

#[test]
fn purchases_of_a_day_are_one_and_subscriptions_are_none() {
    let subscribed = Receipt { for_subscription: true, ..receipt("2026-01-01", 900) };
    let receipts = [
        subscribed,
        receipt("2026-01-08T01:00:00Z", 100),
        receipt("2026-01-08T23:00:00Z", 50),
        receipt("2026-01-15", 30),
        Receipt { for_subscription: true, ..receipt("2026-02-01", 900) },
    ];
    let payer = Payer { source: Source::Api, receipts: &receipts, monthly: 0.0 };
    let history = History { repeats: 1, recency: 1.0, age: 4.0 };
    assert_eq!(payer.purchases(at("2026-02-05T12:00:00Z")), Some((history, 180)));
    let payer = Payer { receipts: &receipts[..1], ..payer };
    assert_eq!(payer.purchases(at("2026-02-05")), None);
}

/// Customers with the rhythm of [`CDNOW`] who spend about 50 a time.
fn shoppers(people: u32) -> (Survey, Vec<Vec<Receipt>>) {
    let now = at("2026-06-01");
    let (mut dice, mut all) = (Dice(3), Vec::new());
    for i in 0..people {
        let age = 10.0 + 60.0 * f64::from(i) / f64::from(people);
        let first = now.millis() - (age * 7.0 * DAY as f64) as i64;
        let mut receipts = Vec::new();
        for week in std::iter::once(0.0).chain(dice.purchases(&CDNOW, age)) {
            let kept = minor_units(dice.gamma(5.0, 5.0 / 5_000.0)).max(1);
            let at = Timestamp::from_millis(first + (week * 7.0 * DAY as f64) as i64);
            receipts.push(Receipt { at, kept, for_subscription: false });
        }
        all.push(receipts);
    }
    (Survey::new(now), all)
}

#[test]
fn a_store_is_worth_what_its_customers_are() {
    let (mut survey, all) = shoppers(1_500);
    for (i, receipts) in all.iter().enumerate() {
        let source = if i % 3 == 0 { Source::Api } else { Source::StripePurchase };
        survey.add(&Payer { source, receipts, monthly: 0.0 });
    }
    let now = at("2026-06-01");
    let found = survey.finish(&Churn::default());
    let model = found.model.unwrap();
    let single: i64 = all
        .iter()
        .map(|receipts| {
            let payer = Payer { source: Source::Api, receipts, monthly: 0.0 };
            let (history, sum) = payer.purchases(now).unwrap();
            model.forecast(&history, sum).value
        })
        .sum();
    for groups in [
        found.by_source.values().map(|group| group.purchases.unwrap()).sum::<i64>(),
        found.by_cohort.values().map(|group| group.purchases.unwrap()).sum(),
    ] {
        // Each value is rounded to a whole unit.
        assert!(groups.abs_diff(single) < 1_500, "{groups} and {single}");
    }
    let each = model.spend.expected(0, 0.0);
    close(each / 5_000.0, 1.0, 0.05);
}

#[test]
fn people_who_all_spend_the_same_are_no_difficulty() {
    let (mut survey, all) = shoppers(300);
    for receipts in &all {
        let same: Vec<Receipt> = receipts.iter().map(|one| Receipt { kept: 4_900, ..*one }).collect();
        survey.add(&Payer { source: Source::Api, receipts: &same, monthly: 0.0 });
    }
    let found = survey.finish(&Churn::default());
    let forecast = found.model.unwrap().forecast(&History { repeats: 2, recency: 5.0, age: 9.0 }, 3 * 4_900);
    assert!(forecast.amount.abs_diff(4_900) < 100, "{forecast:?}");
}

proptest! {
    #![proptest_config(Config { cases: 64, ..Config::default() })]

    /// For any payments, in any order of customers, no estimate is negative, and months do not depend
    /// on the order.
    #[test]
    fn no_store_breaks_a_survey(
        people in prop::collection::vec(
            prop::collection::vec((0_i64..800, 1_i64..10_000_000, any::<bool>()), 1..6), 0..160),
    ) {
        let now = at("2026-06-01");
        let mut all: Vec<Vec<Receipt>> = people
            .into_iter()
            .map(|receipts| {
                let mut receipts: Vec<Receipt> = receipts
                    .into_iter()
                    .map(|(days, kept, for_subscription)| {
                        let at = Timestamp::from_millis(now.millis() - days * DAY);
                        Receipt { at, kept, for_subscription }
                    })
                    .collect();
                receipts.sort_by_key(|receipt| receipt.at);
                receipts
            })
            .collect();
        let survey = |all: &[Vec<Receipt>]| {
            let mut survey = Survey::new(now);
            for receipts in all {
                survey.add(&Payer { source: Source::Api, receipts, monthly: 10.0 });
            }
            survey.finish(&Churn::default())
        };
        let found = survey(&all);
        for group in found.by_source.values().chain(found.by_cohort.values()) {
            prop_assert!(group.purchases.is_none_or(|value| value >= 0));
            prop_assert!(group.subscriptions >= 0);
            prop_assert!(group.months.is_sorted_by(|one, next| one.customers >= next.customers));
        }
        all.reverse();
        let reversed = survey(&all);
        prop_assert_eq!(found.by_source.keys().collect::<Vec<_>>(), reversed.by_source.keys().collect::<Vec<_>>());
        for (source, group) in &found.by_source {
            prop_assert_eq!(&group.months, &reversed.by_source[source].months);
        }
    }
}
