//! What was last found out about a store, in the database: other servers and the next start know it
//! as well.

use fanbase_domain::{ids::StoreId, time::Timestamp, wire::worth::ValueReport};
use sea_orm::{ConnectionTrait, DbErr};

use crate::{db::sql::Sql, error::ApiError};

/// A report is kept so many times as long as it took to make, so that no store takes more than that
/// part of a core,
const TIMES_AS_LONG: i64 = 600;
/// but no longer than an hour.
const LONGEST: i64 = 60 * 60 * 1000;

/// A report, and how long it took to make, in milliseconds.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Kept {
    pub(super) report: ValueReport,
    pub(super) took: i64,
}

impl Kept {
    /// Whether it is still good.
    pub(super) fn is_fresh(&self, now: Timestamp) -> bool {
        let age = now.millis() - self.report.made_at.millis();
        age < self.took.saturating_mul(TIMES_AS_LONG).min(LONGEST)
    }
}

/// The report of a store. One that another version of the server made, and this one cannot read, is none.
pub(super) async fn find(db: &impl ConnectionTrait, store_id: StoreId) -> Result<Option<Kept>, DbErr> {
    let mut sql = Sql::new("SELECT report, took FROM worth_reports WHERE store_id = ");
    sql.bind(store_id.uuid());
    let Some(row) = sql.one(db).await? else { return Ok(None) };
    let (report, took): (String, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    Ok(serde_json::from_str(&report).ok().map(|report| Kept { report, took }))
}

/// Keeps a report.
pub(super) async fn keep(db: &impl ConnectionTrait, store_id: StoreId, kept: &Kept) -> Result<(), ApiError> {
    let mut sql = Sql::new("INSERT INTO worth_reports (store_id, made_at, took, report) VALUES (");
    sql.bind(store_id.uuid()).push(", ").bind(kept.report.made_at.millis()).push(", ").bind(kept.took);
    sql.push(", ").bind(serde_json::to_string(&kept.report)?);
    sql.push(") ON CONFLICT (store_id) DO UPDATE SET made_at = excluded.made_at, took = excluded.took,");
    sql.push(" report = excluded.report");
    sql.execute(db).await?;
    Ok(())
}
