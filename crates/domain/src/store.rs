//! Stores: the tenants.

use crate::{ids::StoreId, money::Currency};

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
    /// Raised by every change.
    pub version: i64,
    /// When it was created.
    pub created_at: crate::time::Timestamp,
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
