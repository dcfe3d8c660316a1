//! Reads accounts: pages in index order, with memberships.

use std::collections::HashMap;

use fanbase_domain::{
    filter::FanFilter,
    ids::{StoreId, UserId},
    page::SortValue,
    role::Role,
    time::Timestamp,
    wire::admin::{
        AdminUserDetailResponse, AdminUserPage, AdminUserResponse, ConnectStatus, MembershipResponse,
        UserStatus,
    },
};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::{
    cursor::UserCursor,
    params::{UserColumn, UserFilter, UserParams, UserSort},
};
use crate::{
    audience::fans::{access_path::Plan, conditions, order},
    db::{
        column::known,
        entities::users::Model,
        sql::{self, Sql},
    },
    error::ApiError,
};

/// A page of accounts. Accounts without a sort value come last, by id.
///
/// # Errors
/// `ApiError::InvalidCursor` when the cursor is malformed; otherwise when the database fails.
pub async fn page(db: &impl ConnectionTrait, params: &UserParams) -> Result<AdminUserPage, ApiError> {
    let UserParams { filter, sort, cursor, at, limit } = params;
    let cursor = cursor.as_deref().map(|text| UserCursor::decode(text, *sort)).transpose()?;
    let wanted = limit + 1;
    let mut models: Vec<Model> = Vec::new();
    let mut skipped = at.unwrap_or(0);
    for valued in [true, false] {
        let missing = wanted - models.len() as u64;
        // The cursor is past all accounts that have a sort value.
        let is_behind = cursor.as_ref().is_some_and(|cursor| valued && cursor.value.is_none());
        if missing == 0 || is_behind {
            continue;
        }
        let behind = cursor.as_ref().filter(|cursor| cursor.value.is_some() == valued);
        let found = phase(db, filter, *sort, valued, behind, (skipped, missing)).await?;
        if found.is_empty() && skipped > 0 {
            skipped = skipped.saturating_sub(count_phase(db, filter, *sort, valued).await?);
        } else {
            skipped = 0;
        }
        models.extend(found);
    }
    let more = models.len() as u64 == wanted;
    models.truncate(usize::try_from(*limit).unwrap_or(usize::MAX));
    let next_cursor = models
        .last()
        .filter(|_| more)
        .map(|last| UserCursor::new(*sort, value(last, sort.column), last.id).encode());
    Ok(AdminUserPage { items: complete(db, models).await?, next_cursor: next_cursor.transpose()?, rank: *at })
}

async fn phase(
    db: &impl ConnectionTrait,
    filter: &UserFilter,
    sort: UserSort,
    valued: bool,
    behind: Option<&UserCursor>,
    (offset, limit): (u64, u64),
) -> Result<Vec<Model>, ApiError> {
    let (column, direction) = (sort.column.sql(), if sort.descending { "DESC" } else { "ASC" });
    let beyond = if sort.descending { "<" } else { ">" };
    let mut sql = Sql::new("SELECT u.* FROM ");
    admitted(&mut sql, db, filter);
    in_phase(&mut sql, column, valued);
    match behind.map(|cursor| (cursor.id, &cursor.value)) {
        None => {}
        Some((id, Some(value))) => {
            sql.push(&format!(" AND ({column}, u.id) {beyond} (")).bind(order::bindable(value));
            sql.push(", ").bind(id).push(")");
        }
        Some((id, None)) => {
            sql.push(&format!(" AND u.id {beyond} ")).bind(id);
        }
    }
    if valued {
        sql.push(&format!(" ORDER BY {column} {direction}, u.id {direction}"));
    } else {
        sql.push(&format!(" ORDER BY u.id {direction}"));
    }
    sql.push(&format!(" LIMIT {limit} OFFSET {offset}"));
    Ok(sql.models(db).await?)
}

fn in_phase(sql: &mut Sql, column: &str, valued: bool) {
    sql.push(&format!(" AND {column} IS {}NULL", if valued { "NOT " } else { "" }));
}

async fn count_phase(
    db: &impl ConnectionTrait,
    filter: &UserFilter,
    sort: UserSort,
    valued: bool,
) -> Result<u64, ApiError> {
    let mut sql = Sql::new("SELECT COUNT(*) FROM ");
    admitted(&mut sql, db, filter);
    in_phase(&mut sql, sort.column.sql(), valued);
    Ok(sql::count(sql.number(db).await?))
}

/// Counts the accounts that match a filter.
///
/// # Errors
/// When the database fails.
pub async fn count(db: &impl ConnectionTrait, filter: &UserFilter) -> Result<u64, ApiError> {
    let mut sql = Sql::new("SELECT COUNT(*) FROM ");
    admitted(&mut sql, db, filter);
    Ok(sql::count(sql.number(db).await?))
}

/// The ids of the accounts that match a filter, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn ids(
    db: &impl ConnectionTrait,
    filter: &UserFilter,
    limit: usize,
) -> Result<Vec<UserId>, ApiError> {
    let mut sql = Sql::new("SELECT u.id FROM ");
    admitted(&mut sql, db, filter);
    sql.push(&format!(" ORDER BY u.id LIMIT {limit}"));
    let ids = sql.all(db).await?;
    Ok(ids.iter().map(|row| Ok(UserId::new(row.try_get_by_index(0)?))).collect::<Result<_, DbErr>>()?)
}

/// Appends the table and the conditions of a filter.
fn admitted(sql: &mut Sql, db: &impl ConnectionTrait, filter: &UserFilter) {
    // Destructured in full, so that a new field without a condition does not compile.
    let UserFilter { search, statuses, roles, connects, is_admin, has_store, created_after, created_before } =
        filter;
    let found = FanFilter {
        search: search.clone(),
        created_after: *created_after,
        created_before: *created_before,
        ..FanFilter::default()
    };
    let plan = Plan::of_all_users(&found);
    plan.users(sql, db, &found);
    conditions::of_users(sql, db, plan, &found);
    let status = |status: &UserStatus| match status {
        UserStatus::Active => "(u.deleted_at IS NULL AND u.suspended_at IS NULL)",
        UserStatus::Suspended => "(u.deleted_at IS NULL AND u.suspended_at IS NOT NULL)",
        UserStatus::Deleted => "(u.deleted_at IS NOT NULL)",
    };
    if statuses.is_empty() {
        sql.push(" AND u.deleted_at IS NULL");
    } else {
        let any: Vec<&str> = statuses.iter().map(status).collect();
        sql.push(&format!(" AND ({})", any.join(" OR ")));
    }
    if let Some(is_admin) = is_admin {
        sql.push(" AND u.is_admin = ").bind(*is_admin);
    }
    if let Some(has_store) = has_store {
        let not = if *has_store { "" } else { "NOT " };
        sql.push(&format!(" AND {not}EXISTS (SELECT 1 FROM store_members m WHERE m.user_id = u.id)"));
    }
    if !roles.is_empty() {
        sql.push(" AND EXISTS (SELECT 1 FROM store_members m WHERE m.user_id = u.id AND m.role IN (");
        sql.bind_all(roles.iter().map(|role| role.as_str())).push("))");
    }
    if !connects.is_empty() {
        sql.push(
            " AND EXISTS (SELECT 1 FROM store_members m JOIN stores s ON s.id = m.store_id
              WHERE m.user_id = u.id AND m.role = 'AGENCY_OWNER' AND s.connect_status IN (",
        );
        sql.bind_all(connects.iter().map(|connect| connect.as_str())).push("))");
    }
}

/// Reads one account, with its memberships.
///
/// # Errors
/// `ApiError::NotFound` when there is no such account.
pub async fn find(db: &impl ConnectionTrait, id: UserId) -> Result<AdminUserDetailResponse, ApiError> {
    let mut sql = Sql::new("SELECT u.* FROM users u WHERE u.id = ");
    sql.bind(id.uuid());
    let models: Vec<Model> = sql.models(db).await?;
    let model = models.into_iter().next().ok_or(ApiError::NotFound("user"))?;
    let memberships = memberships(db, &[id.uuid()]).await?.remove(&id.uuid()).unwrap_or_default();
    Ok(AdminUserDetailResponse { user: response(model, &memberships), memberships })
}

async fn complete(db: &impl ConnectionTrait, models: Vec<Model>) -> Result<Vec<AdminUserResponse>, ApiError> {
    let ids: Vec<Uuid> = models.iter().map(|model| model.id).collect();
    let mut of = memberships(db, &ids).await?;
    Ok(models
        .into_iter()
        .map(|model| {
            let memberships = of.remove(&model.id).unwrap_or_default();
            response(model, &memberships)
        })
        .collect())
}

fn response(model: Model, memberships: &[MembershipResponse]) -> AdminUserResponse {
    let status = match (model.deleted_at, model.suspended_at) {
        (Some(_), _) => UserStatus::Deleted,
        (None, Some(_)) => UserStatus::Suspended,
        (None, None) => UserStatus::Active,
    };
    let owned = memberships.iter().filter(|membership| membership.role == Role::AgencyOwner);
    AdminUserResponse {
        id: UserId::new(model.id),
        email: model.email,
        name: model.name,
        avatar_url: model.avatar_url,
        status,
        is_admin: model.is_admin,
        role: memberships.iter().map(|membership| membership.role).min(),
        stores: memberships.len() as u64,
        connect: owned.map(|store| store.connect).max().unwrap_or(ConnectStatus::NotConnected),
        created_at: Timestamp::from_millis(model.created_at),
        last_sign_in_at: model.last_sign_in_at.map(Timestamp::from_millis),
    }
}

async fn memberships(
    db: &impl ConnectionTrait,
    users: &[Uuid],
) -> Result<HashMap<Uuid, Vec<MembershipResponse>>, ApiError> {
    let mut of: HashMap<Uuid, Vec<MembershipResponse>> = HashMap::new();
    if users.is_empty() {
        return Ok(of);
    }
    let mut sql = Sql::new(
        "SELECT m.user_id, m.role, s.id, s.name, s.connect_status
         FROM store_members m JOIN stores s ON s.id = m.store_id WHERE ",
    );
    sql.is_any_id(db, "m.user_id", users).push(" ORDER BY s.name, s.id");
    for row in sql.all(db).await? {
        let (role, connect): (String, String) = (row.try_get_by_index(1)?, row.try_get_by_index(4)?);
        of.entry(row.try_get_by_index(0)?).or_default().push(MembershipResponse {
            store_id: StoreId::new(row.try_get_by_index(2)?),
            store_name: row.try_get_by_index(3)?,
            role: known(Role::parse(&role), "store_members.role")?,
            connect: known(ConnectStatus::parse(&connect), "stores.connect_status")?,
        });
    }
    Ok(of)
}

fn value(model: &Model, column: UserColumn) -> Option<SortValue> {
    match column {
        UserColumn::CreatedAt => Some(SortValue::Int(model.created_at)),
        UserColumn::Name => model.name_sort.clone().map(SortValue::Text),
        UserColumn::Email => model.email_key.clone().map(SortValue::Text),
        UserColumn::LastSignInAt => model.last_sign_in_at.map(SortValue::Int),
    }
}
