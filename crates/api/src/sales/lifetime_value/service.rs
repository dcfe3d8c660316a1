//! Estimates the lifetime value of customers.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use fanbase_domain::{
    ids::{CustomerId, StoreId},
    money::Currency,
    store::Store,
    time::Timestamp,
    wire::worth::{CustomerValueResponse, KeptResponse, ValueReport},
    worth::{Payer, Receipt},
};
use sea_orm::{ConnectionTrait, DbErr};

use super::{
    paying_customers,
    report_store::{self, Kept},
    subscriptions,
};
use crate::{
    app_state::AppState,
    audience::customers,
    clock,
    db::{Db, column::known, sql::Sql},
    error::ApiError,
};

/// Budget for a synchronous refresh, in milliseconds. If the last estimate took longer, a stale report is
/// returned at once and refreshed in the background.
const PATIENCE: i64 = 1_000;
/// Estimates that take less, in milliseconds, are not stored, unless a stored report is replaced.
const WORTH_KEEPING: i64 = 50;

/// One lock per store: at most one estimate runs per store.
#[derive(Debug, Default)]
pub struct Surveys(Mutex<HashMap<StoreId, Arc<tokio::sync::Mutex<()>>>>);

impl Surveys {
    fn of(&self, store_id: StoreId) -> Arc<tokio::sync::Mutex<()>> {
        let mut surveys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(surveys.entry(store_id).or_default())
    }
}

/// The value report of a store, fresh or recently estimated.
///
/// # Errors
/// When the database fails.
pub async fn report(state: &AppState, store: &Store) -> Result<ValueReport, ApiError> {
    match report_store::find(state.db.read(), store.id).await? {
        Some(kept) if kept.is_fresh(clock::now()) => Ok(kept.report),
        Some(kept) if kept.took > PATIENCE => {
            // Unless an estimate is running.
            if let Ok(turn) = state.surveys.of(store.id).try_lock_owned() {
                let (db, store) = (state.db.clone(), store.clone());
                tokio::spawn(async move {
                    let _turn = turn;
                    if let Err(error) = make(&db, &store, true).await {
                        tracing::error!(store.id = %store.id, error.detail = error.log_detail(), "a survey failed");
                    }
                });
            }
            Ok(kept.report)
        }
        _ => {
            let _turn = state.surveys.of(store.id).lock_owned().await;
            // The previous holder of the lock may have stored a fresh report.
            match report_store::find(state.db.read(), store.id).await? {
                Some(kept) if kept.is_fresh(clock::now()) => Ok(kept.report),
                kept => make(&state.db, store, kept.is_some()).await,
            }
        }
    }
}

/// Estimates a store that has no report yet, and stores the report however long that took.
///
/// # Errors
/// When the database fails.
pub async fn survey(state: &AppState, store: &Store) -> Result<(), ApiError> {
    let _turn = state.surveys.of(store.id).lock_owned().await;
    if report_store::find(state.db.read(), store.id).await?.is_none() {
        make(&state.db, store, true).await?;
    }
    Ok(())
}

async fn make(db: &Db, store: &Store, is_kept: bool) -> Result<ValueReport, ApiError> {
    let (started, now) = (Instant::now(), clock::now());
    let churn = subscriptions::churn(db.read(), store.id, now).await?;
    let survey = paying_customers::survey(db.read(), store, now).await?;
    let found =
        tokio::task::spawn_blocking(move || ValueReport::new(now, &survey.finish(&churn), churn)).await;
    let report = found.map_err(|error| ApiError::Internal(format!("a survey broke off: {error}")))?;
    let took = i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX);
    if is_kept || took >= WORTH_KEEPING {
        report_store::keep(db.write(), store.id, &Kept { report: report.clone(), took }).await?;
    }
    tracing::debug!(store.id = %store.id, customers.paying = report.total.customers, duration_ms = took, "surveyed");
    Ok(report)
}

/// The lifetime value of a customer, with amounts if `sees_money`.
///
/// # Errors
/// `ApiError::NotFound` when the store has no such customer; otherwise when the database fails.
pub async fn of_customer(
    state: &AppState,
    store: &Store,
    id: CustomerId,
    sees_money: bool,
) -> Result<CustomerValueResponse, ApiError> {
    let customer = customers::service::find(state.db.read(), store.id, id).await?.customer;
    let receipts = receipts(state.db.read(), store.id, id).await?;
    let mut kept: BTreeMap<Currency, i64> = BTreeMap::new();
    for (currency, receipt) in &receipts {
        let sum = kept.entry(*currency).or_default();
        *sum = sum.saturating_add(receipt.kept);
    }
    let predicted = if sees_money {
        let mut monthly = subscriptions::monthly(state.db.read(), store, &[id.uuid()]).await?;
        let monthly = monthly.remove(&id.uuid()).unwrap_or(0.0);
        let report = report(state, store).await?;
        let own = receipts.iter().filter(|(currency, _)| *currency == store.currency);
        let own: Vec<Receipt> = own.map(|(_, receipt)| *receipt).collect();
        let payer = Payer { source: customer.fields.source, receipts: &own, monthly };
        Some(report.prediction(payer.purchases(clock::now()), monthly))
    } else {
        None
    };
    let kept = kept.into_iter().map(|(currency, amount)| KeptResponse { currency, amount });
    Ok(CustomerValueResponse {
        currency: store.currency,
        historic: sees_money.then_some(customer.fields.total_spent),
        kept: sees_money.then(|| kept.collect()),
        payments: u64::try_from(receipts.len()).unwrap_or(u64::MAX),
        first_payment_at: receipts.first().map(|(_, receipt)| receipt.at),
        last_payment_at: receipts.last().map(|(_, receipt)| receipt.at),
        predicted,
    })
}

/// A customer's payments with a positive net amount, in any currency, by time.
async fn receipts(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    customer: CustomerId,
) -> Result<Vec<(Currency, Receipt)>, DbErr> {
    let mut sql = Sql::new(
        "SELECT currency, paid_at, kept, CAST(CASE WHEN subscription IS NULL THEN 0 ELSE 1 END AS BIGINT)
         FROM payments WHERE store_id = ",
    );
    sql.bind(store_id.uuid()).push(" AND customer_id = ").bind(customer.uuid());
    sql.push(" AND kept > 0 ORDER BY paid_at, id");
    let receipt = |row: &sea_orm::QueryResult| {
        let receipt = Receipt {
            at: Timestamp::from_millis(row.try_get_by_index(1)?),
            kept: row.try_get_by_index(2)?,
            for_subscription: row.try_get_by_index::<i64>(3)? != 0,
        };
        Ok((known(Currency::parse(&row.try_get_by_index::<String>(0)?), "currency")?, receipt))
    };
    sql.all(db).await?.iter().map(receipt).collect()
}
