//! `/api/v1/stores/{store_id}/purchases` and `/refunds`, and what a customer paid

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    catalogue::{ItemKind, PriceResponse, amount, reference, title},
    facts::{
        ItemName, ItemRequest, NewPayment, PaymentRequest, PersonRequest, all_or, item, payment, person,
    },
};
use crate::{
    facts::{Person, RefundKind, RefundState},
    field_errors::FieldErrors,
    ids::{CustomerId, PaymentId, PurchaseId},
    time::Timestamp,
};

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
