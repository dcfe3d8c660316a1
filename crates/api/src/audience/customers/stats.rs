//! Statistics of a store's customers, now and over time. Sums are read from covering indexes; past values are
//! the present ones minus later changes.

use std::collections::BTreeMap;

use fanbase_domain::{
    facts::{Period as Term, SubscriptionStatus},
    ids::StoreId,
    money::Currency,
    store::Store,
    time::Timestamp,
    wire::{
        customer_stats::{CurrencyStatsResponse, CustomerStatsResponse, PeriodStatsResponse},
        overview::Period,
    },
    worth::minor_units,
};
use sea_orm::{ConnectionTrait, DbErr};

use crate::{
    audience::{counters, fans::service::snapshot},
    db::{
        Db,
        column::known,
        periods::{self, Zone},
        sql::{Sql, count},
    },
    error::ApiError,
};

/// The number of periods.
const PERIODS: u32 = 12;
/// The statuses of subscriptions that run, or ran and ended.
const RUNNING_OR_ENDED: &[SubscriptionStatus] = &[
    SubscriptionStatus::Trialing,
    SubscriptionStatus::Active,
    SubscriptionStatus::PastDue,
    SubscriptionStatus::Canceled,
];

/// The statistics of a store, including revenue.
///
/// # Errors
/// [`ApiError::Database`] when the database fails.
pub async fn read(
    db: &Db,
    store: &Store,
    period: Period,
    now: Timestamp,
    zone: Zone,
) -> Result<CustomerStatsResponse, ApiError> {
    let starts = periods::starts(period, now, zone, PERIODS);
    let snapshot = snapshot(db).await?;
    let customers = count(counters::read(&snapshot, store.id).await?.customers());
    let new_customers = periods::count(&snapshot, &starts, "c.created_at", |sql| {
        sql.push("SELECT COUNT(*) FROM customers c WHERE c.store_id = ").bind(store.id.uuid());
    });
    let new_customers = new_customers.await?;
    let (spenders, revenue) = spent(&snapshot, store.id).await?;
    let foreign = kept_elsewhere(&snapshot, store).await?;
    let earned = earned(&snapshot, store, &starts).await?;
    let running = Running::now(&snapshot, store.id).await?;
    let started = changes(&snapshot, store, &starts, Change::Started).await?;
    let ended = changes(&snapshot, store, &starts, Change::Ended).await?;

    let in_all = running.0.values().map(|running| running.count).sum();
    let monthly = running.of(store.currency).monthly;
    let mut at_end = Course { customers, running: Recurring { count: in_all, monthly } };
    let mut over_time = Vec::with_capacity(starts.len());
    for (i, starts_at) in starts.iter().enumerate().rev() {
        let new_customers = new_customers.get(i).copied().unwrap_or(0);
        over_time.push(PeriodStatsResponse {
            starts_at: *starts_at,
            new_customers,
            customers: at_end.customers,
            revenue: Some(earned.get(i).copied().unwrap_or(0)),
            active_subscriptions: count(at_end.running.count),
            monthly_recurring_revenue: Some(at_end.running.monthly.max(0)),
        });
        at_end.customers = at_end.customers.saturating_sub(new_customers);
        at_end.running.add(started.get(&i), -1);
        at_end.running.add(ended.get(&i), 1);
    }
    over_time.reverse();
    Ok(CustomerStatsResponse {
        currency: store.currency,
        customers,
        spenders: count(spenders),
        revenue: Some(revenue),
        average_value: (spenders > 0).then(|| (revenue + spenders / 2) / spenders),
        active_subscriptions: count(in_all),
        monthly_recurring_revenue: Some(monthly),
        other_currencies: others(store.currency, &foreign, &running),
        over_time,
    })
}

/// Running totals at the end of a period.
struct Course {
    customers: u64,
    running: Recurring,
}

/// Subscriptions, and their monthly recurring revenue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Recurring {
    count: i64,
    monthly: i64,
}

impl Recurring {
    fn add(&mut self, other: Option<&Self>, times: i64) {
        let Self { count, monthly } = other.copied().unwrap_or_default();
        self.count += times * count;
        self.monthly += times * monthly;
    }
}

/// Running subscriptions by currency; under `None` while their price is unknown.
struct Running(BTreeMap<Option<Currency>, Recurring>);

impl Running {
    fn of(&self, currency: Currency) -> Recurring {
        self.0.get(&Some(currency)).copied().unwrap_or_default()
    }

    async fn now(db: &impl ConnectionTrait, store_id: StoreId) -> Result<Self, DbErr> {
        let mut sql = Sql::new(
            "SELECT currency, period, period_count, COUNT(*), CAST(SUM(amount) AS BIGINT)
             FROM subscriptions WHERE store_id = ",
        );
        sql.bind(store_id.uuid()).push(" AND customer_id IS NOT NULL AND status IN (");
        let running = SubscriptionStatus::ALL.into_iter().filter(|status| status.is_running());
        sql.bind_all(running.map(SubscriptionStatus::as_str));
        sql.push(") GROUP BY currency, period, period_count");
        let mut all: BTreeMap<Option<Currency>, Recurring> = BTreeMap::new();
        for row in sql.all(db).await? {
            let currency: Option<String> = row.try_get_by_index(0)?;
            let currency = currency.map(|code| known(Currency::parse(&code), "currency")).transpose()?;
            let recurring = recurring(&row, 1)?;
            all.entry(currency).or_default().add(Some(&recurring), 1);
        }
        Ok(Self(all))
    }
}

/// A change of subscriptions.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    Started,
    Ended,
}

/// Counts the subscriptions that started, or ended, in each period, with the monthly revenue of those in the
/// store's currency. Subscriptions that never ran are left out.
async fn changes(
    db: &impl ConnectionTrait,
    store: &Store,
    starts: &[Timestamp],
    change: Change,
) -> Result<BTreeMap<usize, Recurring>, DbErr> {
    let Some(first) = starts.first() else { return Ok(BTreeMap::new()) };
    let (at, statuses): (_, &[SubscriptionStatus]) = match change {
        Change::Started => ("started_at", RUNNING_OR_ENDED),
        Change::Ended => ("COALESCE(ended_at, told_at)", &[SubscriptionStatus::Canceled]),
    };
    let mut sql = Sql::new("SELECT CASE");
    for (i, next) in starts.iter().enumerate().skip(1) {
        sql.push(&format!(" WHEN {at} < ")).bind(next.millis()).push(&format!(" THEN {}", i - 1));
    }
    sql.push(&format!(" ELSE {} END AS placed", starts.len() - 1));
    sql.push(
        ", currency, period, period_count, COUNT(*), CAST(SUM(amount) AS BIGINT)
         FROM subscriptions WHERE store_id = ",
    );
    sql.bind(store.id.uuid()).push(" AND customer_id IS NOT NULL AND status IN (");
    sql.bind_all(statuses.iter().map(|status| status.as_str()));
    sql.push(&format!(") AND {at} >= ")).bind(first.millis());
    sql.push(" GROUP BY placed, currency, period, period_count");
    let mut changes: BTreeMap<usize, Recurring> = BTreeMap::new();
    for row in sql.all(db).await? {
        let period = usize::try_from(row.try_get_by_index::<i32>(0)?).unwrap_or(0);
        let is_own = row.try_get_by_index::<Option<String>>(1)? == Some(store.currency.to_string());
        let Recurring { count, monthly } = recurring(&row, 2)?;
        let change = Recurring { count, monthly: if is_own { monthly } else { 0 } };
        changes.entry(period).or_default().add(Some(&change), 1);
    }
    Ok(changes)
}

/// Reads the columns period, length, count and sum.
fn recurring(row: &sea_orm::QueryResult, at: usize) -> Result<Recurring, DbErr> {
    let period: Option<String> = row.try_get_by_index(at)?;
    let period = period.map(|period| known(Term::parse(&period), "period")).transpose()?;
    let length: Option<i64> = row.try_get_by_index(at + 1)?;
    let sum: Option<i64> = row.try_get_by_index(at + 3)?;
    let monthly = match (period, length, sum) {
        (Some(period), Some(length), Some(sum)) => minor_units(period.monthly(length, sum)),
        _ => 0,
    };
    Ok(Recurring { count: row.try_get_by_index(at + 2)?, monthly })
}

/// The number of customers who spent something, and the sum.
async fn spent(db: &impl ConnectionTrait, store_id: StoreId) -> Result<(i64, i64), DbErr> {
    let mut sql = Sql::new(
        "SELECT COUNT(*), CAST(SUM(total_spent) AS BIGINT) FROM customers WHERE total_spent > 0 AND store_id = ",
    );
    sql.bind(store_id.uuid());
    let Some(row) = sql.one(db).await? else { return Ok((0, 0)) };
    Ok((row.try_get_by_index(0)?, row.try_get_by_index::<Option<i64>>(1)?.unwrap_or(0)))
}

/// Net revenue in currencies other than the store's.
async fn kept_elsewhere(db: &impl ConnectionTrait, store: &Store) -> Result<BTreeMap<Currency, i64>, DbErr> {
    let mut sql = Sql::new(
        "SELECT currency, CAST(SUM(kept) AS BIGINT) FROM payments
         WHERE customer_id IS NOT NULL AND store_id = ",
    );
    let currency = store.currency.to_string();
    sql.bind(store.id.uuid()).push(" AND (currency < ").bind(currency.clone());
    sql.push(" OR currency > ").bind(currency).push(") GROUP BY currency");
    let mut kept = BTreeMap::new();
    for row in sql.all(db).await? {
        let currency = known(Currency::parse(&row.try_get_by_index::<String>(0)?), "currency")?;
        kept.insert(currency, row.try_get_by_index(1)?);
    }
    Ok(kept)
}

/// Net revenue of each period. The last period has no end.
async fn earned(db: &impl ConnectionTrait, store: &Store, starts: &[Timestamp]) -> Result<Vec<i64>, DbErr> {
    let mut all = Sql::default();
    for (i, from) in starts.iter().enumerate() {
        all.push(if i == 0 { "" } else { " UNION ALL " });
        all.push(
            "SELECT CAST(COALESCE(SUM(kept), 0) AS BIGINT) FROM payments
             WHERE customer_id IS NOT NULL AND store_id = ",
        );
        all.bind(store.id.uuid()).push(" AND currency = ").bind(store.currency.to_string());
        all.push(" AND paid_at >= ").bind(from.millis());
        if let Some(to) = starts.get(i + 1) {
            all.push(" AND paid_at < ").bind(to.millis());
        }
    }
    all.all(db).await?.iter().map(|row| row.try_get_by_index(0)).collect()
}

fn others(own: Currency, foreign: &BTreeMap<Currency, i64>, running: &Running) -> Vec<CurrencyStatsResponse> {
    let mut currencies: Vec<Currency> = foreign.keys().copied().collect();
    currencies.extend(running.0.keys().flatten().filter(|currency| !foreign.contains_key(currency)));
    currencies.retain(|currency| *currency != own);
    currencies.sort();
    let stats = currencies.into_iter().map(|currency| CurrencyStatsResponse {
        currency,
        revenue: foreign.get(&currency).copied().unwrap_or(0),
        monthly_recurring_revenue: running.of(currency).monthly,
    });
    stats.collect()
}
