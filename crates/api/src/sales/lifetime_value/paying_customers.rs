//! Reads all payments of a store by customer, from a covering index. They are aggregated here and not in SQL,
//! since the aggregates are relative to each customer's first payment. A few thousand payments are in memory
//! at a time.

use std::collections::HashMap;

use fanbase_domain::{
    ids::StoreId,
    money::Currency,
    source::Source,
    store::Store,
    time::Timestamp,
    worth::{Payer, Receipt, Survey},
};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::subscriptions;
use crate::db::{
    column::known,
    sql::{Each, Sql, Values},
};

/// Payments per query.
const CHUNK: usize = 10_000;

/// A payment with a positive net amount: customer, id, receipt.
type Line = (Uuid, Uuid, Receipt);

/// Aggregates the payments of all paying customers in the store's currency.
///
/// # Errors
/// When the database fails.
pub(super) async fn survey(
    db: &impl ConnectionTrait,
    store: &Store,
    now: Timestamp,
) -> Result<Survey, DbErr> {
    let mut survey = Survey::new(now);
    let mut read: Vec<Line> = Vec::new();
    loop {
        let chunk = next(db, store.id, store.currency, read.last()).await?;
        let is_last = chunk.len() < CHUNK;
        read.extend(chunk);
        // The payments of the last customer may continue in the next chunk.
        let whole = match read.last() {
            Some((last, ..)) if !is_last => read.partition_point(|(customer, ..)| customer < last),
            _ => read.len(),
        };
        let rest = read.split_off(whole);
        add(db, store, &mut survey, &read).await?;
        read = rest;
        if is_last {
            return Ok(survey);
        }
    }
}

/// The next payments after a keyset position, by customer and time.
async fn next(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    currency: Currency,
    after: Option<&Line>,
) -> Result<Vec<Line>, DbErr> {
    let mut sql = Sql::new(
        "SELECT customer_id, id, paid_at, kept, CAST(CASE WHEN subscription IS NULL THEN 0 ELSE 1 END AS BIGINT)
         FROM payments WHERE store_id = ",
    );
    sql.bind(store_id.uuid()).push(" AND customer_id IS NOT NULL AND kept > 0 AND currency = ");
    sql.bind(currency.to_string());
    if let Some((customer, id, receipt)) = after {
        sql.push(" AND (customer_id, paid_at, id) > (").bind(*customer).push(", ");
        sql.bind(receipt.at.millis()).push(", ").bind(*id).push(")");
    }
    sql.push(&format!(" ORDER BY customer_id, paid_at, id LIMIT {CHUNK}"));
    let line = |row: &sea_orm::QueryResult| {
        let receipt = Receipt {
            at: Timestamp::from_millis(row.try_get_by_index(2)?),
            kept: row.try_get_by_index(3)?,
            for_subscription: row.try_get_by_index::<i64>(4)? != 0,
        };
        Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?, receipt))
    };
    sql.all(db).await?.iter().map(line).collect()
}

/// Adds customers; `lines` has all of their payments.
async fn add(
    db: &impl ConnectionTrait,
    store: &Store,
    survey: &mut Survey,
    lines: &[Line],
) -> Result<(), DbErr> {
    let mut ids: Vec<Uuid> = lines.iter().map(|(customer, ..)| *customer).collect();
    ids.dedup();
    if ids.is_empty() {
        return Ok(());
    }
    let sources = sources(db, store.id, &ids).await?;
    let monthly = subscriptions::monthly(db, store, &ids).await?;
    for lines in lines.chunk_by(|one, next| one.0 == next.0) {
        let Some((customer, ..)) = lines.first() else { continue };
        // The customer was deleted since the payments were read.
        let Some(source) = sources.get(customer) else { continue };
        let receipts: Vec<Receipt> = lines.iter().map(|(.., receipt)| *receipt).collect();
        let monthly = monthly.get(customer).copied().unwrap_or(0.0);
        survey.add(&Payer { source: *source, receipts: &receipts, monthly });
    }
    Ok(())
}

async fn sources(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Source>, DbErr> {
    let mut sql = Sql::new("SELECT customers.id, customers.source FROM ");
    sql.each(
        db,
        &Each {
            table: "customers",
            store_id: Some(store_id.uuid()),
            within: None,
            column: "id",
            values: Values::Ids(ids),
            lock: false,
        },
    );
    let source = |row: &sea_orm::QueryResult| {
        let source = known(Source::parse(&row.try_get_by_index::<String>(1)?), "source")?;
        Ok((row.try_get_by_index(0)?, source))
    };
    sql.all(db).await?.iter().map(source).collect()
}
