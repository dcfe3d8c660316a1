//! SQL of purchases.

use fanbase_domain::{
    facts::{Entry, Join as _, Purchase},
    ids::{CustomerId, PurchaseId, StoreId},
    time::Timestamp,
    wire::catalogue::ItemKind,
};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult as _, QueryResult, Value};
use uuid::Uuid;

use super::{
    fact_set::{Fact, Named},
    fact_writer::Ledger,
};
use crate::{
    db::{
        bulk::{OnConflict, Target, Type},
        column::known,
        entities::purchases::Model,
        sql::{Each, Sql},
    },
    sales::catalogue::Item,
};

/// A purchase as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its id.
    pub id: PurchaseId,
    /// The source's reference.
    pub reference: String,
    /// The customer.
    pub customer: CustomerId,
    /// The catalogue entry that was bought.
    pub item: Option<(ItemKind, Uuid)>,
    /// The title of that entry.
    pub title: Option<String>,
    /// A name of its payment.
    pub payment_name: Option<String>,
    /// The Stripe customer who made it.
    pub stripe_customer: Option<String>,
    /// The time of purchase.
    pub purchase: Purchase,
}

impl Stored {
    /// A newly reported purchase.
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
            stripe_customer: None,
            purchase: Purchase { purchased_at },
        }
    }
}

impl Fact for Stored {
    const TARGET: Target = Target {
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
            ("stripe_customer", Type::Text),
        ],
        on_conflict: OnConflict::Replace { key: &["store_id", "id"], keep: &["reference"], more: "" },
    };

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn customer(&self) -> Option<CustomerId> {
        Some(self.customer)
    }

    fn entries(&self) -> Vec<Entry> {
        self.purchase.timeline()
    }

    fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    fn values(&self, store_id: StoreId) -> Vec<Value> {
        let (kind, item_id) = self.item.unzip();
        vec![
            store_id.uuid().into(),
            self.id.uuid().into(),
            self.reference.as_str().into(),
            self.customer.uuid().into(),
            kind.map(|kind| kind.as_str().to_owned()).into(),
            item_id.into(),
            self.title.clone().into(),
            self.payment_name.clone().into(),
            self.purchase.purchased_at.millis().into(),
            self.stripe_customer.clone().into(),
        ]
    }
}

impl Named for Stored {
    const COLUMNS: &str = "purchases.*";

    fn reference(&self) -> &str {
        &self.reference
    }

    fn of_row(row: &QueryResult) -> Result<Self, DbErr> {
        stored(Model::from_query_result(row, "")?)
    }
}

impl Ledger<'_> {
    /// The purchase with this reference, as currently known.
    #[must_use]
    pub fn purchase(&self, reference: &str) -> Option<&Stored> {
        self.purchases.get(reference)
    }

    /// Merges a reported purchase with the known state.
    pub fn note_purchase(&mut self, told: Stored) -> Stored {
        let joined = match self.purchases.get(&told.reference) {
            Some(known) => Stored {
                item: known.item.or(told.item),
                title: known.title.clone().or(told.title),
                payment_name: known.payment_name.clone().or(told.payment_name),
                stripe_customer: known.stripe_customer.clone().or(told.stripe_customer),
                purchase: known.purchase.join(told.purchase),
                ..known.clone()
            },
            None => told,
        };
        self.purchases.put(&joined.reference, joined.clone());
        joined
    }
}

/// Purchases whose `column` equals one of these texts, locked until the transaction ends.
pub(super) async fn having(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    column: &'static str,
    texts: &[&str],
) -> Result<Vec<Stored>, DbErr> {
    let mut sql = Sql::new("SELECT purchases.* FROM ");
    sql.each(db, &Each::named("purchases", store_id, column, texts));
    sql.models::<Model>(db).await?.into_iter().map(stored).collect()
}

/// The purchases of customers.
///
/// # Errors
/// Returns the error of the database.
pub async fn of_customers(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    customers: &[Uuid],
) -> Result<Vec<(CustomerId, Purchase)>, DbErr> {
    let mut sql = Sql::new("SELECT purchases.customer_id, purchases.purchased_at FROM ");
    sql.each(db, &Each::of_customers("purchases", store_id, customers));
    let read = |row: &QueryResult| {
        let purchase = Purchase { purchased_at: Timestamp::from_millis(row.try_get_by_index(1)?) };
        Ok((CustomerId::new(row.try_get_by_index(0)?), purchase))
    };
    sql.all(db).await?.iter().map(read).collect()
}

/// Maps a row to the purchase.
///
/// # Errors
/// `DbErr` when the kind is unknown.
pub fn stored(model: Model) -> Result<Stored, DbErr> {
    let kind = model.kind.map(|kind| known(ItemKind::parse(&kind), "kind")).transpose()?;
    Ok(Stored {
        id: PurchaseId::new(model.id),
        reference: model.reference,
        customer: CustomerId::new(model.customer_id),
        item: kind.zip(model.item_id),
        title: model.title,
        payment_name: model.payment_name,
        stripe_customer: model.stripe_customer,
        purchase: Purchase { purchased_at: Timestamp::from_millis(model.purchased_at) },
    })
}
