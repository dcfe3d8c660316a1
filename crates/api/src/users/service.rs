//! Creating, changing and deleting accounts, with their links to customers.

use fanbase_domain::{
    email::Email,
    fan,
    ids::{StoreId, UserId},
    name,
    time::Timestamp,
    user::User,
    wire::{activities::ActivityKind, audit::AuditAction},
};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait, EntityTrait as _, IntoActiveModel as _,
};
use uuid::Uuid;

use super::{links, rows};
use crate::{
    activities,
    audit::Entry,
    db::{Db, entities::users, is_sqlite, sql::Sql, transaction},
    error::ApiError,
    fans::counts::{self, CountDelta},
};

/// An account to create.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Its address.
    pub email: Email,
    /// Its name.
    pub name: Option<String>,
    /// Its picture.
    pub avatar_url: Option<String>,
    /// The argon2id hash of its password, when it may sign in here.
    pub password_hash: Option<String>,
    /// Whether it may administer the platform.
    pub is_admin: bool,
    /// When it signed up.
    pub created_at: Timestamp,
    /// When it last signed in.
    pub last_sign_in_at: Option<Timestamp>,
}

/// Creates an account, and links it to the customers of its address in every store.
///
/// # Errors
/// When another account has the address.
pub async fn create(db: &Db, new: NewUser) -> Result<User, ApiError> {
    transaction::write(db, |tx| {
        let new = new.clone();
        Box::pin(async move { create_in(tx, new).await })
    })
    .await
}

/// Accounts of a transaction when many are created.
const CHUNK: usize = 500;

/// Creates many accounts, leaving out those whose address has one already; returns how
/// many were created.
///
/// # Errors
/// When the database fails; whole chunks may have been created then.
pub async fn create_all(db: &Db, users: &[NewUser]) -> Result<u64, ApiError> {
    let mut created = 0;
    for chunk in users.chunks(CHUNK) {
        created += transaction::write(db, |tx| {
            let chunk = chunk.to_vec();
            Box::pin(async move {
                let keys: Vec<&str> = chunk.iter().map(|user| user.email.key().as_str()).collect();
                let mut sql = Sql::new("SELECT email_key FROM users WHERE ");
                sql.is_any(tx, "email_key", &keys);
                let mut taken = std::collections::HashSet::new();
                for row in sql.all(tx).await? {
                    taken.insert(row.try_get_by_index::<String>(0)?);
                }
                let mut created = 0;
                for user in chunk {
                    if taken.insert(user.email.key().to_string()) {
                        create_in(tx, user).await?;
                        created += 1;
                    }
                }
                Ok(created)
            })
        })
        .await?;
    }
    Ok(created)
}

/// The same, within a transaction.
///
/// # Errors
/// When another account has the address.
pub async fn create_in(db: &impl ConnectionTrait, new: NewUser) -> Result<User, ApiError> {
    let (email, key) = new.email.into_parts();
    links::hold(db, &[&key]).await?;
    let id = UserId::new(Uuid::now_v7());
    let model = users::ActiveModel {
        id: Set(id.uuid()),
        name_sort: Set(name::sort_key(new.name.as_deref())),
        search_text: Set(fan::user_search_text(new.name.as_deref(), &email)),
        email: Set(Some(email)),
        email_key: Set(Some(key.to_string())),
        name: Set(new.name),
        avatar_url: Set(new.avatar_url),
        password_hash: Set(new.password_hash),
        is_admin: Set(new.is_admin),
        created_at: Set(new.created_at.millis()),
        last_sign_in_at: Set(new.last_sign_in_at.map(Timestamp::millis)),
        suspended_at: Set(None),
    };
    let model = model.insert(db).await.map_err(|error| ApiError::on_unique(error, ApiError::EmailTaken))?;
    index(db, id).await?;
    link(db, id, &key, new.created_at).await?;
    counts::change_users(db, 1).await?;
    Ok(rows::user(model))
}

/// Links an account to the customers of its address, counters and timeline included.
async fn link(
    db: &impl ConnectionTrait,
    id: UserId,
    key: &fanbase_domain::email::EmailKey,
    at: Timestamp,
) -> Result<(), ApiError> {
    for (store_id, customer) in links::link_everywhere(db, id, key).await? {
        activities::queries::record(db, store_id, customer, ActivityKind::AccountLinked, None, at).await?;
        let mut delta = CountDelta::default();
        delta.link(1);
        delta.apply(db, store_id).await?;
    }
    Ok(())
}

/// Gives an account another name, or none.
///
/// # Errors
/// When there is no such account.
pub async fn rename(db: &Db, id: UserId, name: Option<&str>) -> Result<(), ApiError> {
    transaction::write(db, |tx| {
        let name = name.map(str::to_owned);
        Box::pin(async move {
            let found = users::Entity::find_by_id(id.uuid()).one(tx).await?;
            let model = found.ok_or(ApiError::NotFound("user"))?;
            forget(tx, id).await?;
            let email = model.email.clone().unwrap_or_default();
            let mut user = model.into_active_model();
            user.name_sort = Set(name::sort_key(name.as_deref()));
            user.search_text = Set(fan::user_search_text(name.as_deref(), &email));
            let before = serde_json::json!({ "name": user.name.as_ref() });
            let after = serde_json::json!({ "name": name });
            user.name = Set(name);
            user.update(tx).await?;
            index(tx, id).await?;
            let entry = Entry::of_platform(AuditAction::UserUpdated).to(id.uuid());
            entry.changed(&before, &after)?.record(tx).await
        })
    })
    .await
}

/// Deletes an account; customers linked to it stay, without an account.
///
/// # Errors
/// When there is none.
pub async fn delete(db: &Db, id: UserId, at: Timestamp) -> Result<(), ApiError> {
    transaction::write(db, |tx| {
        Box::pin(async move {
            let model =
                users::Entity::find_by_id(id.uuid()).one(tx).await?.ok_or(ApiError::NotFound("user"))?;
            let user = rows::user(model);
            if let Some(key) = &user.email_key {
                links::hold(tx, &[key]).await?;
            }
            let mut sql = Sql::new("UPDATE customers SET user_id = NULL WHERE user_id = ");
            sql.bind(id.uuid()).push(" RETURNING store_id, id, email_key");
            let unlinked = sql.all(tx).await?;
            forget(tx, id).await?;
            for table in ["sessions", "store_members", "users"] {
                let column = if table == "users" { "id" } else { "user_id" };
                let mut sql = Sql::new(&format!("DELETE FROM {table} WHERE {column} = "));
                sql.bind(id.uuid());
                sql.execute(tx).await?;
            }
            for row in unlinked {
                let (store_id, customer) = (StoreId::new(row.try_get_by_index(0)?), row.try_get_by_index(1)?);
                let kind = ActivityKind::AccountUnlinked;
                activities::queries::record(tx, store_id, customer, kind, None, at).await?;
                let key: String = row.try_get_by_index(2)?;
                if !links::link_again(tx, store_id, customer, &key).await? {
                    let mut delta = CountDelta::default();
                    delta.link(-1);
                    delta.apply(tx, store_id).await?;
                }
            }
            if user.email_key.is_some() {
                counts::change_users(tx, -1).await?;
            }
            Ok(())
        })
    })
    .await
}

async fn index(db: &impl ConnectionTrait, id: UserId) -> Result<(), ApiError> {
    copy(db, "INSERT INTO users_search (rowid, search_text) SELECT row_id, search_text", id).await
}

async fn forget(db: &impl ConnectionTrait, id: UserId) -> Result<(), ApiError> {
    let insert =
        "INSERT INTO users_search (users_search, rowid, search_text) SELECT 'delete', row_id, search_text";
    copy(db, insert, id).await
}

/// SQLite's full-text table is kept by hand; PostgreSQL's index keeps itself.
async fn copy(db: &impl ConnectionTrait, insert: &str, id: UserId) -> Result<(), ApiError> {
    if is_sqlite(db) {
        let mut sql = Sql::new(insert);
        sql.push(" FROM users WHERE id = ").bind(id.uuid());
        sql.execute(db).await?;
    }
    Ok(())
}
