//! The latest report of each store. It is in the database, to be shared with other servers and to survive a
//! restart.

use fanbase_domain::{ids::StoreId, time::Timestamp, wire::worth::ValueReport};
use sea_orm::{ConnectionTrait, DbErr};

use crate::{db::sql::Sql, error::ApiError};

/// A report stays fresh for this many times the time it took, which bounds the CPU share of a store's
/// estimates,
const TIMES_AS_LONG: i64 = 600;
/// and for an hour at most.
const LONGEST: i64 = 60 * 60 * 1000;

/// A report, and how long it took to make, in milliseconds.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Kept {
    pub(super) report: ValueReport,
    pub(super) took: i64,
}

impl Kept {
    /// Whether the report is still fresh.
    pub(super) fn is_fresh(&self, now: Timestamp) -> bool {
        let age = now.millis() - self.report.made_at.millis();
        age < self.took.saturating_mul(TIMES_AS_LONG).min(LONGEST)
    }
}

/// Reads the report of a store; `None` if absent, or if another release of the server wrote it in a format
/// that this one cannot read.
pub(super) async fn find(db: &impl ConnectionTrait, store_id: StoreId) -> Result<Option<Kept>, DbErr> {
    let mut sql = Sql::new("SELECT report, took FROM worth_reports WHERE store_id = ");
    sql.bind(store_id.uuid());
    let Some(row) = sql.one(db).await? else { return Ok(None) };
    let (report, took): (String, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    Ok(serde_json::from_str(&report).ok().map(|report| Kept { report, took }))
}

/// Stores a report.
pub(super) async fn keep(db: &impl ConnectionTrait, store_id: StoreId, kept: &Kept) -> Result<(), ApiError> {
    let mut sql = Sql::new("INSERT INTO worth_reports (store_id, made_at, took, report) VALUES (");
    sql.bind(store_id.uuid()).push(", ").bind(kept.report.made_at.millis()).push(", ").bind(kept.took);
    sql.push(", ").bind(serde_json::to_string(&kept.report)?);
    sql.push(") ON CONFLICT (store_id) DO UPDATE SET made_at = excluded.made_at, took = excluded.took,");
    sql.push(" report = excluded.report");
    sql.execute(db).await?;
    Ok(())
}
