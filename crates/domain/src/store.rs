//! Stores: the tenants.

use crate::{
    ids::StoreId,
    money::Currency,
    text_enum,
    time::{DAY, Timestamp},
};

text_enum! {
    /// For whom a server is. It decides whose accounts are fans.
    pub enum Creators {
        /// One creator: everybody who has an account is a fan of the stores.
        One = "one",
        /// Many creators, whose accounts are not each other's fans.
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
    /// Its part of web addresses: lower-case letters, digits and hyphens.
    pub slug: String,
    /// What its amounts are in.
    pub currency: Currency,
    /// Whether accounts of the platform that are no customers of the store are among its fans.
    pub shows_accounts: bool,
    /// After how long without activity somebody is inactive.
    pub idle_days: IdleDays,
    /// The IANA name of the time zone in which days and months are counted; UTC, or as asked, without.
    pub time_zone: Option<String>,
    /// Raised by every change.
    pub version: i64,
    /// When it was created.
    pub created_at: Timestamp,
}

/// After how many days without activity somebody is inactive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IdleDays(i64);

impl IdleDays {
    /// The least and the most that a store can set: a week to ten years.
    pub const BOUNDS: (i64, i64) = (7, 3650);

    /// A number of days within the bounds.
    #[must_use]
    pub fn parse(days: i64) -> Option<Self> {
        (Self::BOUNDS.0..=Self::BOUNDS.1).contains(&days).then_some(Self(days))
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Since when whoever did anything is active.
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
