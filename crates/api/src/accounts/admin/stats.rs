//! Platform statistics.

use fanbase_domain::{
    time::Timestamp,
    wire::{
        admin::{PlatformGrowthResponse, PlatformStatsResponse},
        overview::Period,
    },
};
use sea_orm::DbErr;

use crate::{
    audience::fans::service::snapshot,
    db::{
        Db,
        periods::{self, Zone},
        sql::{self, Sql},
    },
    error::ApiError,
};

/// Maximum number of periods in the response.
const PERIODS: u32 = 36;

/// Counts, each an index-only query.
const NUMBERS: &str = "SELECT
    (SELECT COUNT(*) FROM users WHERE deleted_at IS NULL),
    (SELECT COUNT(*) FROM users WHERE deleted_at IS NULL AND suspended_at IS NOT NULL),
    (SELECT COUNT(*) FROM users WHERE deleted_at IS NULL AND is_admin),
    (SELECT COUNT(DISTINCT user_id) FROM store_members WHERE role = 'AGENCY_OWNER'),
    (SELECT COUNT(DISTINCT user_id) FROM customers WHERE user_id IS NOT NULL),
    (SELECT COUNT(*) FROM stores),
    (SELECT COUNT(*) FROM stores WHERE connect_status IN ('can_charge', 'can_be_paid_out')),
    (SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM fan_counts WHERE counter LIKE 'type:%'),
    (SELECT CAST(COALESCE(SUM(with_email), 0) AS BIGINT) FROM user_counts),
    (SELECT COUNT(*) FROM stores WHERE shows_accounts),
    (SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM fan_counts
     WHERE counter = 'linked' AND store_id IN (SELECT id FROM stores WHERE shows_accounts))";

/// The number of staff accounts that each store with visible accounts leaves out, summed over these stores:
/// admins and owners in every store, other members in their own stores, unless they are customers there.
const STAFF: &str = "WITH shown AS (SELECT id FROM stores WHERE shows_accounts),
    everywhere AS (
        SELECT u.id FROM users u WHERE u.email_key IS NOT NULL AND (u.is_admin OR u.id IN (
            SELECT m.user_id FROM store_members m WHERE m.role = 'AGENCY_OWNER'))),
    here AS (
        SELECT m.store_id, m.user_id FROM store_members m JOIN users u ON u.id = m.user_id
        WHERE u.email_key IS NOT NULL AND m.store_id IN (SELECT id FROM shown)
        AND m.user_id NOT IN (SELECT id FROM everywhere))
    SELECT (SELECT COUNT(*) FROM everywhere) * (SELECT COUNT(*) FROM shown) + (SELECT COUNT(*) FROM here)
    - (SELECT COUNT(*) FROM customers c
       WHERE c.user_id IN (SELECT id FROM everywhere) AND c.store_id IN (SELECT id FROM shown))
    - (SELECT COUNT(*) FROM here h
       JOIN customers c ON c.store_id = h.store_id AND c.user_id = h.user_id)";

/// Reads the statistics of the platform.
///
/// # Errors
/// When the database fails.
pub async fn read(
    db: &Db,
    period: Period,
    now: Timestamp,
    zone: Zone,
) -> Result<PlatformStatsResponse, ApiError> {
    let snapshot = snapshot(db).await?;
    let row = Sql::new(NUMBERS).one(&snapshot).await?;
    let row = row.ok_or_else(|| ApiError::Internal("a count has no row".to_owned()))?;
    let at = |i: usize| -> Result<i64, DbErr> { row.try_get_by_index(i) };
    let count = |i: usize| -> Result<u64, DbErr> { Ok(sql::count(at(i)?)) };
    let starts = periods::starts(period, now, zone, PERIODS);
    let new_users = periods::count(&snapshot, &starts, "created_at", |sql| {
        sql.push("SELECT COUNT(*) FROM users WHERE deleted_at IS NULL");
    });
    let new_users = new_users.await?;
    let new_stores = periods::count(&snapshot, &starts, "created_at", |sql| {
        sql.push("SELECT COUNT(*) FROM stores WHERE TRUE");
    });
    let new_stores = new_stores.await?;
    let (users, stores) = (count(0)?, count(5)?);
    Ok(PlatformStatsResponse {
        users,
        suspended: count(1)?,
        admins: count(2)?,
        creators: count(3)?,
        students: count(4)?,
        stores,
        connected_stores: count(6)?,
        customers: count(7)?,
        // Each of these stores shows all accounts that are neither its customers nor staff.
        fans: sql::count(at(7)? + at(8)? * at(9)? - at(10)? - Sql::new(STAFF).number(&snapshot).await?),
        growth: growth(&starts, &new_users, &new_stores, users, stores),
    })
}

/// Computes the growth backwards from the present, so that the last period agrees with the counts.
fn growth(
    starts: &[Timestamp],
    new_users: &[u64],
    new_stores: &[u64],
    mut users: u64,
    mut stores: u64,
) -> Vec<PlatformGrowthResponse> {
    let mut growth = Vec::with_capacity(starts.len());
    for ((starts_at, new_users), new_stores) in starts.iter().zip(new_users).zip(new_stores).rev() {
        growth.push(PlatformGrowthResponse {
            starts_at: *starts_at,
            new_users: *new_users,
            users,
            new_stores: *new_stores,
            stores,
        });
        users = users.saturating_sub(*new_users);
        stores = stores.saturating_sub(*new_stores);
    }
    growth.reverse();
    let first = growth.iter().position(|period| period.users + period.stores > 0).unwrap_or(growth.len());
    growth.split_off(first)
}
