//! What customers are worth: of the API's answers, what the app shows.

use fanbase_domain::{
    ids::{CustomerId, StoreId},
    money::Currency,
    source::Source,
    time::Timestamp,
    wire::worth::PurchaseMethod,
};
use serde::Deserialize;

use super::{ApiError, http};

/// What a customer is worth.
#[derive(Deserialize)]
pub(crate) struct CustomerValue {
    pub currency: Currency,
    /// Paid minus refunded; nothing for who does not see money.
    pub historic: Option<i64>,
    /// Payments of which the store keeps something.
    pub payments: u64,
    pub predicted: Option<Prediction>,
}

/// What is expected of a customer.
#[derive(Deserialize)]
pub(crate) struct Prediction {
    pub horizon_months: u32,
    /// Nothing where there is too little to go by.
    pub total: Option<i64>,
    pub purchases: Part,
    pub subscriptions: Part,
}

/// A part of it.
#[derive(Deserialize)]
pub(crate) struct Part {
    pub amount: Option<i64>,
}

/// What the customers of a store are worth, in groups.
#[derive(Deserialize)]
pub(crate) struct StoreValue {
    pub currency: Currency,
    pub horizon_months: u32,
    pub method: Method,
    pub total: Group,
    pub groups: Vec<Group>,
}

/// How it was predicted.
#[derive(Deserialize)]
pub(crate) struct Method {
    pub purchases: PurchaseMethod,
}

/// Some customers.
#[derive(Deserialize)]
pub(crate) struct Group {
    pub source: Option<Source>,
    /// The month in which they paid first.
    pub starts_at: Option<Timestamp>,
    pub customers: u64,
    pub revenue: i64,
    pub predicted: Expected,
    pub months: Vec<Month>,
}

/// What is expected of them.
#[derive(Deserialize)]
pub(crate) struct Expected {
    pub subscriptions: i64,
    pub total: Option<i64>,
}

/// A month after their first payments.
#[derive(Deserialize)]
pub(crate) struct Month {
    pub month: u32,
    /// What one of them paid up to its end, on average.
    pub per_customer: i64,
}

/// What a customer is worth.
pub(crate) async fn get_customer_value(store: StoreId, id: CustomerId) -> Result<CustomerValue, ApiError> {
    http::get(format!("/stores/{store}/customers/{id}/value")).await
}

/// What all who paid are worth, `by` their source or cohort.
pub(crate) async fn get_store_value(store: StoreId, by: &'static str) -> Result<StoreValue, ApiError> {
    http::get(format!("/stores/{store}/value?by={by}")).await
}
