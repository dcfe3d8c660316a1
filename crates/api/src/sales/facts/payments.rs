//! SQL of payments, their names and their refunds.

use std::collections::{BTreeMap, BTreeSet};

use fanbase_domain::{
    facts::{Entry, Join as _, Latest, Paid, Payment, Refund, RefundKind, RefundState},
    ids::{CustomerId, PaymentId, StoreId},
    money::Currency,
    time::Timestamp,
};
use sea_orm::{ConnectionTrait, DbErr, Value};
use uuid::Uuid;

use super::{
    fact_set::{Fact, Shelf},
    fact_writer::Ledger,
};
use crate::db::{
    bulk::{self, OnConflict, Target, Type},
    column::known,
    entities::{payments::Model, refunds},
    is_sqlite,
    sql::{Each, Sql},
};

const NAMES: Target = Target {
    table: "payment_names",
    columns: &[("store_id", Type::Uuid), ("name", Type::Text), ("payment_id", Type::Uuid)],
    on_conflict: OnConflict::Replace { key: &["store_id", "name"], keep: &[], more: "" },
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
    on_conflict: OnConflict::Replace { key: &["store_id", "reference"], keep: &[], more: "" },
};

/// A payment as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its id.
    pub id: PaymentId,
    /// The customer, once known.
    pub customer: Option<CustomerId>,
    /// The reference of the subscription that was paid for.
    pub subscription: Option<String>,
    /// The Stripe customer who made it.
    pub stripe_customer: Option<String>,
    /// The title of the item that was paid for.
    pub title: Option<String>,
    /// Amounts, refunds and times.
    pub payment: Payment,
}

/// A reported payment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Its names, at least one.
    pub names: Vec<String>,
    /// The customer.
    pub customer: Option<CustomerId>,
    /// The reference of the subscription that was paid for.
    pub subscription: Option<String>,
    /// The Stripe customer who made it.
    pub stripe_customer: Option<String>,
    /// The title of the item that was paid for.
    pub title: Option<String>,
    /// Amounts, refunds and times.
    pub payment: Payment,
}

impl Fact for Stored {
    const TARGET: Target = Target {
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
            ("stripe_customer", Type::Text),
        ],
        on_conflict: OnConflict::Replace { key: &["store_id", "id"], keep: &[], more: "" },
    };

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn customer(&self) -> Option<CustomerId> {
        self.customer
    }

    fn entries(&self) -> Vec<Entry> {
        self.payment.timeline()
    }

    fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    fn values(&self, store_id: StoreId) -> Vec<Value> {
        let Payment { paid, refunded_in_all, refunds: _ } = &self.payment;
        vec![
            store_id.uuid().into(),
            self.id.uuid().into(),
            self.customer.map(CustomerId::uuid).into(),
            self.subscription.clone().into(),
            self.title.clone().into(),
            paid.map(|paid| paid.at.millis()).into(),
            paid.map(|paid| paid.amount).into(),
            paid.map(|paid| paid.currency.to_string()).into(),
            refunded_in_all.map(|told| told.value).into(),
            refunded_in_all.map(|told| told.at.millis()).into(),
            self.payment.kept().into(),
            self.stripe_customer.clone().into(),
        ]
    }
}

/// Loaded payments, and the stored names of each.
#[derive(Debug, Default)]
pub(super) struct Payments {
    pub(super) shelf: Shelf<Stored>,
    stored_names: BTreeMap<String, Uuid>,
}

/// Loads the payments with these names, locked until the transaction ends.
pub(super) async fn read(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    payments: &mut Payments,
    names: &BTreeSet<&str>,
) -> Result<(), DbErr> {
    let names = payments.shelf.ask(names);
    if names.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (named, found) = hold(db, store_id, &names).await?;
    let found: BTreeMap<Uuid, Stored> = found.into_iter().map(|one| (one.id.uuid(), one)).collect();
    for (name, id) in &named {
        if let Some(stored) = found.get(id) {
            payments.shelf.stock(name.clone(), stored.clone());
        }
    }
    payments.stored_names.extend(named);
    Ok(())
}

impl Ledger<'_> {
    /// The payment with this name, as currently known.
    #[must_use]
    pub fn payment(&self, name: &str) -> Option<&Stored> {
        self.payments.shelf.get(name)
    }

    /// Merges a reported payment with the known state. When the report has names of several known payments,
    /// these are merged into one.
    pub fn note_payment(&mut self, told: Told) -> Stored {
        let Told { names, customer, subscription, stripe_customer, title, payment } = told;
        let shelf = &mut self.payments.shelf;
        let found: BTreeSet<Uuid> = names.iter().filter_map(|name| shelf.id(name)).collect();
        let id = found.first().copied().unwrap_or_else(Uuid::now_v7);
        let mut joined =
            Stored { id: PaymentId::new(id), customer, subscription, stripe_customer, title, payment };
        for other in found {
            if let Some(known) = shelf.take(other) {
                joined = join(known, joined);
            }
            if other != id {
                shelf.rename(other, id);
            }
        }
        joined.id = PaymentId::new(id);
        for name in &names {
            shelf.put(name, joined.clone());
        }
        joined
    }
}

/// Merges two states. The report whose paid amount prevails also determines the customer, subscription and
/// title; the other one fills in missing values.
fn join(one: Stored, other: Stored) -> Stored {
    let payment = one.payment.clone().join(other.payment.clone());
    let (first, second) = if payment.paid == one.payment.paid { (one, other) } else { (other, one) };
    Stored {
        id: first.id,
        customer: first.customer.or(second.customer),
        subscription: first.subscription.or(second.subscription),
        stripe_customer: first.stripe_customer.or(second.stripe_customer),
        title: first.title.or(second.title),
        payment,
    }
}

async fn named(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    names: &[&str],
) -> Result<BTreeMap<String, Uuid>, DbErr> {
    let mut sql = Sql::new("SELECT payment_names.name, payment_names.payment_id FROM ");
    sql.each(db, &Each { lock: false, ..Each::named("payment_names", store_id, "name", names) });
    sql.all(db).await?.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// The payments with any of these names, locked until the transaction ends.
async fn hold(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    names: &[&str],
) -> Result<(BTreeMap<String, Uuid>, Vec<Stored>), DbErr> {
    loop {
        let found = named(db, store_id, names).await?;
        let ids: BTreeSet<Uuid> = found.values().copied().collect();
        let ids: Vec<Uuid> = ids.into_iter().collect();
        let payments = load(db, store_id, &ids).await?;
        // A concurrent report may have merged two of them while this transaction waited for the locks.
        if ids.is_empty() || is_sqlite(db) || named(db, store_id, names).await? == found {
            return Ok((found, payments));
        }
    }
}

async fn load(db: &impl ConnectionTrait, store_id: StoreId, ids: &[Uuid]) -> Result<Vec<Stored>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new("SELECT * FROM payments WHERE store_id = ");
    sql.bind_store(db, store_id).push(" AND ").is_any_id(db, "id", ids).push(" ORDER BY id");
    if !is_sqlite(db) {
        sql.push(" FOR UPDATE");
    }
    with_refunds(db, store_id, sql.models(db).await?).await
}

/// Adds the refunds to rows of payments.
///
/// # Errors
/// `DbErr` when the database fails or a row cannot be decoded.
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
    sql.bind_store(db, store_id).push(" AND ").is_any_id(db, "payment_id", payments);
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

/// The refund with this reference, and the id of its payment.
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

impl Payments {
    /// Writes the differences from the stored state.
    pub(super) async fn write(&self, db: &impl ConnectionTrait, store_id: StoreId) -> Result<(), DbErr> {
        self.shelf.write(db, store_id).await?;
        let store: Value = store_id.uuid().into();
        for gone in self.shelf.gone() {
            self.forget(db, store_id, gone).await?;
        }
        let is_new = |(name, id): &(&str, Uuid)| self.stored_names.get(*name) != Some(id);
        let row = |(name, id): (&str, Uuid)| vec![store.clone(), name.into(), id.into()];
        let names: Vec<Vec<Value>> = self.shelf.names().filter(is_new).map(row).collect();
        bulk::insert(db, &NAMES, Box::new(names.into_iter())).await?;
        let refunds: Vec<Vec<Value>> = self
            .changed_refunds()
            .into_iter()
            .map(|(reference, (id, refund))| {
                let (state, amount) = refund.state.value;
                vec![
                    store.clone(),
                    reference.into(),
                    id.into(),
                    refund.kind.as_str().into(),
                    refund.at.millis().into(),
                    state.as_str().into(),
                    refund.state.at.millis().into(),
                    amount.into(),
                ]
            })
            .collect();
        bulk::insert(db, &REFUNDS, Box::new(refunds.into_iter())).await?;
        Ok(())
    }

    /// Refunds that differ from their stored state, with their payments.
    fn changed_refunds(&self) -> BTreeMap<&str, (Uuid, &Refund)> {
        let mut changed = BTreeMap::new();
        for payment in self.shelf.changed() {
            let id = payment.id.uuid();
            let stored = self.shelf.stored(id).map(|stored| &stored.payment.refunds);
            for (reference, refund) in &payment.payment.refunds {
                if stored.and_then(|stored| stored.get(reference)) != Some(refund) {
                    changed.insert(reference.as_str(), (id, refund));
                }
            }
        }
        changed
    }

    /// Deletes a payment that was merged into another one, which takes over its names.
    async fn forget(&self, db: &impl ConnectionTrait, store_id: StoreId, gone: Uuid) -> Result<(), DbErr> {
        let known_as = self.stored_names.iter().find(|(_, id)| **id == gone).map(|(name, _)| name.as_str());
        if let Some(id) = known_as.and_then(|name| self.shelf.id(name)) {
            let mut sql = Sql::new("UPDATE payment_names SET payment_id = ");
            sql.bind(id).push(" WHERE store_id = ").bind(store_id.uuid());
            sql.push(" AND payment_id = ").bind(gone);
            sql.execute(db).await?;
        }
        let mut sql = Sql::new("DELETE FROM payments WHERE store_id = ");
        sql.bind(store_id.uuid()).push(" AND id = ").bind(gone);
        sql.execute(db).await?;
        Ok(())
    }
}

/// Payments whose `column` equals one of these texts, locked until the transaction ends.
pub(super) async fn having(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    column: &'static str,
    texts: &[&str],
) -> Result<Vec<Stored>, DbErr> {
    let mut sql = Sql::new("SELECT payments.* FROM ");
    sql.each(db, &Each::named("payments", store_id, column, texts));
    let models = sql.models(db).await?;
    with_refunds(db, store_id, models).await
}

/// The payments of customers.
///
/// # Errors
/// Returns the error of the database.
pub async fn of_customers(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    customers: &[Uuid],
) -> Result<Vec<(CustomerId, Payment)>, DbErr> {
    let mut sql = Sql::new("SELECT payments.* FROM ");
    sql.each(db, &Each::of_customers("payments", store_id, customers));
    let stored = with_refunds(db, store_id, sql.models(db).await?).await?;
    Ok(stored.into_iter().filter_map(|stored| Some((stored.customer?, stored.payment))).collect())
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
        stripe_customer: model.stripe_customer,
        title: model.title,
        payment: Payment {
            paid,
            refunded_in_all: told.map(|(at, sum)| Latest::new(Timestamp::from_millis(at), sum)),
            refunds,
        },
    })
}
