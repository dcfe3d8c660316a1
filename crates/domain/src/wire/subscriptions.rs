//! `/api/v1/stores/{store_id}/subscriptions`

use serde::{Deserialize, Serialize};

use super::{
    catalogue::{Price, PriceRequest, PriceResponse, interval_count, parse_price, reference},
    facts::{
        ItemName, ItemRequest, NewPayment, PaymentRequest, PersonRequest, all_or, item, payment, person,
    },
    patch::present,
};
use crate::{
    facts::{Period, Person, SubscriptionStatus},
    field_errors::FieldErrors,
    ids::{CustomerId, PlanId, SubscriptionId},
    time::Timestamp,
};

/// A subscription to report.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct SubscriptionRequest {
    /// Your own id of the subscription, at most 255 characters.
    #[cfg_attr(feature = "openapi", schema(example = "subscription-9"))]
    pub reference: String,
    /// Who subscribed.
    pub customer: PersonRequest,
    /// The plan.
    pub plan: Option<ItemRequest>,
    /// Where it stands; `active` unless told.
    pub status: Option<SubscriptionStatus>,
    /// Since when.
    pub started_at: Option<Timestamp>,
    /// The end of the period that is paid for.
    pub current_period_end: Option<Timestamp>,
    /// Whether it ends then.
    pub cancel_at_period_end: Option<bool>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// What a period costs; what the plan says unless told.
    pub price: Option<PriceRequest>,
    /// The unit of its periods; what the plan says unless told.
    pub interval: Option<Period>,
    /// How many units a period has.
    pub interval_count: Option<i64>,
    /// What was paid just now.
    pub payment: Option<PaymentRequest>,
    /// As of when this is: of several reports, the latest counts.
    pub as_of: Option<Timestamp>,
}

/// A subscription, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSubscription {
    /// The caller's id of it.
    pub reference: String,
    /// Who.
    pub person: Person,
    /// The plan.
    pub plan: Option<ItemName>,
    /// Where it stands.
    pub status: SubscriptionStatus,
    /// Since when.
    pub started_at: Option<Timestamp>,
    /// The end of the period that is paid for.
    pub period_end: Option<Timestamp>,
    /// Whether it ends then.
    pub cancel_at_period_end: bool,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// What a period costs.
    pub price: Option<Price>,
    /// The unit of its periods.
    pub interval: Option<Period>,
    /// How many units a period has.
    pub interval_count: i64,
    /// What was paid.
    pub payment: Option<NewPayment>,
    /// As of when.
    pub as_of: Option<Timestamp>,
}

/// Changes to a subscription: what is absent stays.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({"status": "canceled"})))]
#[serde(default, deny_unknown_fields)]
pub struct PatchSubscriptionRequest {
    /// Where it stands. What is `canceled` or `incomplete_expired` stays so.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = SubscriptionStatus))]
    pub status: Option<Option<SubscriptionStatus>>,
    /// The end of the period that is paid for.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Timestamp>))]
    pub current_period_end: Option<Option<Timestamp>>,
    /// Whether it ends then.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = bool))]
    pub cancel_at_period_end: Option<Option<bool>>,
    /// When it ended.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Timestamp>))]
    pub ended_at: Option<Option<Timestamp>>,
    /// As of when this is: of several reports, the latest counts.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Timestamp))]
    pub as_of: Option<Option<Timestamp>>,
}

/// Changes to a subscription, checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubscriptionPatch {
    /// Where it stands.
    pub status: Option<SubscriptionStatus>,
    /// The end of the period that is paid for.
    pub period_end: Option<Option<Timestamp>>,
    /// Whether it ends then.
    pub cancel_at_period_end: Option<bool>,
    /// When it ended.
    pub ended_at: Option<Option<Timestamp>>,
    /// As of when.
    pub as_of: Option<Timestamp>,
}

impl TryFrom<SubscriptionRequest> for NewSubscription {
    type Error = FieldErrors;

    fn try_from(request: SubscriptionRequest) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let reference = reference(&request.reference, "/reference", &mut errors);
        let person = person(request.customer, &mut errors);
        let plan = request.plan.map(|plan| item(plan, "/plan", &mut errors));
        let price = request.price.and_then(|price| parse_price(&price, "/price", &mut errors));
        let interval_count = interval_count(request.interval_count, &mut errors);
        let payment = payment(request.payment, &reference, &mut errors);
        let checked = person.map(|person| Self {
            reference,
            person,
            plan,
            status: request.status.unwrap_or(SubscriptionStatus::Active),
            started_at: request.started_at,
            period_end: request.current_period_end,
            cancel_at_period_end: request.cancel_at_period_end.unwrap_or(false),
            ended_at: request.ended_at,
            price,
            interval: request.interval,
            interval_count,
            payment,
            as_of: request.as_of,
        });
        all_or(checked, errors)
    }
}

impl TryFrom<PatchSubscriptionRequest> for SubscriptionPatch {
    type Error = FieldErrors;

    fn try_from(request: PatchSubscriptionRequest) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let patch = Self {
            status: errors.not_null("/status", request.status),
            period_end: request.current_period_end,
            cancel_at_period_end: errors.not_null("/cancel_at_period_end", request.cancel_at_period_end),
            ended_at: request.ended_at,
            as_of: errors.not_null("/as_of", request.as_of),
        };
        errors.into_result(patch)
    }
}

/// A subscription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SubscriptionResponse {
    /// Its id.
    pub id: SubscriptionId,
    /// Your own id of it.
    pub reference: String,
    /// Whose it is.
    pub customer_id: CustomerId,
    /// The plan.
    pub plan_id: Option<PlanId>,
    /// What the plan is called.
    pub plan_title: Option<String>,
    /// Where it stands.
    pub status: SubscriptionStatus,
    /// Since when.
    pub started_at: Timestamp,
    /// The end of the period that is paid for.
    pub current_period_end: Option<Timestamp>,
    /// Whether it ends then.
    pub cancel_at_period_end: bool,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// What a period costs; null for who does not see money.
    pub price: Option<PriceResponse>,
    /// The unit of its periods.
    pub interval: Option<Period>,
    /// How many units a period has.
    pub interval_count: Option<i64>,
}
