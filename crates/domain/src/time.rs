//! Points in time, kept as UTC milliseconds and shown as RFC 3339.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A UTC instant with millisecond precision, in milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Reads an RFC 3339 date-time, or a plain date (midnight UTC).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(at) = DateTime::parse_from_rfc3339(text) {
            return Some(Self(at.timestamp_millis()));
        }
        let date = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
        Some(Self(date.and_hms_opt(0, 0, 0)?.and_utc().timestamp_millis()))
    }

    /// RFC 3339 in UTC with milliseconds; `None` outside the calendar's range.
    #[must_use]
    pub fn to_rfc3339(self) -> Option<String> {
        DateTime::<Utc>::from_timestamp_millis(self.0)
            .map(|at| at.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self
            .to_rfc3339()
            .ok_or_else(|| serde::ser::Error::custom("a point in time outside of the calendar's range"))?;
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("expected a date-time as RFC 3339 writes it"))
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Timestamp {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .format(Some(utoipa::openapi::SchemaFormat::KnownFormat(utoipa::openapi::KnownFormat::DateTime)))
            .description(Some("A UTC instant, RFC 3339, milliseconds"))
            .examples([serde_json::json!("2026-11-22T09:30:00.000Z")])
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Timestamp {}

#[cfg(test)]
mod tests {
    use super::Timestamp;

    #[test]
    fn a_timestamp_reads_what_it_writes() {
        let at = Timestamp::parse("2024-02-29T10:20:30.456+02:00").unwrap();
        assert_eq!(at.to_rfc3339().unwrap(), "2024-02-29T08:20:30.456Z");
        assert_eq!(Timestamp::parse(&at.to_rfc3339().unwrap()), Some(at));
        assert_eq!(Timestamp::parse("1970-01-02").map(Timestamp::millis), Some(86_400_000));
        assert_eq!(Timestamp::parse("yesterday"), None);
    }
}
