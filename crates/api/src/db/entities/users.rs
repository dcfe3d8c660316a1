//! Registered accounts.

use fanbase_domain::{email::EmailKey, ids::UserId, time::Timestamp, user::User};
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Deserialize)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub email: Option<String>,
    pub email_key: Option<String>,
    pub name: Option<String>,
    pub name_sort: Option<String>,
    pub search_text: String,
    pub avatar_url: Option<String>,
    pub password_hash: Option<String>,
    pub is_admin: bool,
    pub created_at: i64,
    pub last_sign_in_at: Option<i64>,
    pub suspended_at: Option<i64>,
    pub deleted_at: Option<i64>,
}

/// No relations: queries join by hand, within one store.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Converts a row.
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
