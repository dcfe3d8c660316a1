//! SQL of the lists of backfills and of their problems.

use fanbase_domain::{
    ids::StoreId,
    wire::{
        backfills::{BackfillProblemCode, BackfillProblemResponse, BackfillResponse},
        page::Page,
    },
};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use uuid::Uuid;

use super::stored::{Backfill, stored};
use crate::{
    db::{column::known, sql::Sql},
    error::ApiError,
};

/// Backfills on a page.
const PAGE: usize = 50;
/// Problems on a page.
const PROBLEMS: usize = 200;

/// A page of a store's backfills, newest first: ids are UUIDv7 and sort by time.
///
/// # Errors
/// `ApiError::InvalidCursor` when the cursor is malformed; otherwise when the database fails.
pub async fn list(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    cursor: Option<&str>,
) -> Result<Page<BackfillResponse>, ApiError> {
    let mut sql = Sql::new("SELECT * FROM backfills WHERE store_id = ");
    sql.bind(store_id.uuid());
    if let Some(cursor) = cursor {
        sql.push(" AND id < ").bind(Uuid::parse_str(cursor).map_err(|_| ApiError::InvalidCursor)?);
    }
    sql.push(&format!(" ORDER BY id DESC LIMIT {}", PAGE + 1));
    let mut rows = sql.all(db).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let backfills = rows.iter().map(stored).collect::<Result<Vec<_>, _>>()?;
    let next_cursor = backfills.last().filter(|_| more).map(|last| last.id.to_string());
    let items = backfills.into_iter().map(BackfillResponse::from).collect();
    Ok(Page { items, next_cursor, prev_cursor: None })
}

/// A page of the rows that could not be assigned, by id.
///
/// # Errors
/// `ApiError::InvalidCursor` when the cursor is malformed; otherwise when the database fails.
pub async fn problems(
    db: &impl ConnectionTrait,
    backfill: &Backfill,
    cursor: Option<&str>,
) -> Result<Page<BackfillProblemResponse>, ApiError> {
    let mut sql = Sql::new("SELECT subject_id, code, reason FROM backfill_problems WHERE store_id = ");
    sql.bind(backfill.store_id.uuid()).push(" AND backfill_id = ").bind(backfill.id.uuid());
    if let Some(cursor) = cursor {
        let after = Uuid::parse_str(cursor).map_err(|_| ApiError::InvalidCursor)?;
        sql.push(" AND subject_id > ").bind(after);
    }
    sql.push(&format!(" ORDER BY subject_id LIMIT {}", PROBLEMS + 1));
    let mut rows = sql.all(db).await?;
    let more = rows.len() > PROBLEMS;
    rows.truncate(PROBLEMS);
    let items = rows.iter().map(problem).collect::<Result<Vec<_>, _>>()?;
    let next_cursor = items.last().filter(|_| more).map(|last| last.id.to_string());
    Ok(Page { items, next_cursor, prev_cursor: None })
}

fn problem(row: &QueryResult) -> Result<BackfillProblemResponse, DbErr> {
    let code = row.try_get_by_index::<String>(1)?;
    Ok(BackfillProblemResponse {
        id: row.try_get_by_index(0)?,
        code: known(BackfillProblemCode::parse(&code), "code")?,
        reason: row.try_get_by_index(2)?,
    })
}
