//! `/api/v1/stores/{store_id}/conversion`

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// From contact to account to purchase. Rates are shares from 0 to 1, null of nobody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConversionResponse {
    /// Customers of the store, whatever their type.
    #[cfg_attr(feature = "openapi", schema(example = 47344))]
    pub customers: u64,
    /// Of them, those who bought or subscribe, with an account or without: as many as have these types.
    #[cfg_attr(feature = "openapi", schema(example = 3645))]
    pub paying: u64,
    /// Of the customers, those who have an account.
    #[cfg_attr(feature = "openapi", schema(example = 124))]
    pub with_account: u64,
    /// Of those with an account, those who bought or subscribe.
    #[cfg_attr(feature = "openapi", schema(example = 31))]
    pub bought: u64,
    /// Accounts that the store sees, customers or not.
    #[cfg_attr(feature = "openapi", schema(example = 312))]
    pub accounts: u64,
    /// Of the customers, the share that bought or subscribes.
    #[cfg_attr(feature = "openapi", schema(example = 0.077))]
    pub contacts_to_paying: Option<f64>,
    /// Of the customers, the share that has an account.
    #[cfg_attr(feature = "openapi", schema(example = 0.0026))]
    pub fans_to_accounts: Option<f64>,
    /// Of the accounts that the store sees, the share that bought or subscribes.
    #[cfg_attr(feature = "openapi", schema(example = 0.0994))]
    pub accounts_to_customers: Option<f64>,
    /// The same of the customers by when they became known, oldest period first.
    pub cohorts: Vec<CohortResponse>,
}

/// The customers who became known in a period, and how far they are today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CohortResponse {
    /// When the period starts.
    pub starts_at: Timestamp,
    /// Customers who became known in it.
    #[cfg_attr(feature = "openapi", schema(example = 1204))]
    pub customers: u64,
    /// Of them, those who bought or subscribe, with an account or without.
    #[cfg_attr(feature = "openapi", schema(example = 93))]
    pub paying: u64,
    /// Of the customers, those who have an account.
    #[cfg_attr(feature = "openapi", schema(example = 17))]
    pub with_account: u64,
    /// Of those with an account, those who bought or subscribe.
    #[cfg_attr(feature = "openapi", schema(example = 4))]
    pub bought: u64,
}
