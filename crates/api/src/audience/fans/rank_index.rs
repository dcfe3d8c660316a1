//! Rank indexes of lists, by which a scroll bar can jump to any rank.
//!
//! A rank index contains the position of every 500th fan of a list. It is built by one scan and cached until
//! this process commits: an unchanged number of fans does not imply an unchanged order. Long lists take a
//! while to scan, so their rank index stays cached for a few seconds of changes, in which its positions
//! remain valid places in the list. Changes by other processes take effect when the entry expires, at the
//! latest.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use fanbase_domain::{
    filter::FanFilter,
    ids::StoreId,
    page::{Arm, Phase, Position, Sort, SortColumn, SortValue},
};
use sea_orm::{ConnectionTrait, DbErr};

use super::{
    access_path::{Plan, Plans},
    conditions, cursor,
    order::{Order, phases},
};
use crate::db::{
    is_sqlite,
    sql::{self, Sql},
};

/// The stride: fans between two indexed positions.
pub const RUNG: u64 = 500;
/// The maximum number of cached rank indexes; one of a million fans takes about 200 KiB.
const KEPT: usize = 64;

/// Lists of up to so many fans are scanned again after any change.
const SHORT: u64 = 50_000;
/// The time to live of a long list's index while the database changes, and of a short list's in any case,
/// since other processes may change it.
const KEPT_FOR: Duration = Duration::from_secs(5);
/// The time to live of a long list's index while this process changes nothing: a scan takes seconds, and
/// changes by other processes are few in so many fans.
const LONG_KEPT_FOR: Duration = Duration::from_secs(60);

/// The maximum number of lists that are marked as begun.
const REMEMBERED: usize = 10_000;

/// The rank index of a list: the position of every 500th fan.
#[derive(Debug)]
pub struct Ladder {
    rungs: Vec<Position>,
    total: u64,
    /// The commits of this process before the scan.
    commits: u64,
    built_at: Instant,
}

impl Ladder {
    /// Whether the index is still usable for its list, which has `total` fans now.
    fn holds(&self, commits: u64, total: u64) -> bool {
        let (age, is_long) = (self.built_at.elapsed(), self.total > SHORT);
        if self.commits == commits && self.total == total {
            return age < if is_long { LONG_KEPT_FOR } else { KEPT_FOR };
        }
        is_long && self.total.abs_diff(total) <= total / 100 && age < KEPT_FOR
    }

    /// The last indexed position at or before a rank, with its rank.
    #[must_use]
    pub fn before(&self, rank: u64) -> Option<(u64, &Position)> {
        let index = usize::try_from(rank / RUNG).unwrap_or(usize::MAX).min(self.rungs.len().checked_sub(1)?);
        Some((index as u64 * RUNG, &self.rungs[index]))
    }
}

/// The cache of rank indexes.
#[derive(Debug, Default)]
pub struct Ladders {
    kept: Mutex<HashMap<String, Arc<Ladder>>>,
    /// Lists whose first index is built ahead of time.
    begun: Mutex<HashSet<String>>,
}

impl Ladders {
    /// The rank index of a list, cached or built. The list has `total` fans now; `commits` is the number of
    /// commits of this process before `db` was opened.
    ///
    /// # Errors
    /// Returns the error of the database.
    pub async fn of(
        &self,
        db: &impl ConnectionTrait,
        plans: &Plans,
        (store_id, sort, filter): (StoreId, Sort, &FanFilter),
        (commits, total): (u64, u64),
    ) -> Result<Arc<Ladder>, DbErr> {
        let key = cursor::list_key(store_id, sort, filter);
        if let Some(ladder) = self.kept(&key).filter(|ladder| ladder.holds(commits, total)) {
            return Ok(ladder);
        }
        let rungs = Walk { db, plans, store_id, sort, filter }.rungs().await?;
        let ladder = Arc::new(Ladder { rungs, total, commits, built_at: Instant::now() });
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(key, Arc::clone(&ladder));
        Ok(ladder)
    }

    /// Marks a list as begun; `false` if it was, or has an index already.
    #[must_use]
    pub fn begin(&self, store_id: StoreId, sort: Sort, filter: &FanFilter) -> bool {
        let key = cursor::list_key(store_id, sort, filter);
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        if begun.len() >= REMEMBERED {
            begun.clear();
        }
        self.kept(&key).is_none() && begun.insert(key)
    }

    fn kept(&self, key: &str) -> Option<Arc<Ladder>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }
}

/// A scan of a list from start to end.
struct Walk<'a, C> {
    db: &'a C,
    plans: &'a Plans,
    store_id: StoreId,
    sort: Sort,
    filter: &'a FanFilter,
}

impl<C: ConnectionTrait> Walk<'_, C> {
    /// Numbers the whole list and returns every 500th position.
    async fn rungs(&self) -> Result<Vec<Position>, DbErr> {
        let filter = self.filter;
        let arms = [(Arm::Customers, filter.admits_customers()), (Arm::Users, filter.admits_users())];
        let arms = arms.into_iter().filter(|(_, is_admitted)| *is_admitted);
        let arms: Vec<(Arm, Order)> = arms.map(|(arm, _)| (arm, Order::new(arm, self.sort, false))).collect();
        let (mut rungs, mut before) = (Vec::new(), 0);
        for phase in phases(self.sort.column) {
            // Fans with a value are ordered across both branches; those without follow branch by branch.
            let at_once = if *phase == Phase::Valued { 2 } else { 1 };
            for part in arms.chunks(at_once) {
                before += self.part(*phase, part, before, &mut rungs).await?;
            }
        }
        Ok(rungs)
    }

    /// Numbers a part of the list after the `before` fans that precede it; returns its length.
    async fn part(
        &self,
        phase: Phase,
        arms: &[(Arm, Order)],
        before: u64,
        rungs: &mut Vec<Position>,
    ) -> Result<u64, DbErr> {
        let direction = if self.sort.descending { "DESC" } else { "ASC" };
        let mut sql = Sql::new(
            "SELECT v, a, id, n FROM (
                 SELECT v, a, id, ROW_NUMBER() OVER list AS n, LEAD(a) OVER list IS NULL AS is_last FROM (",
        );
        let mut union = "";
        for (arm, order) in arms {
            if order.column.is_some() || phase == Phase::Missing {
                sql.push(union);
                self.arm(&mut sql, phase, *arm, order).await?;
                union = " UNION ALL ";
            }
        }
        if union.is_empty() {
            return Ok(0);
        }
        // The last row contains the length of the part.
        sql.push(&format!(
            ") AS arms WINDOW list AS (ORDER BY v {direction}, a ASC, id {direction})
             ) AS numbered WHERE (n - 1 + {before}) % {RUNG} = 0 OR is_last ORDER BY n"
        ));
        let mut last = 0;
        for row in sql.all(self.db).await? {
            last = sql::count(row.try_get_by_index(3)?);
            if (last - 1 + before).is_multiple_of(RUNG) {
                let value = match (phase, self.sort.column) {
                    (Phase::Missing, _) => None,
                    (Phase::Valued, SortColumn::Name | SortColumn::Email) => {
                        Some(SortValue::Text(row.try_get_by_index(0)?))
                    }
                    (Phase::Valued, _) => Some(SortValue::Int(row.try_get_by_index(0)?)),
                };
                let arm = if row.try_get_by_index::<i32>(1)? == 0 { Arm::Customers } else { Arm::Users };
                rungs.push(Position { value, arm, id: row.try_get_by_index(2)? });
            }
        }
        Ok(last)
    }

    /// Adds the positions of a branch.
    async fn arm(&self, sql: &mut Sql, phase: Phase, arm: Arm, order: &Order) -> Result<(), DbErr> {
        let (db, store_id, filter) = (self.db, self.store_id, self.filter);
        // SQLite finds the index with the order of the merge. PostgreSQL needs an ORDER BY in each branch,
        // and would sort both together otherwise.
        let sorts = !is_sqlite(db) && phase == Phase::Valued;
        sql.push(if sorts { "(SELECT " } else { "SELECT " });
        if arm == Arm::Customers {
            sql.push(&value_of(order, phase, "c")).push(" AS v, 0 AS a, c.id AS id FROM ");
            let plan = self.plans.of_customers(db, store_id, filter).await?;
            plan.customers(sql, db, store_id, filter);
            order.phase(sql, phase);
            conditions::of_customers(sql, db, plan, store_id, filter);
        } else {
            sql.push(&value_of(order, phase, "u")).push(" AS v, 1 AS a, u.id AS id FROM users u WHERE TRUE");
            order.phase(sql, phase);
            conditions::of_users(sql, db, Plan::Walk, filter);
            conditions::unlinked(sql, store_id);
        }
        if sorts {
            order.order_by(sql, db, false);
            sql.push(")");
        }
        Ok(())
    }
}

fn value_of(order: &Order, phase: Phase, table: &str) -> String {
    match (phase, order.column) {
        (Phase::Valued, Some(column)) => format!("{table}.{column}"),
        _ => "0".to_owned(),
    }
}
