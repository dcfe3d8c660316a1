//! SQL of members.

use fanbase_domain::{
    ids::{StoreId, UserId},
    role::Role,
    time::Timestamp,
    wire::members::MemberResponse,
};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use uuid::Uuid;

use crate::{
    db::{column::known, is_sqlite, sql::Sql},
    error::ApiError,
};

const MEMBERS: &str = "SELECT u.id, u.email, u.name, u.avatar_url, u.suspended_at, m.role, m.created_at
    FROM store_members m JOIN users u ON u.id = m.user_id WHERE m.store_id = ";

/// All members of a store, highest roles first.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &impl ConnectionTrait, store_id: StoreId) -> Result<Vec<MemberResponse>, ApiError> {
    let mut sql = Sql::new(MEMBERS);
    sql.bind(store_id.uuid()).push(" ORDER BY m.created_at, u.id");
    let mut members = sql.all(db).await?.iter().map(member).collect::<Result<Vec<_>, _>>()?;
    members.sort_by_key(|member| member.role);
    Ok(members)
}

/// Reads one member.
///
/// # Errors
/// `ApiError::NotFound` when the account is not a member.
pub async fn find(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    user_id: UserId,
) -> Result<MemberResponse, ApiError> {
    let mut sql = Sql::new(MEMBERS);
    sql.bind(store_id.uuid()).push(" AND m.user_id = ").bind(user_id.uuid());
    let row = sql.one(db).await?.ok_or(ApiError::NotFound("member"))?;
    Ok(member(&row)?)
}

fn member(row: &QueryResult) -> Result<MemberResponse, DbErr> {
    let role: String = row.try_get("", "role")?;
    Ok(MemberResponse {
        user_id: UserId::new(row.try_get::<Uuid>("", "id")?),
        email: row.try_get("", "email")?,
        name: row.try_get("", "name")?,
        avatar_url: row.try_get("", "avatar_url")?,
        role: known(Role::parse(&role), "store_members.role")?,
        is_suspended: row.try_get::<Option<i64>>("", "suspended_at")?.is_some(),
        created_at: Timestamp::from_millis(row.try_get("", "created_at")?),
    })
}

/// Locks the memberships of a store until the transaction ends, so that two owners who demote each other
/// concurrently do not leave the store without one.
///
/// # Errors
/// When the database fails.
pub async fn hold(db: &impl ConnectionTrait, store_id: StoreId) -> Result<(), ApiError> {
    if !is_sqlite(db) {
        let mut sql = Sql::new("SELECT id FROM stores WHERE id = ");
        sql.bind(store_id.uuid()).push(" FOR UPDATE");
        sql.one(db).await?;
    }
    Ok(())
}

/// Whether the store has another owner who is not suspended.
///
/// # Errors
/// When the database fails.
pub async fn has_other_owner(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    user_id: UserId,
) -> Result<bool, ApiError> {
    let mut sql = Sql::new(
        "SELECT COUNT(*) FROM store_members m JOIN users u ON u.id = m.user_id
         WHERE m.role = 'AGENCY_OWNER' AND u.suspended_at IS NULL AND m.store_id = ",
    );
    sql.bind(store_id.uuid()).push(" AND m.user_id <> ").bind(user_id.uuid());
    Ok(sql.number(db).await? > 0)
}

/// Adds a member; an existing member keeps the higher role. Returns the role.
///
/// # Errors
/// When the database fails.
pub async fn add(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    user_id: UserId,
    role: Role,
    at: Timestamp,
) -> Result<Role, ApiError> {
    hold(db, store_id).await?;
    let role = match find(db, store_id, user_id).await {
        Ok(member) => member.role.min(role),
        Err(ApiError::NotFound(_)) => role,
        Err(error) => return Err(error),
    };
    let mut sql = Sql::new("INSERT INTO store_members (store_id, user_id, role, created_at) VALUES (");
    sql.bind(store_id.uuid()).push(", ").bind(user_id.uuid()).push(", ").bind(role.as_str());
    sql.push(", ").bind(at.millis());
    sql.push(") ON CONFLICT (store_id, user_id) DO UPDATE SET role = excluded.role");
    sql.execute(db).await?;
    Ok(role)
}
