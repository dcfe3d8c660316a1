//! Writes accounts: row, search index and counter together.

use fanbase_domain::{email::EmailKey, fan, ids::UserId, name, time::Timestamp};
use sea_orm::{
    ActiveModelTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, Iterable as _,
    QuerySelect as _,
};
use uuid::Uuid;

use crate::{
    audience::counters,
    db::{
        entities::users::{ActiveModel, Column, Entity, Model},
        is_sqlite,
        sql::Sql,
    },
    error::ApiError,
};

/// An e-mail address as entered, and its key.
pub type Held = (String, EmailKey);

/// An empty row for an account.
#[must_use]
pub fn blank(id: UserId, created_at: Timestamp) -> Model {
    Model {
        id: id.uuid(),
        email: None,
        email_key: None,
        name: None,
        name_sort: None,
        search_text: String::new(),
        avatar_url: None,
        password_hash: None,
        is_admin: false,
        created_at: created_at.millis(),
        last_sign_in_at: None,
        suspended_at: None,
        deleted_at: None,
    }
}

/// Inserts an account without links.
///
/// # Errors
/// `ApiError::EmailTaken` when another account has the e-mail address.
pub async fn insert(db: &impl ConnectionTrait, mut model: Model) -> Result<Model, ApiError> {
    derive(&mut model);
    let (id, is_counted, is_buried) =
        (UserId::new(model.id), model.email_key.is_some(), model.deleted_at.is_some());
    let model = model.into_active_model().reset_all();
    let model = model.insert(db).await.map_err(|error| ApiError::on_unique(error, ApiError::EmailTaken))?;
    if !is_buried {
        index(db, id).await?;
    }
    if is_counted {
        counters::change_users(db, 1).await?;
    }
    Ok(model)
}

/// Changes an account that is not deleted. On PostgreSQL its row is locked before it is read. Only changed
/// columns are written, so that concurrent writes to other columns are kept.
///
/// # Errors
/// `ApiError::NotFound` when there is no such account; `ApiError::EmailTaken` when another account has the
/// e-mail address.
pub async fn update(
    db: &impl ConnectionTrait,
    id: UserId,
    change: impl FnOnce(&mut Model),
) -> Result<(), ApiError> {
    let before = find(db, id).await?;
    let mut after = before.clone();
    change(&mut after);
    derive(&mut after);
    if after == before {
        return Ok(());
    }
    let is_found_anew = after.search_text != before.search_text;
    if is_found_anew {
        forget(db, id).await?;
    }
    let by = i64::from(after.email_key.is_some()) - i64::from(before.email_key.is_some());
    changed(&before, after)
        .update(db)
        .await
        .map_err(|error| ApiError::on_unique(error, ApiError::EmailTaken))?;
    if is_found_anew {
        index(db, id).await?;
    }
    if by != 0 {
        counters::change_users(db, by).await?;
    }
    Ok(())
}

/// Sets or clears the e-mail address of an account.
///
/// # Errors
/// `ApiError::NotFound` when there is no such account; `ApiError::EmailTaken` when another account has the
/// e-mail address.
pub async fn give(db: &impl ConnectionTrait, id: UserId, address: Option<Held>) -> Result<(), ApiError> {
    update(db, id, |model| hold(model, address)).await
}

/// Sets or clears the e-mail columns of a row.
pub fn hold(model: &mut Model, address: Option<Held>) {
    let (email, key) = address.unzip();
    (model.email, model.email_key) = (email, key.map(EmailKey::into_string));
}

/// Marks the e-mail address of an account as unverified.
///
/// # Errors
/// When the database fails.
pub async fn doubt(db: &impl ConnectionTrait, id: UserId) -> Result<(), ApiError> {
    let mut sql = Sql::new("UPDATE users SET is_unverified = TRUE WHERE id = ");
    sql.bind(id.uuid());
    sql.execute(db).await?;
    Ok(())
}

/// Marks the e-mail address of an account as verified. If it was unverified, another person may have chosen
/// the password: clears the password, and ends all sessions.
///
/// # Errors
/// When the database fails.
pub async fn settle(db: &impl ConnectionTrait, id: UserId) -> Result<(), ApiError> {
    let mut sql = Sql::new(
        "UPDATE users SET is_unverified = FALSE, password_hash = NULL WHERE is_unverified AND id = ",
    );
    sql.bind(id.uuid());
    if sql.execute(db).await?.rows_affected() > 0 {
        let mut sql = Sql::new("DELETE FROM sessions WHERE user_id = ");
        sql.bind(id.uuid());
        sql.execute(db).await?;
    }
    Ok(())
}

/// Turns an account into a tombstone: keeps its id and the times of creation and deletion. Clears personal
/// data, and deletes its sessions, memberships and e-mail history. The caller must remove its links.
///
/// # Errors
/// `ApiError::NotFound` when there is no such account.
pub async fn bury(
    db: &impl ConnectionTrait,
    id: UserId,
    created_at: Timestamp,
    deleted_at: Timestamp,
) -> Result<(), ApiError> {
    let model = find(db, id).await?;
    forget(db, id).await?;
    if model.email_key.is_some() {
        counters::change_users(db, -1).await?;
    }
    let buried = Model { deleted_at: Some(deleted_at.millis()), ..blank(id, created_at) };
    buried.into_active_model().reset_all().update(db).await?;
    for table in ["sessions", "store_members", "user_addresses"] {
        let mut sql = Sql::new(&format!("DELETE FROM {table} WHERE user_id = "));
        sql.bind(id.uuid());
        sql.execute(db).await?;
    }
    Ok(())
}

/// The columns that differ between two states of a row.
fn changed(before: &Model, after: Model) -> ActiveModel {
    let before = before.clone().into_active_model();
    let mut after = after.into_active_model().reset_all();
    for column in Column::iter() {
        if after.get(column).into_value() == before.get(column).into_value() {
            after.not_set(column);
        }
    }
    after.id = before.id;
    after
}

/// Reads an account that is not deleted, locked until the transaction ends.
async fn find(db: &impl ConnectionTrait, id: UserId) -> Result<Model, ApiError> {
    let query = Entity::find_by_id(id.uuid());
    let found = if is_sqlite(db) { query.one(db).await? } else { query.lock_exclusive().one(db).await? };
    found.filter(|model| model.deleted_at.is_none()).ok_or(ApiError::NotFound("user"))
}

/// Computes the derived columns of a row.
pub fn derive(model: &mut Model) {
    // A tombstone is not searchable.
    if model.deleted_at.is_some() {
        return;
    }
    model.name_sort = name::sort_key(model.name.as_deref());
    let email = model.email.as_deref().unwrap_or_default();
    model.search_text = fan::user_search_text(model.name.as_deref(), email);
}

async fn index(db: &impl ConnectionTrait, id: UserId) -> Result<(), ApiError> {
    copy(db, "INSERT INTO users_search (rowid, search_text) SELECT row_id, search_text", id).await
}

/// Adds new accounts to the search index.
///
/// # Errors
/// When the database fails.
pub async fn index_all(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<(), ApiError> {
    if is_sqlite(db) {
        let mut sql = Sql::new(
            "INSERT INTO users_search (rowid, search_text) SELECT row_id, search_text FROM users WHERE ",
        );
        sql.is_any_id(db, "id", ids);
        sql.execute(db).await?;
    }
    Ok(())
}

async fn forget(db: &impl ConnectionTrait, id: UserId) -> Result<(), ApiError> {
    let insert =
        "INSERT INTO users_search (users_search, rowid, search_text) SELECT 'delete', row_id, search_text";
    copy(db, insert, id).await
}

/// SQLite's full-text table is maintained here; PostgreSQL maintains its index itself.
async fn copy(db: &impl ConnectionTrait, insert: &str, id: UserId) -> Result<(), ApiError> {
    if is_sqlite(db) {
        let mut sql = Sql::new(insert);
        sql.push(" FROM users WHERE id = ").bind(id.uuid());
        sql.execute(db).await?;
    }
    Ok(())
}
