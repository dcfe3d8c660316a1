//! Maps backfills to and from their rows.

use fanbase_domain::{
    ids::{BackfillId, StoreId},
    time::Timestamp,
    wire::backfills::{BackfillResponse, BackfillStatus, BackfillWhat, NewBackfill},
};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use uuid::Uuid;

use crate::{
    db::{
        column::known,
        is_sqlite,
        sql::{Sql, count},
    },
    error::ApiError,
};

/// A backfill and its progress.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backfill {
    /// Its id.
    pub id: BackfillId,
    /// The store it is for.
    pub store_id: StoreId,
    /// The kind of rows it assigns.
    pub what: BackfillWhat,
    /// Whether it only counts, without writing customers.
    pub dry_run: bool,
    /// Its status.
    pub status: BackfillStatus,
    /// Number of unassigned rows when it started.
    pub total: i64,
    /// Keyset position: person and id of the last row processed. Cleared at the end, since the person may be
    /// an e-mail address.
    pub position: Option<(String, Uuid)>,
    /// Outcomes so far.
    pub tally: Tally,
    /// When it was requested.
    pub created_at: Timestamp,
    /// When it started.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

/// Number of rows by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// A customer was created.
    pub created: i64,
    /// The row was assigned to an existing customer.
    pub updated: i64,
    /// The row could not be assigned.
    pub errors: i64,
}

impl Tally {
    /// Rows processed.
    #[must_use]
    pub fn found(self) -> i64 {
        self.created + self.updated + self.errors
    }
}

impl Backfill {
    /// A queued backfill.
    #[must_use]
    pub fn new(store_id: StoreId, new: NewBackfill, now: Timestamp) -> Self {
        Self {
            id: BackfillId::new(Uuid::now_v7()),
            store_id,
            what: new.what,
            dry_run: new.dry_run,
            status: BackfillStatus::Queued,
            total: 0,
            position: None,
            tally: Tally::default(),
            created_at: now,
            started_at: None,
            finished_at: None,
        }
    }

    /// Upserts the row.
    ///
    /// # Errors
    /// Returns the error of the database.
    pub async fn write(&self, db: &impl ConnectionTrait) -> Result<(), DbErr> {
        let mut sql = Sql::new(
            "INSERT INTO backfills (store_id, id, what, dry_run, status, total, position_person,
                 position_id, found, created,
                 updated, errors, created_at, started_at, finished_at) VALUES (",
        );
        sql.bind(self.store_id.uuid()).push(", ").bind(self.id.uuid());
        sql.push(", ").bind(self.what.as_str()).push(", ").bind(self.dry_run);
        sql.push(", ").bind(self.status.as_str()).push(", ").bind(self.total);
        let (person, id) = self.position.clone().unzip();
        sql.push(", ").bind(person).push(", ").bind(id).push(", ").bind(self.tally.found());
        sql.push(", ").bind(self.tally.created).push(", ").bind(self.tally.updated);
        sql.push(", ").bind(self.tally.errors).push(", ").bind(self.created_at.millis());
        sql.push(", ").bind(self.started_at.map(Timestamp::millis));
        sql.push(", ").bind(self.finished_at.map(Timestamp::millis));
        sql.push(
            ") ON CONFLICT (store_id, id) DO UPDATE SET status = excluded.status, total = excluded.total,
                 position_person = excluded.position_person, position_id = excluded.position_id, found = excluded.found, created = excluded.created,
                 updated = excluded.updated, errors = excluded.errors, started_at = excluded.started_at,
                 finished_at = excluded.finished_at",
        );
        sql.execute(db).await?;
        Ok(())
    }
}

/// The backfill of a row.
///
/// # Errors
/// `DbErr` when the row contains an unknown value.
pub fn stored(row: &QueryResult) -> Result<Backfill, DbErr> {
    let text = |name: &str| row.try_get::<String>("", name);
    let number = |name: &str| row.try_get::<i64>("", name);
    let time = |name: &str| Ok::<_, DbErr>(row.try_get::<Option<i64>>("", name)?.map(Timestamp::from_millis));
    Ok(Backfill {
        id: BackfillId::new(row.try_get("", "id")?),
        store_id: StoreId::new(row.try_get("", "store_id")?),
        what: known(BackfillWhat::parse(&text("what")?), "what")?,
        dry_run: row.try_get("", "dry_run")?,
        status: known(BackfillStatus::parse(&text("status")?), "status")?,
        total: number("total")?,
        position: row.try_get::<Option<String>>("", "position_person")?.zip(row.try_get("", "position_id")?),
        tally: Tally { created: number("created")?, updated: number("updated")?, errors: number("errors")? },
        created_at: Timestamp::from_millis(number("created_at")?),
        started_at: time("started_at")?,
        finished_at: time("finished_at")?,
    })
}

/// Reads a backfill. With `lock`, its row is locked until the transaction ends.
///
/// # Errors
/// `ApiError::NotFound` when the store has no such backfill.
pub async fn find(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    id: BackfillId,
    lock: bool,
) -> Result<Backfill, ApiError> {
    let mut sql = Sql::new("SELECT * FROM backfills WHERE store_id = ");
    sql.bind(store_id.uuid()).push(" AND id = ").bind(id.uuid());
    if lock && !is_sqlite(db) {
        sql.push(" FOR UPDATE");
    }
    let row = sql.one(db).await?.ok_or(ApiError::NotFound("backfill"))?;
    Ok(stored(&row)?)
}

/// Backfills that are queued or running, oldest first.
///
/// # Errors
/// Returns the error of the database.
pub async fn unfinished(db: &impl ConnectionTrait) -> Result<Vec<Backfill>, DbErr> {
    let sql =
        Sql::new("SELECT * FROM backfills WHERE status IN ('queued', 'running') ORDER BY created_at, id");
    sql.all(db).await?.iter().map(stored).collect()
}

impl From<Backfill> for BackfillResponse {
    fn from(backfill: Backfill) -> Self {
        let Backfill {
            id,
            store_id: _,
            what,
            dry_run,
            status,
            total,
            position: _,
            tally,
            created_at,
            started_at,
            finished_at,
        } = backfill;
        Self {
            id,
            what,
            dry_run,
            status,
            total: count(total),
            found: count(tally.found()),
            created: count(tally.created),
            updated: count(tally.updated),
            errors: count(tally.errors),
            created_at,
            started_at,
            finished_at,
        }
    }
}
