//! Stores: the tenants.

use crate::{
    ids::StoreId,
    money::Currency,
    text_enum,
    time::{DAY, Timestamp},
};

text_enum! {
    /// Whether a server has one creator or many. It decides whether accounts are fans of the stores.
    pub enum Creators {
        /// One creator: every account is a fan of the stores.
        One = "one",
        /// Many creators: accounts are not fans of each other's stores.
        Many = "many",
    }
}

#[expect(clippy::derivable_impls, reason = "the macro defines the enumeration")]
impl Default for Creators {
    fn default() -> Self {
        Self::One
    }
}

/// One creator's shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    /// Its id.
    pub id: StoreId,
    /// Its name.
    pub name: String,
    /// The slug, its part of URLs: lower-case letters, digits and hyphens.
    pub slug: String,
    /// The currency of its amounts.
    pub currency: Currency,
    /// Whether accounts that are not customers of the store are listed among its fans.
    pub shows_accounts: bool,
    /// Days without activity after which a customer is inactive.
    pub idle_days: IdleDays,
    /// The IANA time zone in which days and months are counted. Without one: the requested zone, or
    /// UTC.
    pub time_zone: Option<String>,
    /// Row version, raised by every change.
    pub version: i64,
    /// Time of its creation.
    pub created_at: Timestamp,
}

/// The number of days without activity after which a customer is inactive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IdleDays(i64);

impl IdleDays {
    /// Minimum and maximum: a week to ten years.
    pub const BOUNDS: (i64, i64) = (7, 3650);

    /// A number of days within [`Self::BOUNDS`].
    #[must_use]
    pub fn parse(days: i64) -> Option<Self> {
        (Self::BOUNDS.0..=Self::BOUNDS.1).contains(&days).then_some(Self(days))
    }

    /// The number of days.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The start of the idle period that ends at `now`: activity at or after it counts as active.
    #[must_use]
    pub const fn before(self, now: Timestamp) -> Timestamp {
        Timestamp::from_millis(now.millis() - self.0 * DAY)
    }
}

/// Whether a text can be the slug of a store: 2 to 60 lower-case letters, digits
/// and inner hyphens.
#[must_use]
pub fn is_slug(text: &str) -> bool {
    (2..=60).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}
