//! SQL of purchases.

use fanbase_domain::{
    facts::{Join as _, Purchase},
    ids::{CustomerId, PurchaseId, StoreId},
    time::Timestamp,
    wire::catalogue::ItemKind,
};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::{
    ledger::Ledger,
    timeline::{self, Lines},
};
use crate::{
    catalogue::Item,
    customers::rows::known,
    db::{
        bulk::{self, Target, Type},
        entities::purchases::Model,
        is_sqlite,
        sql::Sql,
    },
    error::ApiError,
};

const PURCHASES: Target = Target {
    table: "purchases",
    columns: &[
        ("store_id", Type::Uuid),
        ("id", Type::Uuid),
        ("reference", Type::Text),
        ("customer_id", Type::Uuid),
        ("kind", Type::Text),
        ("item_id", Type::Uuid),
        ("title", Type::Text),
        ("payment_name", Type::Text),
        ("purchased_at", Type::BigInt),
    ],
    on_conflict: "ON CONFLICT (store_id, id) DO UPDATE SET customer_id = excluded.customer_id,
        kind = excluded.kind, item_id = excluded.item_id, title = excluded.title,
        payment_name = excluded.payment_name, purchased_at = excluded.purchased_at",
};

/// A purchase as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its id.
    pub id: PurchaseId,
    /// Its name at whoever reports it.
    pub reference: String,
    /// Whose it is.
    pub customer: CustomerId,
    /// What of the catalogue was bought.
    pub item: Option<(ItemKind, Uuid)>,
    /// What it is called.
    pub title: Option<String>,
    /// A name of its payment.
    pub payment_name: Option<String>,
    /// The rest.
    pub purchase: Purchase,
}

impl Stored {
    /// A purchase that is reported.
    #[must_use]
    pub fn new(
        reference: String,
        customer: CustomerId,
        item: Option<&Item>,
        purchased_at: Timestamp,
    ) -> Self {
        Self {
            id: PurchaseId::new(Uuid::now_v7()),
            reference,
            customer,
            item: item.and_then(|item| item.which),
            title: item.and_then(|item| item.title.clone()),
            payment_name: None,
            purchase: Purchase { purchased_at },
        }
    }
}

/// The purchase of a reference, locked until the transaction ends.
///
/// # Errors
/// Returns the error of the database.
pub async fn find(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    reference: &str,
) -> Result<Option<Stored>, DbErr> {
    let mut sql = Sql::new("SELECT * FROM purchases WHERE store_id = ");
    sql.bind(store_id.uuid()).push(" AND reference = ").bind(reference);
    if !is_sqlite(db) {
        sql.push(" FOR UPDATE");
    }
    sql.models::<Model>(db).await?.pop().map(stored).transpose()
}

/// Joins what is reported of a purchase with what is known.
///
/// # Errors
/// When the database fails.
pub async fn note(ledger: &mut Ledger<'_>, known: Option<Stored>, told: Stored) -> Result<Stored, ApiError> {
    let (mut before, mut after) = (Lines::default(), Lines::default());
    let joined = match &known {
        Some(known) => {
            let title = known.title.as_deref();
            before.add(Some(known.customer), known.id.uuid(), known.purchase.timeline(), title);
            Stored {
                item: known.item.or(told.item),
                title: known.title.clone().or(told.title),
                payment_name: known.payment_name.clone().or(told.payment_name),
                purchase: known.purchase.join(told.purchase),
                ..known.clone()
            }
        }
        None => told,
    };
    if known.as_ref() == Some(&joined) {
        return Ok(joined);
    }
    let title = joined.title.as_deref();
    after.add(Some(joined.customer), joined.id.uuid(), joined.purchase.timeline(), title);
    let (kind, item_id) = joined.item.unzip();
    let row = vec![
        ledger.store_id.uuid().into(),
        joined.id.uuid().into(),
        joined.reference.as_str().into(),
        joined.customer.uuid().into(),
        kind.map(|kind| kind.as_str().to_owned()).into(),
        item_id.into(),
        joined.title.clone().into(),
        joined.payment_name.clone().into(),
        joined.purchase.purchased_at.millis().into(),
    ];
    bulk::insert(ledger.tx, &PURCHASES, Box::new([row].into_iter())).await?;
    timeline::rewrite(ledger.tx, ledger.store_id, &before, &after).await?;
    ledger.touch(Some(joined.customer));
    Ok(joined)
}

/// The purchases of a customer.
///
/// # Errors
/// Returns the error of the database.
pub async fn of_customer(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    customer: CustomerId,
) -> Result<Vec<Purchase>, DbErr> {
    let mut sql = Sql::new("SELECT purchased_at FROM purchases WHERE store_id = ");
    sql.bind(store_id.uuid()).push(" AND customer_id = ").bind(customer.uuid());
    let at = |row: &sea_orm::QueryResult| {
        Ok(Purchase { purchased_at: Timestamp::from_millis(row.try_get_by_index(0)?) })
    };
    sql.all(db).await?.iter().map(at).collect()
}

/// The purchase of a row.
///
/// # Errors
/// When it is of a kind that does not exist.
pub fn stored(model: Model) -> Result<Stored, DbErr> {
    let kind = model.kind.map(|kind| known(ItemKind::parse(&kind), "kind")).transpose()?;
    Ok(Stored {
        id: PurchaseId::new(model.id),
        reference: model.reference,
        customer: CustomerId::new(model.customer_id),
        item: kind.zip(model.item_id),
        title: model.title,
        payment_name: model.payment_name,
        purchase: Purchase { purchased_at: Timestamp::from_millis(model.purchased_at) },
    })
}
