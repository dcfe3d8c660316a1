//! Aggregates the payments of a store's customers by source and by cohort (month of the first payment).

use std::collections::BTreeMap;

use super::{
    Basket, Churn, DAY, History, MONTH, Model, NotEnough, day_of, float, minor_units, model::HistoryKey,
};
use crate::{source::Source, time::Timestamp};

/// Months after the first payment that are reported separately.
const MAX_MONTHS: usize = 60;

/// A payment with a positive net amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Time of the payment.
    pub at: Timestamp,
    /// Net amount, in minor units of the store's currency.
    pub kept: i64,
    /// Whether it pays for a subscription.
    pub for_subscription: bool,
}

/// A customer who paid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Payer<'a> {
    /// The source of the customer.
    pub source: Source,
    /// The payments, at least one, in chronological order.
    pub receipts: &'a [Receipt],
    /// The monthly price of the running subscriptions, in minor units.
    pub monthly: f64,
}

impl Payer<'_> {
    /// The purchase history and the total of the purchases; `None` without purchases outside
    /// subscriptions.
    #[must_use]
    pub fn purchases(&self, now: Timestamp) -> Option<(History, i64)> {
        let (key, sum) = self.purchase_days(now)?;
        Some((History::of_days(key), sum))
    }

    fn purchase_days(&self, now: Timestamp) -> Option<(HistoryKey, i64)> {
        let mut bought = self.receipts.iter().filter(|receipt| !receipt.for_subscription);
        let first = bought.next()?;
        let (first_day, mut last_day, mut repeats, mut sum) =
            (day_of(first.at), day_of(first.at), 0, first.kept);
        for receipt in bought {
            let day = day_of(receipt.at);
            repeats += u32::from(day > last_day);
            last_day = last_day.max(day);
            sum = sum.saturating_add(receipt.kept);
        }
        let days = |from: i64, to: i64| u32::try_from(to - from).unwrap_or(0);
        // Clocks differ: a payment dated after `now` still counts as made.
        let today = day_of(now).max(last_day);
        Some(((repeats, days(first_day, last_day), days(first_day, today)), sum))
    }
}

/// One month after the first payment, over the customers with that month complete.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Month {
    /// Customers with this month complete.
    pub customers: u64,
    /// Their net revenue in that month.
    pub revenue: i64,
}

impl Month {
    /// Average net revenue per customer.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "an average needs no more digits than a float has")]
    pub fn per_customer(&self) -> f64 {
        self.revenue as f64 / float(self.customers.max(1))
    }
}

/// Past and expected net revenue of a group of customers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// Paying customers.
    pub customers: u64,
    /// Customers with purchases outside subscriptions.
    pub buyers: u64,
    /// Net revenue of all payments.
    pub revenue: i64,
    /// The months after the first payments.
    pub months: Vec<Month>,
    /// Expected net revenue of purchases within the horizon; `None` without a fitted model.
    pub purchases: Option<i64>,
    /// Expected net revenue of subscriptions within the horizon.
    pub subscriptions: i64,
    histories: BTreeMap<HistoryKey, (u64, i64)>,
    monthly: f64,
}

impl Group {
    fn add(&mut self, payer: &Payer<'_>, bought: Option<(HistoryKey, i64)>, now: Timestamp) {
        self.customers += 1;
        self.monthly += payer.monthly;
        if let Some((key, sum)) = bought {
            self.buyers += 1;
            let known = self.histories.entry(key).or_default();
            *known = (known.0 + 1, known.1.saturating_add(sum));
        }
        let Some(first) = payer.receipts.first() else { return };
        let month_of =
            |at: Timestamp| usize::try_from((at.millis() - first.at.millis()) / MONTH).unwrap_or(0);
        let over = month_of(now).min(MAX_MONTHS);
        if self.months.len() < over {
            self.months.resize(over, Month::default());
        }
        self.months.iter_mut().take(over).for_each(|month| month.customers += 1);
        for receipt in payer.receipts {
            self.revenue = self.revenue.saturating_add(receipt.kept);
            if let Some(month) = self.months[..over].get_mut(month_of(receipt.at)) {
                month.revenue = month.revenue.saturating_add(receipt.kept);
            }
        }
    }

    fn forecast(&mut self, model: Option<&Model>, churn: &Churn) {
        self.subscriptions = minor_units(churn.rest(self.monthly));
        let value = |model: &Model| {
            let of = |(key, (n, sum)): (&HistoryKey, &(u64, i64))| {
                model.value_of(&History::of_days(*key), *n, *sum)
            };
            minor_units(self.histories.iter().map(of).sum())
        };
        // Without buyers the expected purchases are 0: the models cover repeat purchases only.
        self.purchases = if self.buyers == 0 { Some(0) } else { model.map(value) };
    }
}

/// Collects the customers of a store, one by one.
#[derive(Clone, Debug)]
pub struct Survey {
    now: Timestamp,
    total: Group,
    by_source: BTreeMap<Source, Group>,
    by_cohort: BTreeMap<Timestamp, Group>,
    /// Number of buyers and the sum of their mean amounts, by purchase days and rounded logarithm of
    /// the mean.
    baskets: BTreeMap<(u32, i64), (u64, f64)>,
}

/// The aggregated groups and the fitted models.
#[derive(Clone, Debug, PartialEq)]
pub struct Surveyed {
    /// The fitted models, or the insufficient sample.
    pub model: Result<Model, NotEnough>,
    /// All paying customers.
    pub total: Group,
    /// Groups by source.
    pub by_source: BTreeMap<Source, Group>,
    /// Cohorts by the month of the first payment; the key is the start of the month in UTC.
    pub by_cohort: BTreeMap<Timestamp, Group>,
}

impl Survey {
    /// An empty survey as of `now`.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self {
            now,
            total: Group::default(),
            by_source: BTreeMap::new(),
            by_cohort: BTreeMap::new(),
            baskets: BTreeMap::new(),
        }
    }

    /// Adds a paying customer.
    pub fn add(&mut self, payer: &Payer<'_>) {
        let Some(first) = payer.receipts.first() else { return };
        let bought = payer.purchase_days(self.now);
        self.total.add(payer, bought, self.now);
        self.by_source.entry(payer.source).or_default().add(payer, bought, self.now);
        self.by_cohort.entry(month_start(first.at)).or_default().add(payer, bought, self.now);
        if let Some(((repeats, ..), sum)) = bought {
            #[expect(clippy::cast_precision_loss, reason = "no sum has more digits than a float")]
            let mean = sum as f64 / f64::from(repeats + 1);
            // Logarithms are rounded to hundredths, far finer than the differences between customers.
            let basket = self.baskets.entry((repeats + 1, minor_units(100.0 * mean.ln()))).or_default();
            *basket = (basket.0 + 1, basket.1 + mean);
        }
    }

    /// Fits the models to the added customers, and estimates the value of each group.
    #[must_use]
    pub fn finish(self, churn: &Churn) -> Surveyed {
        let histories = self.total.histories.iter().map(|(key, (n, _))| (*key, *n)).collect();
        let basket = |(days, n, sum): (u32, u64, f64)| (Basket { days, mean: sum / float(n) }, n);
        let baskets: Vec<(Basket, u64)> =
            self.baskets.iter().map(|((days, _), (n, sum))| basket((*days, *n, *sum))).collect();
        let model = Model::fit(&histories, &baskets);
        let Self { mut total, mut by_source, mut by_cohort, .. } = self;
        for group in by_source.values_mut().chain(by_cohort.values_mut()).chain([&mut total]) {
            group.forecast(model.as_ref().ok(), churn);
        }
        Surveyed { model, total, by_source, by_cohort }
    }
}

/// The start of the month in UTC.
fn month_start(at: Timestamp) -> Timestamp {
    let days = day_of(at);
    // Days of the month are at most 31, and their midnight is a day of the calendar.
    let day = at.to_rfc3339().and_then(|text| text.get(8..10)?.parse::<i64>().ok()).unwrap_or(1);
    Timestamp::from_millis((days - day + 1) * DAY)
}
