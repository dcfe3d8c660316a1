//! Between rows of the database and users.

use fanbase_domain::{email::EmailKey, ids::UserId, time::Timestamp, user::User};

use crate::db::entities::users::Model;

/// The user of a row.
#[must_use]
pub fn user(model: Model) -> User {
    User {
        id: UserId::new(model.id),
        email: model.email,
        email_key: model.email_key.map(EmailKey::from_stored),
        name: model.name,
        avatar_url: model.avatar_url,
        is_admin: model.is_admin,
        created_at: Timestamp::from_millis(model.created_at),
        last_sign_in_at: model.last_sign_in_at.map(Timestamp::from_millis),
        suspended_at: model.suspended_at.map(Timestamp::from_millis),
    }
}
