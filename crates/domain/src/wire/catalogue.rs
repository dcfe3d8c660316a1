//! `/api/v1/stores/{store_id}/courses`, `/products` and `/plans`

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::patch::present;
use crate::{facts::Period, field_errors::FieldErrors, money::Currency, text_enum, time::Timestamp};

/// Longest title, in characters.
const MAX_TITLE: usize = 200;
/// Longest reference, in characters.
const MAX_REFERENCE: usize = 255;
/// Most prices at Stripe of one thing.
const MAX_PRICES: usize = 50;
/// Most units of time in a period.
const MAX_INTERVAL_COUNT: i64 = 1_000;

text_enum! {
    /// What a store sells.
    pub enum ItemKind {
        /// A course.
        Course = "course",
        /// A product.
        Product = "product",
        /// A plan to subscribe to.
        Plan = "plan",
    }
}

/// An amount of money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PriceRequest {
    /// Minor units of the currency; whole units where it has none, as with yen.
    #[cfg_attr(feature = "openapi", schema(example = 4900))]
    pub amount: i64,
    /// An ISO 4217 code; the store's currency unless told.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(example = "USD"))]
    pub currency: Option<String>,
}

/// An amount of money, checked. Without a currency it is in the store's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// Minor units of the currency.
    pub amount: i64,
    /// The currency, if it was told.
    pub currency: Option<Currency>,
}

/// An amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PriceResponse {
    /// Minor units of the currency; whole units where it has none.
    #[cfg_attr(feature = "openapi", schema(example = 4900))]
    pub amount: i64,
    /// An ISO 4217 code.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "USD"))]
    pub currency: Currency,
}

/// A course or product to create.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct CreateItemRequest {
    /// Your own id of it, at most 255 characters. It does not change.
    #[cfg_attr(feature = "openapi", schema(example = "mixing-101"))]
    pub reference: String,
    /// What it is called, at most 200 characters.
    #[cfg_attr(feature = "openapi", schema(example = "Mixing 101"))]
    pub title: String,
    /// What it costs; nothing without.
    pub price: Option<PriceRequest>,
    /// Ids of the prices at Stripe by which it is sold.
    #[cfg_attr(feature = "openapi", schema(example = json!(["price_1MoBy5LkdIwHu7ixZhnattbh"])))]
    pub stripe_prices: Vec<String>,
}

/// A plan to create.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct CreatePlanRequest {
    /// Your own id of it, at most 255 characters. It does not change.
    #[cfg_attr(feature = "openapi", schema(example = "gold"))]
    pub reference: String,
    /// What it is called, at most 200 characters.
    #[cfg_attr(feature = "openapi", schema(example = "Gold"))]
    pub title: String,
    /// What a period costs; nothing without.
    pub price: Option<PriceRequest>,
    /// The unit of its periods; `month` unless told.
    pub interval: Option<Period>,
    /// How many units a period has; 1 unless told.
    pub interval_count: Option<i64>,
    /// Ids of the prices at Stripe by which it is sold.
    #[cfg_attr(feature = "openapi", schema(example = json!(["price_1MoBy5LkdIwHu7ixZhnattbh"])))]
    pub stripe_prices: Vec<String>,
}

/// Something to sell, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewItem {
    /// The caller's id of it.
    pub reference: String,
    /// What it is called.
    pub title: String,
    /// What it costs.
    pub price: Option<Price>,
    /// The length of its periods, if it is a plan.
    pub period: Option<(Period, i64)>,
    /// Prices at Stripe.
    pub stripe_prices: Vec<String>,
}

impl TryFrom<CreateItemRequest> for NewItem {
    type Error = FieldErrors;

    fn try_from(request: CreateItemRequest) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let item = Self {
            reference: reference(&request.reference, "/reference", &mut errors),
            title: title(&request.title, "/title", &mut errors),
            price: request.price.and_then(|price| parse_price(&price, "/price", &mut errors)),
            period: None,
            stripe_prices: prices(request.stripe_prices, &mut errors),
        };
        errors.into_result(item)
    }
}

impl TryFrom<CreatePlanRequest> for NewItem {
    type Error = FieldErrors;

    fn try_from(request: CreatePlanRequest) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let interval_count = interval_count(request.interval_count, &mut errors);
        let item = Self {
            reference: reference(&request.reference, "/reference", &mut errors),
            title: title(&request.title, "/title", &mut errors),
            price: request.price.and_then(|price| parse_price(&price, "/price", &mut errors)),
            period: Some((request.interval.unwrap_or(Period::Month), interval_count)),
            stripe_prices: prices(request.stripe_prices, &mut errors),
        };
        errors.into_result(item)
    }
}

/// Changes to a course, product or plan: what is absent stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({"title": "Mixing 102", "archived": true})))]
#[serde(default, deny_unknown_fields)]
pub struct PatchItemRequest {
    /// What it is called.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub title: Option<Option<String>>,
    /// What it costs; null makes it free. What was bought before stays as it was.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<PriceRequest>))]
    pub price: Option<Option<PriceRequest>>,
    /// Whether it is not sold any more.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = bool))]
    pub archived: Option<Option<bool>>,
    /// Ids of the prices at Stripe by which it is sold; replaces all.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub stripe_prices: Option<Option<Vec<String>>>,
}

/// Changes to something that is sold, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemPatch {
    /// What it is called.
    pub title: Option<String>,
    /// What it costs.
    pub price: Option<Option<Price>>,
    /// Whether it is not sold any more.
    pub archived: Option<bool>,
    /// Prices at Stripe.
    pub stripe_prices: Option<Vec<String>>,
}

impl TryFrom<PatchItemRequest> for ItemPatch {
    type Error = FieldErrors;

    fn try_from(request: PatchItemRequest) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let new_title = errors.not_null("/title", request.title);
        let archived = errors.not_null("/archived", request.archived);
        let new_prices = errors.not_null("/stripe_prices", request.stripe_prices);
        let patch = Self {
            title: new_title.map(|text| title(&text, "/title", &mut errors)),
            price: request
                .price
                .map(|price| price.and_then(|price| parse_price(&price, "/price", &mut errors))),
            archived,
            stripe_prices: new_prices.map(|ids| prices(ids, &mut errors)),
        };
        errors.into_result(patch)
    }
}

/// A course, product or plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ItemResponse {
    /// Its id.
    pub id: Uuid,
    /// Your own id of it.
    pub reference: String,
    /// What it is called.
    pub title: String,
    /// What it costs; null when it is free.
    pub price: Option<PriceResponse>,
    /// The unit of its periods, if it is a plan.
    pub interval: Option<Period>,
    /// How many units a period has, if it is a plan.
    pub interval_count: Option<i64>,
    /// Ids of the prices at Stripe by which it is sold.
    pub stripe_prices: Vec<String>,
    /// Whether it is not sold any more.
    pub archived: bool,
    /// When it was created.
    pub created_at: Timestamp,
}

/// The caller's own id of a thing; empty when it is wrong, which is noted.
pub(super) fn reference(text: &str, pointer: &str, errors: &mut FieldErrors) -> String {
    required(text, pointer, MAX_REFERENCE, errors)
}

pub(super) fn title(text: &str, pointer: &str, errors: &mut FieldErrors) -> String {
    required(text, pointer, MAX_TITLE, errors)
}

fn required(text: &str, pointer: &str, max: usize, errors: &mut FieldErrors) -> String {
    if crate::text::non_blank(text).is_none() {
        errors.add(pointer, "required", "This must not be blank.");
    }
    errors.text(pointer, Some(text), max).unwrap_or_default()
}

/// An amount that somebody may pay.
pub(super) fn parse_price(request: &PriceRequest, pointer: &str, errors: &mut FieldErrors) -> Option<Price> {
    let amount = amount(request.amount, &format!("{pointer}/amount"), errors);
    let currency = currency(request.currency.as_deref(), &format!("{pointer}/currency"), errors);
    amount.map(|amount| Price { amount, currency })
}

/// The largest amount: a hundred times as much as anybody may charge a card, and far from what a
/// sum of them could not hold.
const MAX_AMOUNT: i64 = 100_000_000_000;

/// An amount in minor units.
pub(super) fn amount(amount: i64, pointer: &str, errors: &mut FieldErrors) -> Option<i64> {
    if (0..=MAX_AMOUNT).contains(&amount) {
        return Some(amount);
    }
    errors.add(pointer, "out_of_range", format!("0 to {MAX_AMOUNT}, in minor units."));
    None
}

pub(super) fn currency(code: Option<&str>, pointer: &str, errors: &mut FieldErrors) -> Option<Currency> {
    let code = code?;
    let currency = Currency::parse(code);
    if currency.is_none() {
        errors.add(pointer, "currency_invalid", "A three-letter ISO 4217 code such as USD.");
    }
    currency
}

pub(super) fn interval_count(count: Option<i64>, errors: &mut FieldErrors) -> i64 {
    let count = count.unwrap_or(1);
    if !(1..=MAX_INTERVAL_COUNT).contains(&count) {
        errors.add("/interval_count", "out_of_range", format!("1 to {MAX_INTERVAL_COUNT}."));
    }
    count
}

fn prices(ids: Vec<String>, errors: &mut FieldErrors) -> Vec<String> {
    if ids.len() > MAX_PRICES {
        errors.add("/stripe_prices", "too_many", format!("At most {MAX_PRICES}."));
    }
    let mut checked: Vec<String> =
        ids.iter().enumerate().map(|(i, id)| reference(id, &format!("/stripe_prices/{i}"), errors)).collect();
    checked.sort();
    checked.dedup();
    checked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let request = CreatePlanRequest {
            reference: " ".into(),
            title: "x".repeat(201),
            price: Some(PriceRequest { amount: -1, currency: Some("dollar".into()) }),
            interval_count: Some(0),
            stripe_prices: vec!["price_1".into(), String::new()],
            ..CreatePlanRequest::default()
        };
        let errors = NewItem::try_from(request).unwrap_err().into_vec();
        let mut pointers: Vec<&str> = errors.iter().map(|error| error.pointer.as_str()).collect();
        pointers.sort_unstable();
        let expected = [
            "/interval_count",
            "/price/amount",
            "/price/currency",
            "/reference",
            "/stripe_prices/1",
            "/title",
        ];
        assert_eq!(pointers, expected);
    }

    #[test]
    fn in_a_patch_null_makes_it_free_and_clears_nothing_else() {
        let patch = |text: &str| ItemPatch::try_from(serde_json::from_str::<PatchItemRequest>(text).unwrap());
        assert_eq!(patch(r#"{"price": null}"#).unwrap().price, Some(None));
        assert_eq!(patch("{}").unwrap().price, None);
        for field in ["title", "archived", "stripe_prices"] {
            assert!(patch(&format!(r#"{{"{field}": null}}"#)).is_err(), "{field}");
        }
    }
}
