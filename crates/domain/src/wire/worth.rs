//! `/api/v1/stores/{store_id}/value` and `/api/v1/stores/{store_id}/customers/{customer_id}/value`

use serde::{Deserialize, Serialize};

use crate::{
    money::Currency,
    source::Source,
    text_enum,
    time::Timestamp,
    worth::{Churn, Forecast, Group, HORIZON_MONTHS, History, Model, NotEnough, Surveyed, minor_units},
};

text_enum! {
    /// How the customers of a store are grouped.
    pub enum ValueBy {
        /// By where they came from.
        Source = "source",
        /// By the month in which they paid first.
        Cohort = "cohort",
    }
}

text_enum! {
    /// Where a prediction of purchases comes from.
    pub enum PurchaseMethod {
        /// BG/NBD and Gamma-Gamma, fitted to the store.
        Models = "bg_nbd_gamma_gamma",
        /// Nothing was bought, of which the models know nothing.
        NothingBought = "nothing_bought",
        /// The store sold too little to say anything: there is no number.
        NotEnoughData = "not_enough_data",
    }
}

/// What customers of a store are worth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StoreValueResponse {
    /// How they are grouped.
    pub by: ValueBy,
    /// What the amounts are in.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "USD"))]
    pub currency: Currency,
    /// When this was found out. It is kept for a while, at most an hour, once finding it out takes long.
    pub made_at: Timestamp,
    /// How far predictions reach.
    #[cfg_attr(feature = "openapi", schema(example = 12))]
    pub horizon_months: u32,
    /// How predictions are made.
    pub method: MethodResponse,
    /// All of them together.
    pub total: ValueGroupResponse,
    /// The groups: sources by revenue, the largest first; cohorts by time, the oldest first.
    pub groups: Vec<ValueGroupResponse>,
}

/// How the predictions of a store are made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MethodResponse {
    /// Whether the models could be fitted.
    pub purchases: PurchaseMethod,
    /// The models of purchases, where there are any.
    pub model: Option<Model>,
    /// What there is, where it is not enough for them.
    pub not_enough: Option<NotEnough>,
    /// What was seen of subscriptions.
    pub churn: Churn,
    /// How likely a subscription is to end within a month.
    #[cfg_attr(feature = "openapi", schema(example = 0.046))]
    pub monthly_churn: f64,
}

/// What some of the customers of a store are worth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ValueGroupResponse {
    /// Where they came from; null for other groups.
    pub source: Option<Source>,
    /// The first moment (UTC) of the month in which they paid first; null for other groups.
    pub starts_at: Option<Timestamp>,
    /// How many of them paid.
    #[cfg_attr(feature = "openapi", schema(example = 1204))]
    pub customers: u64,
    /// How many of those bought something, beside subscriptions.
    #[cfg_attr(feature = "openapi", schema(example = 1101))]
    pub buyers: u64,
    /// What the store keeps of what they paid.
    #[cfg_attr(feature = "openapi", schema(example = 9_840_000))]
    pub revenue: i64,
    /// What they are going to pay within the horizon, as far as that can be said.
    pub predicted: PredictedResponse,
    /// The months after their first payments.
    pub months: Vec<ValueMonthResponse>,
}

/// What is expected within the horizon, in minor units, undiscounted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PredictedResponse {
    /// For purchases; null where that cannot be said.
    #[cfg_attr(feature = "openapi", schema(example = 1_250_000))]
    pub purchases: Option<i64>,
    /// For subscriptions that run.
    #[cfg_attr(feature = "openapi", schema(example = 830_000))]
    pub subscriptions: i64,
    /// Both; null where one is.
    #[cfg_attr(feature = "openapi", schema(example = 2_080_000))]
    pub total: Option<i64>,
}

/// A month after first payments, of those customers for whom it is over.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ValueMonthResponse {
    /// Which: 0 begins with the first payment. A month is a twelfth of a year.
    #[cfg_attr(feature = "openapi", schema(example = 0))]
    pub month: u32,
    /// For how many of them it is over.
    #[cfg_attr(feature = "openapi", schema(example = 1180))]
    pub customers: u64,
    /// What the store keeps of what these paid in it.
    #[cfg_attr(feature = "openapi", schema(example = 5_310_000))]
    pub revenue: i64,
    /// What one of them paid up to its end, on average: the averages of the months, added up.
    #[cfg_attr(feature = "openapi", schema(example = 4500))]
    pub per_customer: i64,
}

/// What a customer is worth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CustomerValueResponse {
    /// What the amounts are in.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "USD"))]
    pub currency: Currency,
    /// Paid minus refunded so far, as `total_spent`; null for who does not see money.
    #[cfg_attr(feature = "openapi", schema(example = 12_900))]
    pub historic: Option<i64>,
    /// What the store keeps, by currency; null for who does not see money. Without what an import said.
    pub kept: Option<Vec<KeptResponse>>,
    /// Payments of which the store keeps something.
    #[cfg_attr(feature = "openapi", schema(example = 4))]
    pub payments: u64,
    /// When the first of them was made.
    pub first_payment_at: Option<Timestamp>,
    /// When the last of them was made.
    pub last_payment_at: Option<Timestamp>,
    /// What is expected of them; null for who does not see money.
    pub predicted: Option<PredictionResponse>,
}

/// What the store keeps in a currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeptResponse {
    /// The currency.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "EUR"))]
    pub currency: Currency,
    /// How much, in minor units.
    #[cfg_attr(feature = "openapi", schema(example = 900))]
    pub amount: i64,
}

/// What is expected of a customer within the horizon.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PredictionResponse {
    /// How far it reaches.
    #[cfg_attr(feature = "openapi", schema(example = 12))]
    pub horizon_months: u32,
    /// As of when the store's models are.
    pub made_at: Timestamp,
    /// In all, in minor units, undiscounted; null where the purchases are.
    #[cfg_attr(feature = "openapi", schema(example = 9_700))]
    pub total: Option<i64>,
    /// What they buy.
    pub purchases: PredictedPurchasesResponse,
    /// What their subscriptions bring.
    pub subscriptions: PredictedSubscriptionsResponse,
}

/// What a customer is expected to buy within the horizon.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PredictedPurchasesResponse {
    /// Where this comes from.
    pub method: PurchaseMethod,
    /// For how much, in minor units; null where that cannot be said.
    #[cfg_attr(feature = "openapi", schema(example = 3_100))]
    pub amount: Option<i64>,
    /// On how many days they did so far.
    #[cfg_attr(feature = "openapi", schema(example = 3))]
    pub days: u32,
    /// On how many more they are expected to.
    #[cfg_attr(feature = "openapi", schema(example = 0.63))]
    pub expected_days: Option<f64>,
    /// What they are expected to spend on such a day, in minor units.
    #[cfg_attr(feature = "openapi", schema(example = 4_900))]
    pub expected_amount: Option<i64>,
    /// How likely it is that they buy any more.
    #[cfg_attr(feature = "openapi", schema(example = 0.81))]
    pub probability_active: Option<f64>,
}

/// What the subscriptions of a customer are expected to bring within the horizon.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PredictedSubscriptionsResponse {
    /// How much, in minor units.
    #[cfg_attr(feature = "openapi", schema(example = 6_600))]
    pub amount: i64,
    /// What those that go on cost a month, in minor units of the store's currency.
    #[cfg_attr(feature = "openapi", schema(example = 900))]
    pub monthly: i64,
    /// How likely a subscription of the store is to end within a month.
    #[cfg_attr(feature = "openapi", schema(example = 0.046))]
    pub monthly_churn: f64,
}

/// What was found out about a store: both answers, as they are kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ValueReport {
    /// When.
    pub made_at: Timestamp,
    /// How predictions are made.
    pub method: MethodResponse,
    /// All customers who paid.
    pub total: ValueGroupResponse,
    /// By where they came from, the most revenue first.
    pub by_source: Vec<ValueGroupResponse>,
    /// By the month of the first payment, the oldest first.
    pub by_cohort: Vec<ValueGroupResponse>,
}

impl ValueReport {
    /// What a survey found.
    #[must_use]
    pub fn new(made_at: Timestamp, surveyed: &Surveyed, churn: Churn) -> Self {
        let Surveyed { model, total, by_source, by_cohort } = surveyed;
        let method = MethodResponse {
            purchases: match model {
                Ok(_) => PurchaseMethod::Models,
                Err(there_is) if there_is.buyers == 0 => PurchaseMethod::NothingBought,
                Err(_) => PurchaseMethod::NotEnoughData,
            },
            model: model.ok(),
            not_enough: model.err(),
            churn,
            monthly_churn: churn.monthly(),
        };
        let mut by_source: Vec<ValueGroupResponse> =
            by_source.iter().map(|(source, of)| group(of, Some(*source), None)).collect();
        by_source.sort_by_key(|group| std::cmp::Reverse(group.revenue));
        let by_cohort = by_cohort.iter().map(|(at, of)| group(of, None, Some(*at))).collect();
        Self { made_at, method, total: group(total, None, None), by_source, by_cohort }
    }

    /// The answer about groups of one kind.
    #[must_use]
    pub fn answer(self, by: ValueBy, currency: Currency) -> StoreValueResponse {
        let Self { made_at, method, total, by_source, by_cohort } = self;
        let groups = match by {
            ValueBy::Source => by_source,
            ValueBy::Cohort => by_cohort,
        };
        StoreValueResponse { by, currency, made_at, horizon_months: HORIZON_MONTHS, method, total, groups }
    }

    /// What is expected of a customer, from when and for how much they bought, and what their
    /// subscriptions cost a month.
    #[must_use]
    pub fn prediction(&self, bought: Option<(History, i64)>, monthly: f64) -> PredictionResponse {
        let forecast = |model: Model| bought.map(|(history, sum)| model.forecast(&history, sum));
        let forecast: Option<Forecast> = self.method.model.and_then(forecast);
        let (method, amount) = match (bought, forecast) {
            (None, _) => (PurchaseMethod::NothingBought, Some(0)),
            (_, Some(forecast)) => (PurchaseMethod::Models, Some(forecast.value)),
            (_, None) => (PurchaseMethod::NotEnoughData, None),
        };
        let subscriptions = PredictedSubscriptionsResponse {
            amount: minor_units(self.method.churn.rest(monthly)),
            monthly: minor_units(monthly),
            monthly_churn: self.method.monthly_churn,
        };
        PredictionResponse {
            horizon_months: HORIZON_MONTHS,
            made_at: self.made_at,
            total: amount.map(|amount| amount.saturating_add(subscriptions.amount)),
            purchases: PredictedPurchasesResponse {
                method,
                amount,
                days: bought.map_or(0, |(history, _)| history.repeats + 1),
                expected_days: forecast.map(|forecast| forecast.days),
                expected_amount: forecast.map(|forecast| forecast.amount),
                probability_active: forecast.map(|forecast| forecast.probability_active),
            },
            subscriptions,
        }
    }
}

fn group(of: &Group, source: Option<Source>, starts_at: Option<Timestamp>) -> ValueGroupResponse {
    let mut per_customer = 0.0;
    let months = of.months.iter().zip(0..).map(|(of, month)| {
        per_customer += of.per_customer();
        let per_customer = minor_units(per_customer);
        ValueMonthResponse { month, customers: of.customers, revenue: of.revenue, per_customer }
    });
    let months = months.collect();
    let (purchases, subscriptions) = (of.purchases, of.subscriptions);
    let total = purchases.map(|purchases| purchases.saturating_add(subscriptions));
    ValueGroupResponse {
        source,
        starts_at,
        customers: of.customers,
        buyers: of.buyers,
        revenue: of.revenue,
        predicted: PredictedResponse { purchases, subscriptions, total },
        months,
    }
}
