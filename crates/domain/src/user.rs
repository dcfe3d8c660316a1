//! Users: registered accounts of the platform.

use crate::{email::EmailKey, ids::UserId, time::Timestamp};

/// A registered account. Platform-wide: it belongs to no store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// The primary address as typed; an account may have none.
    pub email: Option<String>,
    /// The key of the address.
    pub email_key: Option<EmailKey>,
    /// The name to show.
    pub name: Option<String>,
    /// Their picture.
    pub avatar_url: Option<String>,
    /// May administer the platform.
    pub is_admin: bool,
    /// When they signed up.
    pub created_at: Timestamp,
    /// When they last signed in.
    pub last_sign_in_at: Option<Timestamp>,
    /// Since when they are suspended, and can do nothing.
    pub suspended_at: Option<Timestamp>,
}
