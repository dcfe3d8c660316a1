//! SQL of subscription prices and of churn.

use std::collections::HashMap;

use fanbase_domain::{
    facts::{Period, SubscriptionStatus, Terms},
    ids::StoreId,
    money::Currency,
    store::Store,
    time::{MONTH, Timestamp},
    worth::{Churn, HORIZON_MONTHS},
};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::db::{
    column::known,
    sql::{Each, Sql, Values, count},
};

/// The monthly price of each customer's subscriptions in the store's currency. Counts subscriptions that run
/// and are not set to end.
///
/// # Errors
/// When the database fails.
pub(super) async fn monthly(
    db: &impl ConnectionTrait,
    store: &Store,
    customers: &[Uuid],
) -> Result<HashMap<Uuid, f64>, DbErr> {
    let mut sql = Sql::new(
        "SELECT subscriptions.customer_id, subscriptions.amount, subscriptions.currency, subscriptions.period,
            subscriptions.period_count, subscriptions.status FROM ",
    );
    sql.each(
        db,
        &Each {
            table: "subscriptions",
            store_id: Some(store.id.uuid()),
            within: None,
            column: "customer_id",
            values: Values::Ids(customers),
            lock: false,
        },
    );
    // With a condition on the status, SQLite would scan all running subscriptions for every customer.
    sql.push(" WHERE subscriptions.cancel_at_period_end = 0 AND subscriptions.amount IS NOT NULL");
    sql.push(" ORDER BY subscriptions.customer_id, subscriptions.id");
    let mut monthly = HashMap::new();
    for row in sql.all(db).await? {
        let status: Option<String> = row.try_get_by_index(5)?;
        let terms = Terms {
            amount: row.try_get_by_index(1)?,
            currency: known(Currency::parse(&row.try_get_by_index::<String>(2)?), "currency")?,
            interval: known(Period::parse(&row.try_get_by_index::<String>(3)?), "period")?,
            interval_count: row.try_get_by_index(4)?,
        };
        let runs = status
            .and_then(|status| SubscriptionStatus::parse(&status))
            .is_some_and(SubscriptionStatus::is_running);
        if runs && terms.currency == store.currency {
            *monthly.entry(row.try_get_by_index(0)?).or_default() += terms.monthly();
        }
    }
    Ok(monthly)
}

/// Churn of a store's subscriptions over as many past months as the prediction covers.
///
/// # Errors
/// When the database fails.
pub(super) async fn churn(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    now: Timestamp,
) -> Result<Churn, DbErr> {
    let (now, from) = (now.millis(), now.millis() - i64::from(HORIZON_MONTHS) * MONTH);
    // Excludes subscriptions whose first payment was never made.
    let mut sql = Sql::new(
        "WITH told AS (
            SELECT started_at, CASE WHEN status IN ('canceled', 'unpaid', 'paused')
                THEN COALESCE(ended_at, told_at) END AS over_at
            FROM subscriptions
            WHERE status IN ('trialing', 'active', 'past_due', 'canceled', 'unpaid', 'paused') AND store_id = ",
    );
    sql.bind(store_id.uuid()).push("), seen AS (SELECT over_at, CASE WHEN started_at < ").bind(from);
    sql.push(" THEN ").bind(from).push(" ELSE started_at END AS since, CASE WHEN over_at < ").bind(now);
    sql.push(" THEN over_at ELSE ").bind(now).push(" END AS until FROM told)");
    sql.push(" SELECT COUNT(CASE WHEN over_at <= ")
        .bind(now)
        .push(" THEN 1 END), CAST(SUM(until - since) AS BIGINT)");
    sql.push(" FROM seen WHERE until > since");
    let Some(row) = sql.one(db).await? else { return Ok(Churn::default()) };
    let ran: Option<i64> = row.try_get_by_index(1)?;
    #[expect(clippy::cast_precision_loss, reason = "a rate needs no more digits than a float has")]
    let months = ran.unwrap_or(0) as f64 / MONTH as f64;
    Ok(Churn { ended: count(row.try_get_by_index(0)?), months })
}
