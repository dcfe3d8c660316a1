//! Money: integer minor units and an ISO 4217 currency, never a float.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

/// An ISO 4217 currency code, three upper-case letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(into = "String")]
pub struct Currency([u8; 3]);

/// The currencies of payments (ISO 4217, without funds, metals and test codes).
const CODES: &str = "\
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL \
    BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP \
    ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR \
    IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL \
    LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR \
    NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD \
    SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX \
    USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG";

/// Currencies whose minor unit is not a hundredth, or whose amounts in Stripe's API differ: decimals by
/// ISO 4217, and decimals in Stripe's API. All others have two of both.
/// <https://docs.stripe.com/currencies#minor-units>
const DECIMALS: [(&str, u32, u32); 24] = [
    ("BHD", 3, 3),
    ("BIF", 0, 0),
    ("CLP", 0, 0),
    ("DJF", 0, 0),
    ("GNF", 0, 0),
    ("IQD", 3, 3),
    ("ISK", 0, 2),
    ("JOD", 3, 3),
    ("JPY", 0, 0),
    ("KMF", 0, 0),
    ("KRW", 0, 0),
    ("KWD", 3, 3),
    ("LYD", 3, 3),
    ("MGA", 2, 0),
    ("OMR", 3, 3),
    ("PYG", 0, 0),
    ("RWF", 0, 0),
    ("TND", 3, 3),
    ("UGX", 0, 2),
    ("VND", 0, 0),
    ("VUV", 0, 0),
    ("XAF", 0, 0),
    ("XOF", 0, 0),
    ("XPF", 0, 0),
];

impl Currency {
    /// Parses a currency code in any case.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        let code = code.trim().to_ascii_uppercase();
        let bytes: [u8; 3] = code.as_bytes().try_into().ok()?;
        CODES.split_whitespace().any(|known| known == code).then_some(Self(bytes))
    }

    /// Number of decimals (the exponent of ISO 4217).
    #[must_use]
    pub fn decimals(self) -> u32 {
        self.both_decimals().0
    }

    fn both_decimals(self) -> (u32, u32) {
        let found = DECIMALS.iter().find(|(code, ..)| code.as_bytes() == self.0);
        found.map_or((2, 2), |(_, iso, stripe)| (*iso, *stripe))
    }

    /// Converts an amount of Stripe's API, which has other decimals for a few currencies, to minor
    /// units: 500 of UGX are 5 shillings. Fractions of a minor unit are rounded.
    #[must_use]
    pub fn minor_of_stripe(self, amount: i64) -> i64 {
        let (iso, stripe) = self.both_decimals();
        let unit = 10_i64.pow(iso.abs_diff(stripe));
        if iso >= stripe {
            amount.saturating_mul(unit)
        } else {
            (amount / unit).saturating_add((amount % unit) / (unit / 2))
        }
    }

    /// Formats minor units as a plain decimal number, `1234` → `12.34`.
    #[must_use]
    pub fn format_minor(self, minor: i64) -> String {
        let unit = 10_u64.pow(self.decimals());
        let (sign, amount) = (if minor < 0 { "-" } else { "" }, minor.unsigned_abs());
        match self.decimals() {
            0 => format!("{sign}{amount}"),
            decimals => {
                format!("{sign}{}.{:0width$}", amount / unit, amount % unit, width = decimals as usize)
            }
        }
    }

    /// Parses a plain decimal number to minor units; `None` if it is not a number, has too many
    /// decimals or is out of range.
    #[must_use]
    pub fn parse_minor(self, text: &str) -> Option<i64> {
        let text = text.trim();
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let decimals = self.decimals() as usize;
        let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) || fraction.len() > decimals {
            return None;
        }
        let minor: i64 = format!("{whole}{fraction:0<decimals$}").parse().ok()?;
        Some(if negative { -minor } else { minor })
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{}", char::from(*byte)))
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.to_string()
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::parse(&code).ok_or_else(|| D::Error::custom("expected a three-letter currency code"))
    }
}

#[cfg(test)]
mod tests {
    use super::Currency;

    #[test]
    fn amounts_are_written_and_read_in_the_currency() {
        let (usd, jpy) = (Currency::parse("usd").unwrap(), Currency::parse("JPY").unwrap());
        for (currency, minor, text) in
            [(usd, 1234, "12.34"), (usd, 5, "0.05"), (usd, -1205, "-12.05"), (jpy, 1234, "1234")]
        {
            assert_eq!(currency.format_minor(minor), text);
            assert_eq!(currency.parse_minor(text), Some(minor));
        }
        assert_eq!(usd.parse_minor("7"), Some(700));
        assert_eq!(usd.parse_minor("7.5"), Some(750));
        for bad in ["", "-", "7.555", "1,5", "a", "9999999999999999999"] {
            assert_eq!(usd.parse_minor(bad), None, "{bad:?}");
        }
        assert_eq!(jpy.parse_minor("1.5"), None);
        for bad in ["dollar", "", "US", "XYZ", "U D", "äb"] {
            assert_eq!(Currency::parse(bad), None, "{bad:?}");
        }
        assert!(super::DECIMALS.iter().all(|(code, ..)| Currency::parse(code).is_some()));
    }

    #[test]
    fn amounts_of_stripe_become_minor_units() {
        for (code, stripe, minor, text) in [
            ("USD", 1234, 1234, "12.34"),
            ("JPY", 500, 500, "500"),
            ("UGX", 380_000, 3_800, "3800"),
            ("ISK", 500_000, 5_000, "5000"),
            ("KWD", 5_120, 5_120, "5.120"),
            ("BHD", 5, 5, "0.005"),
            ("MGA", 12, 1_200, "12.00"),
        ] {
            let currency = Currency::parse(code).unwrap();
            assert_eq!(currency.minor_of_stripe(stripe), minor, "{code}");
            assert_eq!(currency.format_minor(minor), text, "{code}");
            assert_eq!(currency.parse_minor(text), Some(minor), "{code}");
        }
        let ugx = Currency::parse("UGX").unwrap();
        for (stripe, minor) in [(149, 1), (150, 2), (199, 2), (-150, -2), (49, 0)] {
            assert_eq!(ugx.minor_of_stripe(stripe), minor);
        }
    }
}
