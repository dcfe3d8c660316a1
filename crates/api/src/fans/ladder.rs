//! Where in a list which rank is, so that a scroll bar can be dragged anywhere.
//!
//! A ladder has the position of every 500th fan of a list. It is built by one scan of the
//! index and kept until the list has changed by more than a hundredth: a rank is then off
//! by no more than that, while every position in it is still a place in the list.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

use fanbase_domain::{
    filter::FanFilter,
    ids::StoreId,
    page::{Arm, Phase, Position, Sort, SortColumn, SortValue},
};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::{
    conditions, cursor,
    order::{Order, phases},
    plan::Plans,
};
use crate::db::sql::Sql;

/// Fans between two rungs.
pub const RUNG: u64 = 500;
/// Ladders that are kept; one of a million fans takes about 200 KiB.
const KEPT: usize = 64;

/// Lists that are remembered as begun.
const REMEMBERED: usize = 10_000;

/// The positions of every 500th fan of a list.
#[derive(Debug)]
pub struct Ladder {
    rungs: Vec<Position>,
    total: u64,
}

impl Ladder {
    /// The last rung at or before a rank, and its rank.
    #[must_use]
    pub fn before(&self, rank: u64) -> Option<(u64, &Position)> {
        let index = usize::try_from(rank / RUNG).unwrap_or(usize::MAX).min(self.rungs.len().checked_sub(1)?);
        Some((index as u64 * RUNG, &self.rungs[index]))
    }
}

/// The ladders of this process.
#[derive(Debug, Default)]
pub struct Ladders {
    kept: Mutex<HashMap<String, Arc<Ladder>>>,
    /// Lists whose first ladder somebody builds ahead of time.
    begun: Mutex<HashSet<String>>,
}

impl Ladders {
    /// The ladder of a list that has `total` fans now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of(
        &self,
        db: &impl ConnectionTrait,
        plans: &Plans,
        (store_id, sort, filter): (StoreId, Sort, &FanFilter),
        total: u64,
    ) -> Result<Arc<Ladder>, DbErr> {
        let key = cursor::list_key(store_id, sort, filter);
        if let Some(ladder) = self.kept(&key).filter(|ladder| ladder.total.abs_diff(total) <= total / 100) {
            return Ok(ladder);
        }
        let ladder = Arc::new(Ladder { rungs: build(db, plans, store_id, sort, filter).await?, total });
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(key, Arc::clone(&ladder));
        Ok(ladder)
    }

    /// Whether nobody has built a ladder of this list yet, nor been told so. Tells it once.
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

/// Numbers the whole list and keeps every 500th position. The arms of each phase are
/// merged by the database, which reads both from an index in their order.
async fn build(
    db: &impl ConnectionTrait,
    plans: &Plans,
    store_id: StoreId,
    sort: Sort,
    filter: &FanFilter,
) -> Result<Vec<Position>, DbErr> {
    let direction = if sort.descending { "DESC" } else { "ASC" };
    let mut rungs = Vec::new();
    let mut before = 0_u64;
    for phase in phases(sort.column) {
        let mut sql = Sql::new("SELECT v, a, id, n FROM (SELECT v, a, id, ROW_NUMBER() OVER (ORDER BY v ");
        sql.push(direction)
            .push(", a ASC, id ")
            .push(direction)
            .push(") AS n, COUNT(*) OVER () AS total FROM (");
        let mut arms = 0;
        if filter.admits_customers() {
            let order = Order::new(Arm::Customers, sort, false);
            sql.push("SELECT ").push(&value_of(&order, *phase, "c")).push(" AS v, 0 AS a, c.id AS id FROM ");
            let plan = plans.of_customers(db, store_id, filter).await?;
            plan.customers(&mut sql, db, store_id, filter);
            order.phase(&mut sql, *phase);
            conditions::of_customers(&mut sql, db, store_id, filter);
            arms += 1;
        }
        let order = Order::new(Arm::Users, sort, false);
        if filter.admits_users() && (order.column.is_some() || *phase == Phase::Missing) {
            if arms > 0 {
                sql.push(" UNION ALL ");
            }
            sql.push("SELECT ").push(&value_of(&order, *phase, "u")).push(" AS v, 1 AS a, u.id AS id FROM ");
            sql.push("users u WHERE TRUE");
            order.phase(&mut sql, *phase);
            conditions::of_users(&mut sql, db, filter);
            conditions::unlinked(&mut sql, store_id);
            arms += 1;
        }
        if arms == 0 {
            continue;
        }
        // The last row tells how many there are in this phase.
        sql.push(&format!(
            ") AS arms) AS numbered WHERE (n - 1 + {before}) % {RUNG} = 0 OR n = total ORDER BY n"
        ));
        let mut last = 0;
        for row in sql.all(db).await? {
            let n: i64 = row.try_get_by_index(3)?;
            let n = u64::try_from(n).unwrap_or(0);
            last = n;
            if (n - 1 + before).is_multiple_of(RUNG) {
                let arm: i32 = row.try_get_by_index(1)?;
                let id: Uuid = row.try_get_by_index(2)?;
                let value = match (phase, sort.column) {
                    (Phase::Missing, _) => None,
                    (Phase::Valued, SortColumn::Name | SortColumn::Email) => {
                        Some(SortValue::Text(row.try_get_by_index(0)?))
                    }
                    (Phase::Valued, _) => Some(SortValue::Int(row.try_get_by_index(0)?)),
                };
                rungs.push(Position { value, arm: if arm == 0 { Arm::Customers } else { Arm::Users }, id });
            }
        }
        before += last;
    }
    Ok(rungs)
}

fn value_of(order: &Order, phase: Phase, table: &str) -> String {
    match (phase, order.column) {
        (Phase::Valued, Some(column)) => format!("{table}.{column}"),
        _ => "0".to_owned(),
    }
}
