//! Users: registered accounts.

use crate::{email::EmailKey, ids::UserId, time::Timestamp};

/// A registered account. It is global: it belongs to no store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// The primary e-mail address as typed, if the account has one.
    pub email: Option<String>,
    /// The key of the e-mail address.
    pub email_key: Option<EmailKey>,
    /// The name to show.
    pub name: Option<String>,
    /// URL of the picture.
    pub avatar_url: Option<String>,
    /// Whether the account may administer the platform.
    pub is_admin: bool,
    /// Time of the sign-up.
    pub created_at: Timestamp,
    /// Time of the last sign-in.
    pub last_sign_in_at: Option<Timestamp>,
    /// Start of the suspension; a suspended account has no access.
    pub suspended_at: Option<Timestamp>,
}
