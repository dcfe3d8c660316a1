//! SQL of users.

use fanbase_domain::{email::Email, ids::UserId, user::User};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};

use crate::{
    db::{
        entities::users::{Column, Entity, user},
        sql::Sql,
    },
    error::ApiError,
};

/// The account with this e-mail address, with its password hash.
///
/// # Errors
/// When the database fails.
pub async fn find_by_email(
    db: &impl ConnectionTrait,
    email: &Email,
) -> Result<Option<(User, Option<String>)>, ApiError> {
    let model = Entity::find().filter(Column::EmailKey.eq(email.key().as_str())).one(db).await?;
    Ok(model.map(|mut model| {
        let hash = model.password_hash.take();
        (user(model), hash)
    }))
}

/// The Clerk id of an account, if it comes from Clerk.
///
/// # Errors
/// When the database fails.
pub async fn clerk_id(db: &impl ConnectionTrait, id: UserId) -> Result<Option<String>, ApiError> {
    let mut sql = Sql::new("SELECT clerk_id FROM clerk_accounts WHERE user_id = ");
    sql.bind(id.uuid());
    Ok(sql.one(db).await?.map(|row| row.try_get_by_index(0)).transpose()?)
}
