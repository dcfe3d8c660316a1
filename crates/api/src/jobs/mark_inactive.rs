//! Sets `status` from the last activity: active within the store's idle period, else inactive. Customers
//! whose status was set manually are skipped.
//!
//! A keyset scan of a covering index finds the customers whose status is outdated. They are updated in
//! batches, with the counters in the same transaction. The `UPDATE` checks the rule again, so customers with
//! activity since the scan are skipped. This is not an edit: version, timeline and audit log do not change,
//! and the job only writes a line to the server's log.

use std::collections::BTreeMap;

use fanbase_domain::{
    customer::{CustomerStatus, CustomerType},
    ids::StoreId,
    store::IdleDays,
    time::Timestamp,
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    audience::counters::CountDelta,
    db::{Db, column::known, sql::Sql, transaction},
    error::ApiError,
};

/// Customers per transaction.
const BATCH: usize = 1_000;

/// One scan: the status to set, for customers with or without an activity.
#[derive(Clone, Copy, Debug)]
struct Walk {
    store_id: StoreId,
    idle_after: Timestamp,
    to: CustomerStatus,
    has_activity: bool,
}

/// Updates the status of all customers as of `now`, until cancelled.
///
/// # Errors
/// When the database fails.
pub async fn run(db: &Db, now: Timestamp, stop: &CancellationToken) -> Result<(), ApiError> {
    for row in Sql::new("SELECT id, idle_days FROM stores ORDER BY id").all(db.read()).await? {
        let store_id = StoreId::new(row.try_get_by_index(0)?);
        let idle_days = known(IdleDays::parse(row.try_get_by_index(1)?), "idle_days")?;
        let mut changed = [0; 2];
        for (i, to) in [CustomerStatus::Inactive, CustomerStatus::Active].into_iter().enumerate() {
            for has_activity in [true, false] {
                let walk = Walk { store_id, idle_after: idle_days.before(now), to, has_activity };
                changed[i] += walk.run(db, stop).await?;
            }
        }
        if let [idle, awake] = changed
            && idle + awake > 0
        {
            tracing::info!(store.id = %store_id, customers.idle = idle, customers.awake = awake, "idle customers");
        }
    }
    Ok(())
}

impl Walk {
    /// Returns how many customers were changed.
    async fn run(self, db: &Db, stop: &CancellationToken) -> Result<u64, ApiError> {
        let (mut changed, mut place) = (0, None);
        while !stop.is_cancelled() {
            let found = self.next(db.read(), place).await?;
            place = found.last().copied();
            if place.is_none() {
                break;
            }
            let ids: Vec<Uuid> = found.iter().map(|(_, id)| *id).collect();
            let outcome = transaction::write(db, |tx| {
                let ids = ids.clone();
                Box::pin(async move { self.change(tx, &ids).await })
            });
            match outcome.await? {
                Some(n) => changed += n,
                None => break,
            }
        }
        Ok(changed)
    }

    fn from(self) -> CustomerStatus {
        match self.to {
            CustomerStatus::Inactive => CustomerStatus::Active,
            CustomerStatus::Active => CustomerStatus::Inactive,
        }
    }

    /// Appends the condition on the time of the last activity.
    fn condition(self, sql: &mut Sql, column: &str) {
        let sign = if self.to == CustomerStatus::Inactive { "<" } else { ">=" };
        sql.push(&format!(" AND {column} {sign} ")).bind(self.idle_after.millis());
    }

    /// The next batch of customers whose status is outdated, in index order.
    async fn next(
        self,
        db: &impl ConnectionTrait,
        place: Option<(i64, Uuid)>,
    ) -> Result<Vec<(i64, Uuid)>, DbErr> {
        let mut sql = Sql::new("SELECT last_activity_at, id FROM customers WHERE store_id = ");
        sql.bind(self.store_id.uuid()).push(" AND status = ").bind(self.from().as_str());
        if self.has_activity {
            self.condition(&mut sql, "last_activity_at");
            if let Some((at, id)) = place {
                sql.push(" AND (last_activity_at, id) > (").bind(at).push(", ").bind(id).push(")");
            }
        } else {
            self.condition(&mut sql, "created_at");
            sql.push(" AND last_activity_at IS NULL");
            if let Some((_, id)) = place {
                sql.push(" AND id > ").bind(id);
            }
        }
        // Filtered here too, so that no hourly transaction is begun for them.
        sql.push(" AND status_by_hand = 0");
        // Also for customers without an activity: PostgreSQL would sort them if ordered by id alone.
        sql.push(&format!(" ORDER BY last_activity_at, id LIMIT {BATCH}"));
        let place = |row: &sea_orm::QueryResult| {
            Ok((row.try_get_by_index::<Option<i64>>(0)?.unwrap_or(0), row.try_get_by_index(1)?))
        };
        sql.all(db).await?.iter().map(place).collect()
    }

    /// Updates the customers whose status is still outdated. Returns `None` while an import of the
    /// store is unfinished, since the import would overwrite the change with the state it has loaded.
    async fn change(self, tx: &DatabaseTransaction, ids: &[Uuid]) -> Result<Option<u64>, ApiError> {
        let mut sql = Sql::new("SELECT COUNT(*) FROM imports WHERE store_id = ");
        sql.bind(self.store_id.uuid()).push(" AND status IN ('queued', 'running', 'undoing')");
        if sql.number(tx).await? > 0 {
            return Ok(None);
        }
        let mut sql = Sql::new("UPDATE customers SET status = ");
        sql.bind(self.to.as_str()).push(" WHERE store_id = ").bind(self.store_id.uuid());
        sql.push(" AND ").is_any_id(tx, "id", ids).push(" AND status = ").bind(self.from().as_str());
        self.condition(&mut sql, "COALESCE(last_activity_at, created_at)");
        sql.push(" AND status_by_hand = 0 RETURNING kind");
        let mut changed: BTreeMap<CustomerType, i64> = BTreeMap::new();
        for row in sql.all(tx).await? {
            let kind = known(CustomerType::parse(&row.try_get_by_index::<String>(0)?), "kind")?;
            *changed.entry(kind).or_default() += 1;
        }
        let n: i64 = changed.values().sum();
        let mut counts = CountDelta::default();
        for (kind, n) in changed {
            counts.status(kind, self.from(), self.to, n);
        }
        counts.apply(tx, self.store_id).await?;
        Ok(Some(u64::try_from(n).unwrap_or(0)))
    }
}
