//! Field parsers for Stripe's objects.

use serde_json::Value;

use super::{Hint, StripeError};
use crate::{email::Email, facts::Person, money::Currency, text, time::Timestamp};

/// Maximum length of an id or name, in characters.
const MAX: usize = 255;
/// The last second of the year 9999, which all parts of the system can represent.
const LAST: i64 = 253_402_300_799;
/// The largest accepted amount, so that sums cannot overflow.
const MAX_AMOUNT: i64 = 100_000_000_000_000;

/// Removes control characters, which databases reject, and surrounding white space, and truncates to
/// [`MAX`].
pub(super) fn clean(text: &str) -> Option<String> {
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    text::non_blank(&text).map(|text| text.chars().take(MAX).collect())
}

/// A text field.
pub(super) fn text(object: &Value, field: &str) -> Option<String> {
    object[field].as_str().and_then(clean)
}

/// The id of a referenced object, which may be expanded or not.
pub(super) fn id(value: &Value) -> Option<String> {
    value.as_str().or_else(|| value["id"].as_str()).and_then(clean)
}

/// A timestamp: in seconds, or as a text in thin events.
pub(super) fn moment(value: &Value) -> Option<Timestamp> {
    seconds(value).or_else(|| Timestamp::parse(value.as_str()?))
}

/// A timestamp in seconds.
pub(super) fn seconds(value: &Value) -> Option<Timestamp> {
    let seconds = value.as_i64().filter(|seconds| (0..=LAST).contains(seconds))?;
    Some(Timestamp::from_millis(seconds * 1_000))
}

/// An amount in minor units of the object's currency. Stripe's own units differ for a few currencies.
pub(super) fn amount(object: &Value, field: &'static str) -> Result<i64, StripeError> {
    let amount = object[field].as_i64().filter(|amount| (0..=MAX_AMOUNT).contains(amount));
    let amount = amount.ok_or(StripeError::Missing(field))?;
    Ok(currency(object).map_or(amount, |currency| currency.minor_of_stripe(amount)))
}

/// The price of `quantity` units, in minor units. Stripe's unit amounts have up to twelve decimals.
/// Metered and tiered prices have no unit amount.
pub(super) fn price_of(price: &Value, quantity: i64) -> Option<i64> {
    let decimal = price["unit_amount_decimal"].as_str();
    let whole = || price["unit_amount"].as_i64().map(|amount| amount.to_string());
    let text = decimal.map(str::to_owned).or_else(whole)?;
    let (units, fraction) = text.split_once('.').unwrap_or((&text, ""));
    if fraction.len() > 12 || !units.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
        return None;
    }
    let scale = 10_i128.pow(u32::try_from(fraction.len()).ok()?);
    let exact: i128 =
        format!("{units}{fraction}").parse::<i128>().ok()?.checked_mul(quantity.max(0).into())?;
    let amount = i64::try_from((exact + scale / 2) / scale).ok().filter(|amount| *amount <= MAX_AMOUNT)?;
    Some(currency(price).ok()?.minor_of_stripe(amount))
}

/// The currency of an object.
pub(super) fn currency(object: &Value) -> Result<Currency, StripeError> {
    let code = object["currency"].as_str().ok_or(StripeError::Missing("currency"))?;
    Currency::parse(code).ok_or(StripeError::Currency)
}

/// A person with a valid e-mail address.
pub(super) fn person(email: &Value, name: &Value) -> Option<Person> {
    let email = Email::parse(email.as_str()?).ok()?;
    let full_name = name.as_str().and_then(clean).map(|name| name.chars().take(200).collect());
    Some(Person { full_name, ..Person::new(email) })
}

/// Reads the metadata keys; the first object that has a key counts.
pub(super) fn hint<'a>(metadata: impl IntoIterator<Item = &'a Value>) -> Hint {
    let mut hint = Hint::default();
    for metadata in metadata {
        let found = |name: &str| text(metadata, name);
        hint.store = hint.store.or_else(|| found("fanbase_store"));
        hint.product = hint.product.or_else(|| found("fanbase_product"));
        hint.course = hint.course.or_else(|| found("fanbase_course"));
        hint.plan = hint.plan.or_else(|| found("fanbase_plan"));
    }
    hint
}

/// The price id of a line or item, in any of its locations across API versions.
pub(super) fn price(item: &Value) -> Option<String> {
    id(&item["price"])
        .or_else(|| id(&item["pricing"]["price_details"]["price"]))
        .or_else(|| id(&item["plan"]))
}

/// The entries of a list object.
pub(super) fn entries(list: &Value) -> impl Iterator<Item = &Value> {
    list["data"].as_array().into_iter().flatten()
}
