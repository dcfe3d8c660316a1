//! `/api/v1/stores/{store_id}/enrollments`, `/purchases`, `/refunds` and `/subscriptions`, and what
//! of them a customer has
//!
//! References are the caller's own ids. Times that are absent are now.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    catalogue::{
        ItemKind, Price, PriceRequest, PriceResponse, amount, interval_count, parse_price, reference, title,
    },
    patch::present,
};
use crate::{
    email::Email,
    facts::{Percent, Period, Person, RefundKind, RefundState, SubscriptionStatus},
    field_errors::FieldErrors,
    ids::{CourseId, CustomerId, EnrollmentId, PaymentId, PlanId, PurchaseId, SubscriptionId},
    time::Timestamp,
};

/// Longest name, in characters.
const MAX_NAME: usize = 200;

/// Who it is about. A customer of the store is made if there is none of the address.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct PersonRequest {
    /// The address, which decides who it is.
    #[cfg_attr(feature = "openapi", schema(example = "ava.lindqvist@example.com"))]
    pub email: String,
    /// First name; like the other names only for who has none yet.
    #[cfg_attr(feature = "openapi", schema(example = "Ava"))]
    pub first_name: Option<String>,
    /// Last name.
    #[cfg_attr(feature = "openapi", schema(example = "Lindqvist"))]
    pub last_name: Option<String>,
    /// Full name, where only that is known.
    pub name: Option<String>,
}

/// Something of the catalogue.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ItemRequest {
    /// Your own id of it.
    #[cfg_attr(feature = "openapi", schema(example = "mixing-101"))]
    pub reference: String,
    /// What it is called. With it, what the catalogue does not have yet is made.
    #[cfg_attr(feature = "openapi", schema(example = "Mixing 101"))]
    pub title: Option<String>,
}

/// Something of the catalogue, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemName {
    /// The caller's id of it.
    pub reference: String,
    /// What it is called.
    pub title: Option<String>,
}

/// A payment that an enrolment, purchase or subscription comes with.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PaymentRequest {
    /// Your own id of the payment, by which refunds name it; that of what was bought unless told. Where Stripe
    /// reports the payment as well, its id there (`pi_…`), so that it counts once.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(example = "order-1017"))]
    pub reference: Option<String>,
    /// Minor units of the currency; whole units where it has none, as with yen.
    #[cfg_attr(feature = "openapi", schema(example = 4900))]
    pub amount: i64,
    /// An ISO 4217 code; the store's currency unless told.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(example = "USD"))]
    pub currency: Option<String>,
    /// When it was paid.
    #[serde(default)]
    pub paid_at: Option<Timestamp>,
}

/// A payment, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPayment {
    /// The caller's id of it.
    pub reference: String,
    /// How much.
    pub price: Price,
    /// When.
    pub paid_at: Option<Timestamp>,
}

/// An enrolment to report.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct EnrollmentRequest {
    /// Your own id of the enrolment, at most 255 characters.
    #[cfg_attr(feature = "openapi", schema(example = "enrollment-77"))]
    pub reference: String,
    /// Who enrolled.
    pub customer: PersonRequest,
    /// In what.
    pub course: ItemRequest,
    /// Since when.
    pub enrolled_at: Option<Timestamp>,
    /// How much of the course is done, 0 to 100.
    #[cfg_attr(feature = "openapi", schema(example = 0))]
    pub progress: Option<i64>,
    /// When the course was last opened.
    pub accessed_at: Option<Timestamp>,
    /// What was paid for it, unless it is free or paid for elsewhere.
    pub payment: Option<PaymentRequest>,
    /// As of when this is: of several reports, the latest counts.
    pub as_of: Option<Timestamp>,
}

/// An enrolment, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEnrollment {
    /// The caller's id of it.
    pub reference: String,
    /// Who.
    pub person: Person,
    /// In what.
    pub course: ItemName,
    /// Since when.
    pub enrolled_at: Option<Timestamp>,
    /// What of it is done, and when it was opened.
    pub progress: ProgressReport,
    /// What was paid.
    pub payment: Option<NewPayment>,
}

/// What is reported of the progress in a course: what is absent stays.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({"progress": 40})))]
#[serde(default, deny_unknown_fields)]
pub struct PatchEnrollmentRequest {
    /// How much of the course is done, 0 to 100. All of it completes it.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub progress: Option<Option<i64>>,
    /// When the course was last opened.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Timestamp))]
    pub accessed_at: Option<Option<Timestamp>>,
    /// As of when this is: of several reports, the latest counts.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Timestamp))]
    pub as_of: Option<Option<Timestamp>>,
}

/// What is reported of the progress in a course, checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProgressReport {
    /// How much is done.
    pub percent: Option<Percent>,
    /// When it was opened.
    pub accessed_at: Option<Timestamp>,
    /// As of when.
    pub as_of: Option<Timestamp>,
}

/// A purchase to report.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct PurchaseRequest {
    /// Your own id of the purchase, at most 255 characters.
    #[cfg_attr(feature = "openapi", schema(example = "order-1017"))]
    pub reference: String,
    /// Who bought.
    pub customer: PersonRequest,
    /// The product that was bought; or a course, or neither.
    pub product: Option<ItemRequest>,
    /// The course that was bought.
    pub course: Option<ItemRequest>,
    /// What was bought, where the catalogue has no entry for it.
    pub title: Option<String>,
    /// What was paid. Without, the purchase counts for nothing until its payment is reported.
    pub payment: Option<PaymentRequest>,
    /// When.
    pub purchased_at: Option<Timestamp>,
}

/// A purchase, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPurchase {
    /// The caller's id of it.
    pub reference: String,
    /// Who.
    pub person: Person,
    /// What of the catalogue.
    pub item: Option<(ItemKind, ItemName)>,
    /// What else.
    pub title: Option<String>,
    /// What was paid.
    pub payment: Option<NewPayment>,
    /// When.
    pub purchased_at: Option<Timestamp>,
}

/// A refund to report.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct RefundRequest {
    /// Your own id of the refund, at most 255 characters.
    #[cfg_attr(feature = "openapi", schema(example = "refund-3"))]
    pub reference: String,
    /// The reference of the payment. It may be reported later than its refund.
    #[cfg_attr(feature = "openapi", schema(example = "order-1017"))]
    pub payment: String,
    /// Minor units of the payment's currency.
    #[cfg_attr(feature = "openapi", schema(example = 4900))]
    pub amount: i64,
    /// When.
    pub refunded_at: Option<Timestamp>,
}

/// A refund, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRefund {
    /// The caller's id of it.
    pub reference: String,
    /// A name of the payment.
    pub payment: String,
    /// How much.
    pub amount: i64,
    /// When.
    pub refunded_at: Option<Timestamp>,
}

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

impl TryFrom<EnrollmentRequest> for NewEnrollment {
    type Error = FieldErrors;

    fn try_from(request: EnrollmentRequest) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let reference = reference(&request.reference, "/reference", &mut errors);
        let person = person(request.customer, &mut errors);
        let course = item(request.course, "/course", &mut errors);
        let percent = percent(request.progress, &mut errors);
        let payment = payment(request.payment, &reference, &mut errors);
        let EnrollmentRequest { enrolled_at, accessed_at, as_of, .. } = request;
        let progress = ProgressReport { percent, accessed_at, as_of };
        let checked = person.map(|person| Self { reference, person, course, enrolled_at, progress, payment });
        all_or(checked, errors)
    }
}

impl TryFrom<PatchEnrollmentRequest> for ProgressReport {
    type Error = FieldErrors;

    fn try_from(request: PatchEnrollmentRequest) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let progress = errors.not_null("/progress", request.progress);
        let report = Self {
            percent: percent(progress, &mut errors),
            accessed_at: errors.not_null("/accessed_at", request.accessed_at),
            as_of: errors.not_null("/as_of", request.as_of),
        };
        errors.into_result(report)
    }
}

impl TryFrom<PurchaseRequest> for NewPurchase {
    type Error = FieldErrors;

    fn try_from(request: PurchaseRequest) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let reference = reference(&request.reference, "/reference", &mut errors);
        let person = person(request.customer, &mut errors);
        if request.product.is_some() && request.course.is_some() {
            errors.add("/course", "too_many", "A product or a course, not both: report two purchases.");
        }
        let product = request.product.map(|name| (ItemKind::Product, item(name, "/product", &mut errors)));
        let course = request.course.map(|name| (ItemKind::Course, item(name, "/course", &mut errors)));
        let title = request.title.map(|text| title(&text, "/title", &mut errors));
        let payment = payment(request.payment, &reference, &mut errors);
        let (item, purchased_at) = (product.or(course), request.purchased_at);
        let checked = person.map(|person| Self { reference, person, item, title, payment, purchased_at });
        all_or(checked, errors)
    }
}

impl TryFrom<RefundRequest> for NewRefund {
    type Error = FieldErrors;

    fn try_from(request: RefundRequest) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let refund = Self {
            reference: reference(&request.reference, "/reference", &mut errors),
            payment: reference(&request.payment, "/payment", &mut errors),
            amount: amount(request.amount, "/amount", &mut errors).unwrap_or_default(),
            refunded_at: request.refunded_at,
        };
        if refund.amount == 0 && errors.is_empty() {
            errors.add("/amount", "out_of_range", "A refund gives something back.");
        }
        errors.into_result(refund)
    }
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

/// Nothing is missing unless that was noted.
fn all_or<T>(checked: Option<T>, errors: FieldErrors) -> Result<T, FieldErrors> {
    match checked {
        Some(checked) => errors.into_result(checked),
        None => Err(errors),
    }
}

fn person(request: PersonRequest, errors: &mut FieldErrors) -> Option<Person> {
    let email = Email::parse(&request.email)
        .map_err(|error| errors.add("/customer/email", error.code(), error.to_string()))
        .ok();
    let mut text = |name: &str, value: Option<String>| {
        errors.text(&format!("/customer/{name}"), value.as_deref(), MAX_NAME)
    };
    let first_name = text("first_name", request.first_name);
    let last_name = text("last_name", request.last_name);
    let full_name = text("name", request.name);
    email.map(|email| Person { email, first_name, last_name, full_name })
}

fn item(request: ItemRequest, pointer: &str, errors: &mut FieldErrors) -> ItemName {
    ItemName {
        reference: reference(&request.reference, &format!("{pointer}/reference"), errors),
        title: request.title.map(|text| title(&text, &format!("{pointer}/title"), errors)),
    }
}

fn percent(progress: Option<i64>, errors: &mut FieldErrors) -> Option<Percent> {
    let percent = Percent::parse(progress?);
    if percent.is_none() {
        errors.add("/progress", "out_of_range", "0 to 100.");
    }
    percent
}

fn payment(request: Option<PaymentRequest>, of: &str, errors: &mut FieldErrors) -> Option<NewPayment> {
    let PaymentRequest { reference: own, amount, currency, paid_at } = request?;
    let reference = match own {
        Some(own) => reference(&own, "/payment/reference", errors),
        None => of.to_owned(),
    };
    let price = parse_price(&PriceRequest { amount, currency }, "/payment", errors)?;
    Some(NewPayment { reference, price, paid_at })
}

/// An enrolment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnrollmentResponse {
    /// Its id.
    pub id: EnrollmentId,
    /// Your own id of it.
    pub reference: String,
    /// Whose it is.
    pub customer_id: CustomerId,
    /// The course.
    pub course_id: CourseId,
    /// What the course is called.
    pub course_title: String,
    /// Since when.
    pub enrolled_at: Timestamp,
    /// How much of the course is done, 0 to 100.
    pub progress: u8,
    /// When the course was last opened.
    pub accessed_at: Option<Timestamp>,
    /// When all of it was done for the first time.
    pub completed_at: Option<Timestamp>,
}

/// A purchase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PurchaseResponse {
    /// Its id.
    pub id: PurchaseId,
    /// Your own id of it.
    pub reference: String,
    /// Whose it is.
    pub customer_id: CustomerId,
    /// What kind of thing was bought; null where the catalogue has no entry for it.
    pub item_type: Option<ItemKind>,
    /// The course, product or plan.
    pub item_id: Option<Uuid>,
    /// What was bought.
    pub title: Option<String>,
    /// The reference of its payment.
    pub payment_reference: Option<String>,
    /// When.
    pub purchased_at: Timestamp,
}

/// Money that went back, or may.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RefundResponse {
    /// Your own id of it.
    pub reference: String,
    /// The payment.
    pub payment_id: PaymentId,
    /// Whether the store gives it back, or the bank takes it back.
    pub r#type: RefundKind,
    /// Whether it goes back.
    pub state: RefundState,
    /// Minor units of the payment's currency; null for who does not see money.
    pub amount: Option<i64>,
    /// When it was first heard of.
    pub refunded_at: Timestamp,
}

/// A payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PaymentResponse {
    /// Its id.
    pub id: PaymentId,
    /// What was paid for.
    pub title: Option<String>,
    /// The reference of the subscription that it is for.
    pub subscription_reference: Option<String>,
    /// What was paid; null for who does not see money.
    pub paid: Option<PriceResponse>,
    /// What of it went back, in minor units of its currency; null for who does not see money.
    pub refunded: Option<i64>,
    /// When.
    pub paid_at: Timestamp,
    /// What went back, or may.
    pub refunds: Vec<RefundResponse>,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn pointers<T: TryFrom<R, Error = FieldErrors> + std::fmt::Debug, R>(request: R) -> Vec<String> {
        let errors = T::try_from(request).unwrap_err().into_vec();
        let mut pointers: Vec<String> = errors.into_iter().map(|error| error.pointer).collect();
        pointers.sort();
        pointers
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let bad = PaymentRequest {
            reference: Some(" ".into()),
            amount: -5,
            currency: Some("XYZ".into()),
            paid_at: None,
        };
        let enrollment = EnrollmentRequest {
            progress: Some(101),
            payment: Some(bad.clone()),
            ..EnrollmentRequest::default()
        };
        assert_eq!(
            pointers::<NewEnrollment, _>(enrollment),
            [
                "/course/reference",
                "/customer/email",
                "/payment/amount",
                "/payment/currency",
                "/payment/reference",
                "/progress",
                "/reference"
            ]
        );
        let purchase = PurchaseRequest {
            reference: "order-1".into(),
            customer: PersonRequest { email: "a@x.example".into(), ..PersonRequest::default() },
            product: Some(ItemRequest { reference: "p".into(), title: Some(" ".into()) }),
            course: Some(ItemRequest { reference: "c".into(), title: None }),
            ..PurchaseRequest::default()
        };
        assert_eq!(pointers::<NewPurchase, _>(purchase), ["/course", "/product/title"]);
        assert_eq!(pointers::<NewRefund, _>(RefundRequest::default()), ["/payment", "/reference"]);
        let nothing =
            RefundRequest { reference: "r".into(), payment: "p".into(), ..RefundRequest::default() };
        assert_eq!(pointers::<NewRefund, _>(nothing), ["/amount"]);
        let subscription = SubscriptionRequest { interval_count: Some(0), ..SubscriptionRequest::default() };
        assert_eq!(
            pointers::<NewSubscription, _>(subscription),
            ["/customer/email", "/interval_count", "/reference"]
        );
    }

    #[test]
    fn a_payment_is_named_like_what_was_bought_unless_told() {
        let request = |payment: &str| -> PurchaseRequest {
            serde_json::from_str(&format!(
                r#"{{"reference": "order-1", "customer": {{"email": "a@x.example"}}, "payment": {payment}}}"#
            ))
            .unwrap()
        };
        let named = |payment| NewPurchase::try_from(request(payment)).unwrap().payment.unwrap().reference;
        assert_eq!(named(r#"{"amount": 5}"#), "order-1");
        assert_eq!(named(r#"{"amount": 5, "reference": "pi_1"}"#), "pi_1");
    }
}
