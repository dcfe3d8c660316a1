//! What reports of enrolments, purchases and subscriptions have in common: who, of what, paid how.
//!
//! References are the caller's own ids. Times that are absent are now.

use serde::{Deserialize, Serialize};

use super::catalogue::{Price, PriceRequest, parse_price, reference, title};
use crate::{email::Email, facts::Person, field_errors::FieldErrors, time::Timestamp};

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

/// Nothing is missing unless that was noted.
pub(super) fn all_or<T>(checked: Option<T>, errors: FieldErrors) -> Result<T, FieldErrors> {
    match checked {
        Some(checked) => errors.into_result(checked),
        None => Err(errors),
    }
}

pub(super) fn person(request: PersonRequest, errors: &mut FieldErrors) -> Option<Person> {
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

pub(super) fn item(request: ItemRequest, pointer: &str, errors: &mut FieldErrors) -> ItemName {
    ItemName {
        reference: reference(&request.reference, &format!("{pointer}/reference"), errors),
        title: request.title.map(|text| title(&text, &format!("{pointer}/title"), errors)),
    }
}

pub(super) fn payment(
    request: Option<PaymentRequest>,
    of: &str,
    errors: &mut FieldErrors,
) -> Option<NewPayment> {
    let PaymentRequest { reference: own, amount, currency, paid_at } = request?;
    let reference = match own {
        Some(own) => reference(&own, "/payment/reference", errors),
        None => of.to_owned(),
    };
    let price = parse_price(&PriceRequest { amount, currency }, "/payment", errors)?;
    Some(NewPayment { reference, price, paid_at })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{
        enrollments::{EnrollmentRequest, NewEnrollment},
        purchases::{NewPurchase, NewRefund, PurchaseRequest, RefundRequest},
        subscriptions::{NewSubscription, SubscriptionRequest},
    };

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
