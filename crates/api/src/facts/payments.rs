//! SQL of payments, their names and their refunds.

use std::collections::{BTreeMap, BTreeSet};

use fanbase_domain::{
    facts::{Join as _, Latest, Paid, Payment, Refund, RefundKind, RefundState},
    ids::{CustomerId, PaymentId, StoreId},
    money::Currency,
    time::Timestamp,
};
use sea_orm::{ConnectionTrait, DbErr, Value};
use uuid::Uuid;

use super::{
    ledger::Ledger,
    timeline::{self, Lines},
};
use crate::{
    customers::rows::known,
    db::{
        bulk::{self, Target, Type},
        entities::{payments::Model, refunds},
        is_sqlite,
        sql::Sql,
    },
    error::ApiError,
};

const PAYMENTS: Target = Target {
    table: "payments",
    columns: &[
        ("store_id", Type::Uuid),
        ("id", Type::Uuid),
        ("customer_id", Type::Uuid),
        ("subscription", Type::Text),
        ("title", Type::Text),
        ("paid_at", Type::BigInt),
        ("amount", Type::BigInt),
        ("currency", Type::Text),
        ("refunded_in_all", Type::BigInt),
        ("refunded_told_at", Type::BigInt),
        ("kept", Type::BigInt),
    ],
    on_conflict: "ON CONFLICT (store_id, id) DO UPDATE SET customer_id = excluded.customer_id,
        subscription = excluded.subscription, title = excluded.title, paid_at = excluded.paid_at,
        amount = excluded.amount, currency = excluded.currency,
        refunded_in_all = excluded.refunded_in_all, refunded_told_at = excluded.refunded_told_at,
        kept = excluded.kept",
};

const NAMES: Target = Target {
    table: "payment_names",
    columns: &[("store_id", Type::Uuid), ("name", Type::Text), ("payment_id", Type::Uuid)],
    on_conflict: "ON CONFLICT (store_id, name) DO UPDATE SET payment_id = excluded.payment_id",
};

const REFUNDS: Target = Target {
    table: "refunds",
    columns: &[
        ("store_id", Type::Uuid),
        ("reference", Type::Text),
        ("payment_id", Type::Uuid),
        ("kind", Type::Text),
        ("at", Type::BigInt),
        ("state", Type::Text),
        ("state_at", Type::BigInt),
        ("amount", Type::BigInt),
    ],
    on_conflict: "ON CONFLICT (store_id, reference) DO UPDATE SET payment_id = excluded.payment_id,
        kind = excluded.kind, at = excluded.at, state = excluded.state, state_at = excluded.state_at,
        amount = excluded.amount",
};

/// A payment as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its id.
    pub id: PaymentId,
    /// Whose it is, once that is known.
    pub customer: Option<CustomerId>,
    /// The reference of the subscription that it is for.
    pub subscription: Option<String>,
    /// What was paid for.
    pub title: Option<String>,
    /// The rest.
    pub payment: Payment,
}

/// What a report says of a payment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Names that it has, at least one.
    pub names: Vec<String>,
    /// Whose it is.
    pub customer: Option<CustomerId>,
    /// The reference of the subscription that it is for.
    pub subscription: Option<String>,
    /// What was paid for.
    pub title: Option<String>,
    /// The rest.
    pub payment: Payment,
}

/// The payment that has one of these names, if there is one.
///
/// # Errors
/// Returns the error of the database.
pub async fn find(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    names: &[&str],
) -> Result<Option<Stored>, DbErr> {
    let ids = named(db, store_id, names).await?;
    Ok(load(db, store_id, &ids, "").await?.into_iter().next())
}

/// Joins what is reported of a payment with what is known. Payments that turn out to be one, because
/// a report knows names of both, become one.
///
/// # Errors
/// When the database fails.
pub async fn note(ledger: &mut Ledger<'_>, told: Told) -> Result<Stored, ApiError> {
    let names: Vec<&str> = told.names.iter().map(String::as_str).collect();
    let found = hold(ledger.tx, ledger.store_id, &names).await?;
    let id = found.first().map_or_else(|| PaymentId::new(Uuid::now_v7()), |first| first.id);
    let mut joined = Stored {
        id,
        customer: told.customer,
        subscription: told.subscription,
        title: told.title,
        payment: told.payment,
    };
    let (mut before, mut after) = (Lines::default(), Lines::default());
    for known in &found {
        let title = known.title.as_deref();
        before.add(known.customer, known.id.uuid(), known.payment.timeline(), title);
        joined = join(known.clone(), joined);
    }
    joined.id = id;
    add_names(ledger, id, &names).await?;
    if found.len() == 1 && found[0] == joined {
        return Ok(joined);
    }
    after.add(joined.customer, id.uuid(), joined.payment.timeline(), joined.title.as_deref());
    write(ledger, &joined, &found).await?;
    timeline::rewrite(ledger.tx, ledger.store_id, &before, &after).await?;
    found.iter().chain([&joined]).for_each(|payment| ledger.touch(payment.customer));
    Ok(joined)
}

/// It belongs to whoever the report of what was paid says that counts.
fn join(one: Stored, other: Stored) -> Stored {
    let payment = one.payment.clone().join(other.payment.clone());
    let (first, second) = if payment.paid == one.payment.paid { (one, other) } else { (other, one) };
    Stored {
        id: first.id,
        customer: first.customer.or(second.customer),
        subscription: first.subscription.or(second.subscription),
        title: first.title.or(second.title),
        payment,
    }
}

async fn named(db: &impl ConnectionTrait, store_id: StoreId, names: &[&str]) -> Result<Vec<Uuid>, DbErr> {
    let mut sql = Sql::new("SELECT DISTINCT payment_id FROM payment_names WHERE store_id = ");
    sql.bind(store_id.uuid()).push(" AND ").is_any(db, "name", names).push(" ORDER BY payment_id");
    sql.all(db).await?.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// The payments that have one of these names, locked until the transaction ends.
async fn hold(db: &impl ConnectionTrait, store_id: StoreId, names: &[&str]) -> Result<Vec<Stored>, ApiError> {
    loop {
        let ids = named(db, store_id, names).await?;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let found = load(db, store_id, &ids, " FOR UPDATE").await?;
        // Another report may have made two of them one while we waited.
        if is_sqlite(db) || named(db, store_id, names).await? == ids {
            return Ok(found);
        }
    }
}

async fn load(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    ids: &[Uuid],
    lock: &str,
) -> Result<Vec<Stored>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new("SELECT * FROM payments WHERE store_id = ");
    sql.bind(store_id.uuid()).push(" AND ").is_any_id(db, "id", ids).push(" ORDER BY id");
    if !is_sqlite(db) {
        sql.push(lock);
    }
    with_refunds(db, store_id, sql.models(db).await?).await
}

/// Adds their refunds to rows.
///
/// # Errors
/// Returns the error of the database, or of a row.
pub async fn with_refunds(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    models: Vec<Model>,
) -> Result<Vec<Stored>, DbErr> {
    let ids: Vec<Uuid> = models.iter().map(|model| model.id).collect();
    let mut refunds = refunds_of(db, store_id, &ids).await?;
    models
        .into_iter()
        .map(|model| {
            let refunds = refunds.remove(&model.id).unwrap_or_default();
            stored(model, refunds)
        })
        .collect()
}

async fn refunds_of(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    payments: &[Uuid],
) -> Result<BTreeMap<Uuid, BTreeMap<String, Refund>>, DbErr> {
    let mut refunds: BTreeMap<Uuid, BTreeMap<String, Refund>> = BTreeMap::new();
    if payments.is_empty() {
        return Ok(refunds);
    }
    let mut sql = Sql::new("SELECT * FROM refunds WHERE store_id = ");
    sql.bind(store_id.uuid()).push(" AND ").is_any_id(db, "payment_id", payments);
    for model in sql.models::<refunds::Model>(db).await? {
        let refund = refund(&model)?;
        refunds.entry(model.payment_id).or_default().insert(model.reference, refund);
    }
    Ok(refunds)
}

fn refund(model: &refunds::Model) -> Result<Refund, DbErr> {
    let state = known(RefundState::parse(&model.state), "state")?;
    Ok(Refund {
        kind: known(RefundKind::parse(&model.kind), "kind")?,
        at: Timestamp::from_millis(model.at),
        state: Latest::new(Timestamp::from_millis(model.state_at), (state, model.amount)),
    })
}

/// The refund of a reference, and its payment.
///
/// # Errors
/// Returns the error of the database.
pub async fn find_refund(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    reference: &str,
) -> Result<Option<(PaymentId, Refund)>, DbErr> {
    let mut sql = Sql::new("SELECT * FROM refunds WHERE store_id = ");
    sql.bind(store_id.uuid()).push(" AND reference = ").bind(reference);
    let found = sql.models::<refunds::Model>(db).await?.pop();
    found.map(|model| Ok((PaymentId::new(model.payment_id), refund(&model)?))).transpose()
}

async fn add_names(ledger: &Ledger<'_>, id: PaymentId, names: &[&str]) -> Result<(), DbErr> {
    let store_id = ledger.store_id.uuid();
    let mut sql = Sql::new("SELECT name FROM payment_names WHERE store_id = ");
    sql.bind(store_id).push(" AND payment_id = ").bind(id.uuid());
    let mut missing: BTreeSet<&str> = names.iter().copied().collect();
    for row in sql.all(ledger.tx).await? {
        missing.remove(row.try_get_by_index::<String>(0)?.as_str());
    }
    let rows: Vec<Vec<Value>> =
        missing.into_iter().map(|name| vec![store_id.into(), name.into(), id.uuid().into()]).collect();
    bulk::insert(ledger.tx, &NAMES, Box::new(rows.into_iter())).await?;
    Ok(())
}

async fn write(ledger: &Ledger<'_>, joined: &Stored, found: &[Stored]) -> Result<(), DbErr> {
    let (tx, store_id) = (ledger.tx, ledger.store_id.uuid());
    let Payment { paid, refunded_in_all, refunds } = &joined.payment;
    let row = vec![
        store_id.into(),
        joined.id.uuid().into(),
        joined.customer.map(CustomerId::uuid).into(),
        joined.subscription.clone().into(),
        joined.title.clone().into(),
        paid.map(|paid| paid.at.millis()).into(),
        paid.map(|paid| paid.amount).into(),
        paid.map(|paid| paid.currency.to_string()).into(),
        refunded_in_all.map(|told| told.value).into(),
        refunded_in_all.map(|told| told.at.millis()).into(),
        joined.payment.kept().into(),
    ];
    bulk::insert(tx, &PAYMENTS, Box::new([row].into_iter())).await?;
    let same = found.first().filter(|first| first.id == joined.id);
    let changed: Vec<Vec<Value>> = refunds
        .iter()
        .filter(|(reference, refund)| {
            same.is_none_or(|same| same.payment.refunds.get(*reference) != Some(*refund))
        })
        .map(|(reference, refund)| {
            let (state, amount) = refund.state.value;
            vec![
                store_id.into(),
                reference.as_str().into(),
                joined.id.uuid().into(),
                refund.kind.as_str().into(),
                refund.at.millis().into(),
                state.as_str().into(),
                refund.state.at.millis().into(),
                amount.into(),
            ]
        })
        .collect();
    bulk::insert(tx, &REFUNDS, Box::new(changed.into_iter())).await?;
    for gone in found.iter().filter(|known| known.id != joined.id) {
        let mut sql = Sql::new("UPDATE payment_names SET payment_id = ");
        sql.bind(joined.id.uuid()).push(" WHERE store_id = ").bind(store_id);
        sql.push(" AND payment_id = ").bind(gone.id.uuid());
        sql.execute(tx).await?;
        let mut sql = Sql::new("DELETE FROM payments WHERE store_id = ");
        sql.bind(store_id).push(" AND id = ").bind(gone.id.uuid());
        sql.execute(tx).await?;
    }
    Ok(())
}

/// The payments of a customer.
///
/// # Errors
/// Returns the error of the database.
pub async fn of_customer(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    customer: CustomerId,
) -> Result<Vec<Payment>, DbErr> {
    let mut sql = Sql::new("SELECT * FROM payments WHERE store_id = ");
    sql.bind(store_id.uuid()).push(" AND customer_id = ").bind(customer.uuid());
    let stored = with_refunds(db, store_id, sql.models(db).await?).await?;
    Ok(stored.into_iter().map(|stored| stored.payment).collect())
}

fn stored(model: Model, refunds: BTreeMap<String, Refund>) -> Result<Stored, DbErr> {
    let paid = match (model.paid_at, model.amount, model.currency) {
        (Some(at), Some(amount), Some(currency)) => Some(Paid {
            at: Timestamp::from_millis(at),
            amount,
            currency: known(Currency::parse(&currency), "currency")?,
        }),
        _ => None,
    };
    let told = model.refunded_told_at.zip(model.refunded_in_all);
    Ok(Stored {
        id: PaymentId::new(model.id),
        customer: model.customer_id.map(CustomerId::new),
        subscription: model.subscription,
        title: model.title,
        payment: Payment {
            paid,
            refunded_in_all: told.map(|(at, sum)| Latest::new(Timestamp::from_millis(at), sum)),
            refunds,
        },
    })
}
