//! Creates, changes and deletes accounts, with their links to customers.

use fanbase_domain::{
    clerk::Change, email::Email, ids::UserId, time::Timestamp, user::User, wire::audit::AuditAction,
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::{
    clerk::{self, Subject},
    queries, writes,
};
use crate::{
    audience::links,
    db::{
        Db,
        audit_log::Entry,
        entities::users::{Model, user},
        sql::Sql,
        transaction,
    },
    error::ApiError,
};

/// An account to create.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Its e-mail address.
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

/// Creates an account, and links it to the customers with its e-mail address in every store.
///
/// # Errors
/// `ApiError::EmailTaken` when another account has the e-mail address.
pub async fn create(db: &Db, new: NewUser) -> Result<User, ApiError> {
    transaction::write(db, |tx| {
        let new = new.clone();
        Box::pin(async move { create_in(tx, new).await })
    })
    .await
}

/// Accounts per transaction of a bulk creation.
const CHUNK: usize = 500;

/// Creates many accounts, and skips those whose e-mail address has an account already. Returns the number of
/// accounts created.
///
/// # Errors
/// When the database fails. Earlier chunks stay committed.
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

/// Like [`create`], within a transaction.
///
/// # Errors
/// `ApiError::EmailTaken` when another account has the e-mail address.
pub async fn create_in(db: &impl ConnectionTrait, new: NewUser) -> Result<User, ApiError> {
    let (email, key) = new.email.into_parts();
    links::hold(db, [key.as_str()]).await?;
    let id = UserId::new(Uuid::now_v7());
    let model = Model {
        email: Some(email),
        email_key: Some(key.to_string()),
        name: new.name,
        avatar_url: new.avatar_url,
        password_hash: new.password_hash,
        is_admin: new.is_admin,
        last_sign_in_at: new.last_sign_in_at.map(Timestamp::millis),
        ..writes::blank(id, new.created_at)
    };
    let model = writes::insert(db, model).await?;
    links::link_everywhere(db, id, key.as_str(), new.created_at).await?;
    Ok(user(model))
}

/// Changes or clears the name of an account.
///
/// # Errors
/// `ApiError::NotFound` when there is no such account.
pub async fn rename(db: &Db, id: UserId, name: Option<&str>) -> Result<(), ApiError> {
    transaction::write(db, |tx| {
        let name = name.map(str::to_owned);
        Box::pin(async move {
            let after = serde_json::json!({ "name": name });
            let mut before = serde_json::Value::Null;
            writes::update(tx, id, |model| {
                before = serde_json::json!({ "name": model.name });
                model.name = name;
            })
            .await?;
            let entry = Entry::of_platform(AuditAction::UserUpdated).to(id.uuid());
            entry.changed(&before, &after)?.record(tx).await
        })
    })
    .await
}

/// Deletes an account, and leaves a tombstone without personal data. Its customers stay: unlinked, or linked
/// to the next account that has had their e-mail address.
///
/// # Errors
/// `ApiError::NotFound` when there is no such account.
pub async fn delete(db: &Db, id: UserId, at: Timestamp) -> Result<(), ApiError> {
    let clerk_id = queries::clerk_id(db.read(), id).await?;
    let subject = clerk_id.map_or(Subject::Local(id), Subject::Clerk);
    follow(db, &subject, &Change::Deleted(at)).await
}

/// Like [`delete`], within a transaction. Takes all link locks, and so waits for every transaction that
/// writes accounts or customers.
///
/// # Errors
/// `ApiError::NotFound` when there is no such account.
pub async fn delete_in(tx: &impl ConnectionTrait, id: UserId, at: Timestamp) -> Result<(), ApiError> {
    let clerk_id = queries::clerk_id(tx, id).await?;
    let subject = clerk_id.map_or(Subject::Local(id), Subject::Clerk);
    let done = clerk::apply(tx, &subject, &Change::Deleted(at), true).await?;
    done.map(drop).ok_or(ApiError::Unavailable)
}

/// Applies a change to an account.
///
/// # Errors
/// `ApiError::NotFound` when there is no such local account; otherwise when the database fails.
pub async fn follow(db: &Db, subject: &Subject, change: &Change) -> Result<(), ApiError> {
    for patiently in [false, true] {
        let done = transaction::write(db, |tx| {
            let (subject, change) = (subject.clone(), change.clone());
            Box::pin(async move { clerk::apply(tx, &subject, &change, patiently).await })
        })
        .await?;
        if done.is_some() {
            return Ok(());
        }
    }
    Err(ApiError::Unavailable)
}
