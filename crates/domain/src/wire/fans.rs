//! `/api/v1/stores/{store_id}/fans`

use serde::{Deserialize, Serialize};

use crate::{
    consent::Consent,
    customer::{Attributes, CustomerStatus},
    fan::{Fan, FanType},
    ids::{FanId, UserId},
    source::Source,
    tag::TagName,
    time::Timestamp,
};

/// One fan: a customer of the store, or an account that is not yet a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FanResponse {
    /// The customer's id, or the account's.
    pub id: FanId,
    /// What they are to the store.
    pub r#type: FanType,
    /// The address as typed.
    #[cfg_attr(feature = "openapi", schema(example = "ava.lindqvist@example.com"))]
    pub email: String,
    /// The name to show.
    #[cfg_attr(feature = "openapi", schema(example = "Ava Lindqvist"))]
    pub name: Option<String>,
    /// The name they publish under.
    pub alias: Option<String>,
    /// The account's picture.
    pub avatar_url: Option<String>,
    /// Whether there is an account.
    pub has_account: bool,
    /// The account.
    pub user_id: Option<UserId>,
    /// Where they came from.
    pub source: Source,
    /// More of it, such as a course title.
    pub source_detail: Option<String>,
    /// Whether they may be mailed; null for an account that is no customer.
    pub consent: Option<Consent>,
    /// Active or inactive; null for an account that is no customer.
    pub status: Option<CustomerStatus>,
    /// Names of their tags, in alphabetical order.
    pub tags: Vec<String>,
    /// Profile and custom fields by key.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, crate::customer::AttributeValue>))]
    pub attributes: Attributes,
    /// Paid minus refunded, in minor units of the store's currency; null for an account, and for who
    /// does not see money.
    pub total_spent: Option<i64>,
    /// Points; null until there are any.
    pub score: Option<i64>,
    /// When they became known.
    pub created_at: Timestamp,
    /// When anything was last heard of them.
    pub last_activity_at: Option<Timestamp>,
    /// Courses that they are enrolled in, latest first; only when included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub courses: Option<Vec<FanCourseResponse>>,
    /// Products that they bought, each once, latest first; only when included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub products: Option<Vec<FanProductResponse>>,
}

/// A course that a fan is enrolled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FanCourseResponse {
    /// What it is called.
    #[cfg_attr(feature = "openapi", schema(example = "Mixing 101"))]
    pub title: String,
    /// How much of it is done, in per cent.
    #[cfg_attr(feature = "openapi", schema(example = 40))]
    pub progress: i64,
}

/// A product that a fan bought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FanProductResponse {
    /// What it is called.
    #[cfg_attr(feature = "openapi", schema(example = "Lo-fi sample pack"))]
    pub title: String,
}

impl From<Fan> for FanResponse {
    fn from(fan: Fan) -> Self {
        let (id, r#type, name, has_account) = (fan.id(), fan.kind(), fan.name(), fan.has_account());
        let (source, created_at, last_activity_at) = (fan.source(), fan.created_at(), fan.last_activity_at());
        match fan {
            Fan::Customer(customer, account) => {
                let fields = customer.fields;
                Self {
                    id,
                    r#type,
                    email: customer.email,
                    name,
                    alias: fields.alias,
                    avatar_url: account.and_then(|account| account.avatar_url),
                    has_account,
                    user_id: customer.user_id,
                    source,
                    source_detail: fields.source_detail,
                    consent: Some(fields.consent),
                    status: Some(fields.status),
                    tags: fields.tags.iter().map(|tag: &TagName| tag.name().to_owned()).collect(),
                    attributes: fields.attributes,
                    total_spent: Some(fields.total_spent),
                    score: fields.score,
                    created_at,
                    last_activity_at,
                    courses: None,
                    products: None,
                }
            }
            Fan::User(user, email) => Self {
                id,
                r#type,
                email,
                name,
                alias: None,
                avatar_url: user.avatar_url,
                has_account,
                user_id: Some(user.id),
                source,
                source_detail: None,
                consent: None,
                status: None,
                tags: Vec::new(),
                attributes: Attributes::new(),
                total_spent: None,
                score: None,
                created_at,
                last_activity_at,
                courses: None,
                products: None,
            },
        }
    }
}

/// How many fans there are. Exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FanCountsResponse {
    /// All of them.
    #[cfg_attr(feature = "openapi", schema(example = 47532))]
    pub total: u64,
    /// Customers who have not paid.
    #[cfg_attr(feature = "openapi", schema(example = 46060))]
    pub lead: u64,
    /// Customers who have paid.
    #[cfg_attr(feature = "openapi", schema(example = 1042))]
    pub paying: u64,
    /// Customers with a running subscription.
    #[cfg_attr(feature = "openapi", schema(example = 242))]
    pub subscription: u64,
    /// Accounts that are not yet customers.
    #[cfg_attr(feature = "openapi", schema(example = 188))]
    pub user: u64,
}

impl FanCountsResponse {
    /// The count of one type.
    pub fn of(&mut self, kind: FanType) -> &mut u64 {
        match kind {
            FanType::Lead => &mut self.lead,
            FanType::Paying => &mut self.paying,
            FanType::Subscription => &mut self.subscription,
            FanType::User => &mut self.user,
        }
    }

    /// Sets the total to the sum of the types.
    #[must_use]
    pub fn summed(mut self) -> Self {
        self.total = self.lead + self.paying + self.subscription + self.user;
        self
    }
}

/// A page of fans.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FanPage {
    /// The fans, in the order asked for.
    pub items: Vec<FanResponse>,
    /// Continues after the last one; null at the end of the list.
    pub next_cursor: Option<String>,
    /// Leads to what precedes the first one; null at the start of the list.
    pub prev_cursor: Option<String>,
    /// The rank of the first item in the list, from 0; only for a page asked for by `at`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<u64>,
}

/// The fans counted anew, and how far the counters were off.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecountResponse {
    /// What was counted.
    pub counts: FanCountsResponse,
    /// By how much each counter of the store that was not exact is too high; empty when all are exact.
    pub drift: std::collections::BTreeMap<String, i64>,
    /// By how much the number of accounts of the whole platform is too high, which all stores
    /// share; 0 when it is exact.
    pub accounts_drift: i64,
}
