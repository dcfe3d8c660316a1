//! Numbers, money and points in time as the reader's locale writes them, by the browser's `Intl`.

use fanbase_domain::{money::Currency, time::Timestamp};
use js_sys::{
    Array, Date, Function,
    Intl::{
        DateTimeFormat, DateTimeFormatOptions, DateTimeStyle, NumberFormat, NumberFormatOptions,
        NumberFormatStyle,
    },
    Object, Reflect,
};
use leptos::wasm_bindgen::{JsCast, JsValue};

use super::{Ago, t};

thread_local! {
    /// Making a formatter takes the browser longer than using it a hundred times.
    static NUMBER: Function = NumberFormat::new(&Array::new(), &Object::new()).format();
    static PERCENT: Function = {
        let percent: NumberFormatOptions = Object::new().unchecked_into();
        percent.set_style(NumberFormatStyle::Percent);
        NumberFormat::new(&Array::new(), &percent).format()
    };
    static INSTANT: Function = {
        let instant: DateTimeFormatOptions = Object::new().unchecked_into();
        instant.set_date_style(DateTimeStyle::Medium);
        instant.set_time_style(DateTimeStyle::Short);
        DateTimeFormat::new(&Array::new(), &instant).format()
    };
}

/// A whole number, such as 47,532.
pub(crate) fn count(number: u64) -> String {
    // Exact up to 2^53, beyond any number of fans.
    NUMBER
        .with(|format| apply(format, &JsValue::from_f64(number as f64)))
        .unwrap_or_else(|| number.to_string())
}

/// Hundredths of a whole, such as 41%.
pub(crate) fn percent(hundredths: i64) -> String {
    PERCENT
        .with(|format| apply(format, &JsValue::from_f64(hundredths as f64 / 100.0)))
        .unwrap_or_else(|| format!("{hundredths}%"))
}

/// A date without a time, `YYYY-MM-DD`, such as Mar 1, 2026.
pub(crate) fn date(text: &str) -> String {
    let options: DateTimeFormatOptions = Object::new().unchecked_into();
    options.set_date_style(DateTimeStyle::Medium);
    // The day itself, wherever it is read.
    _ = Reflect::set(&options, &"timeZone".into(), &"UTC".into());
    let format = DateTimeFormat::new(&Array::new(), &options).format();
    let day = Timestamp::parse(text).map(|at| JsValue::from_f64(at.millis() as f64));
    day.and_then(|day| apply(&format, &day)).unwrap_or_else(|| text.to_owned())
}

/// The present, as the reader's clock has it.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_millis(Date::now() as i64)
}

/// How far the reader is from Greenwich now, in minutes to the east: their months, as far as one
/// distance can tell.
pub(crate) fn offset() -> i32 {
    -(Date::new_0().get_timezone_offset() as i32)
}

/// The month of a point in time, such as Mar 2026; `offset` is the distance from Greenwich in
/// minutes by which it was the first of the month.
pub(crate) fn month(at: Timestamp, offset: i32) -> String {
    let options = Object::new();
    for (name, value) in [("year", "numeric"), ("month", "short"), ("timeZone", "UTC")] {
        _ = Reflect::set(&options, &name.into(), &value.into());
    }
    let format = DateTimeFormat::new(&Array::new(), options.unchecked_ref()).format();
    apply(&format, &JsValue::from_f64(at.millis() as f64 + f64::from(offset) * 60_000.0)).unwrap_or_default()
}

/// A point in time to the minute, in the reader's time zone.
pub(crate) fn instant(at: Timestamp) -> Option<String> {
    INSTANT.with(|format| apply(format, &JsValue::from_f64(at.millis() as f64)))
}

/// How long ago it was as seen now, such as "3 d ago". Where it may stay for more than a minute,
/// [`When`](crate::components::When) keeps counting.
pub(crate) fn ago(at: Timestamp) -> String {
    (t().words.ago)(Ago::between(at, now()))
}

/// Amounts of a currency.
pub(crate) struct Formats {
    currency: Currency,
    money: Function,
}

impl Formats {
    /// For amounts of a currency.
    pub(crate) fn new(currency: Currency) -> Self {
        let money: NumberFormatOptions = Object::new().unchecked_into();
        // `Intl` and the API may disagree about decimals; the API wrote the amount.
        let decimals = u8::try_from(currency.decimals()).unwrap_or_default();
        money.set_style(NumberFormatStyle::Currency);
        money.set_currency(&currency.to_string());
        money.set_minimum_fraction_digits(decimals);
        money.set_maximum_fraction_digits(decimals);
        Self { currency, money: NumberFormat::new(&Array::new(), &money).format() }
    }

    /// An amount of minor units, such as $1,234.50.
    pub(crate) fn money(&self, minor: i64) -> String {
        // As decimal text, which browsers read exactly where a number would be rounded.
        let plain = self.currency.format_minor(minor);
        apply(&self.money, &JsValue::from_str(&plain)).unwrap_or(plain)
    }
}

fn apply(format: &Function, value: &JsValue) -> Option<String> {
    format.call1(&JsValue::UNDEFINED, value).ok()?.as_string()
}
