//! `/api/v1/stores/{store_id}/overview`

use serde::{Deserialize, Serialize};

use super::fans::FanCountsResponse;
use crate::{consent::Consent, source::Source, text_enum, time::Timestamp};

text_enum! {
    /// How long a step of the growth is.
    pub enum Period {
        /// From midnight to midnight.
        Day = "day",
        /// From Monday to Monday.
        Week = "week",
        /// From the first of a month to the next.
        Month = "month",
    }
}

/// The audience at a glance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OverviewResponse {
    /// How today's fans came, oldest period first: the periods up to the present one, 36 at most,
    /// from the first one that brought somebody.
    pub growth: Vec<GrowthResponse>,
    /// The fans by type.
    pub by_type: FanCountsResponse,
    /// The customers by where they came from; the largest first, none with nobody.
    pub by_source: Vec<SourceCountResponse>,
    /// The customers by whether they may be mailed; every consent, in the order of permission.
    pub by_consent: Vec<ConsentCountResponse>,
}

/// What a period brought: of the fans that there are now, those who became known in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GrowthResponse {
    /// When the period starts: midnight at the offset that was asked for.
    pub starts_at: Timestamp,
    /// Customers who became known in it.
    #[cfg_attr(feature = "openapi", schema(example = 1204))]
    pub new_customers: u64,
    /// Accounts that signed up in it and are not customers.
    #[cfg_attr(feature = "openapi", schema(example = 17))]
    pub new_accounts: u64,
    /// Customers at its end.
    #[cfg_attr(feature = "openapi", schema(example = 47344))]
    pub customers: u64,
    /// Customers and accounts at its end.
    #[cfg_attr(feature = "openapi", schema(example = 47532))]
    pub fans: u64,
}

/// How many customers came from somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SourceCountResponse {
    /// Where they came from.
    pub source: Source,
    /// How many.
    #[cfg_attr(feature = "openapi", schema(example = 46060))]
    pub count: u64,
}

/// How many customers have a consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConsentCountResponse {
    /// Whether they may be mailed.
    pub consent: Consent,
    /// How many.
    #[cfg_attr(feature = "openapi", schema(example = 39415))]
    pub count: u64,
}
