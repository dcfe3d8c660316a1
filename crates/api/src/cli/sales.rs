//! What the sample audience learns and buys, noted in the demo store.

use std::collections::HashMap;

use fanbase_domain::{
    store::Store,
    time::Timestamp,
    wire::{
        catalogue::{ItemKind, ItemResponse, NewItem},
        enrollments::NewEnrollment,
        purchases::{NewPurchase, NewRefund},
        subscriptions::NewSubscription,
    },
};
use sea_orm::DatabaseTransaction;

use crate::{
    db::{Db, transaction},
    error::ApiError,
    sales::{
        catalogue::{self, Item},
        enrollments,
        facts::{
            fact_writer::{Ledger, Wanted},
            locks,
        },
        purchases, subscriptions,
    },
    sample::{
        SampleOptions,
        sales::{self, Sale},
    },
};

/// How many are noted together.
const BATCH: usize = 1_000;

/// A sale, checked as if a platform had reported it.
enum New {
    Enrollment(NewEnrollment),
    Purchase(NewPurchase),
    Refund(NewRefund),
    Subscription(NewSubscription),
}

type Catalogue = HashMap<String, ItemResponse>;

/// Fills the catalogue and notes the sales, all of them or none; returns how many. Does nothing if there
/// is a catalogue already.
pub(super) async fn sell(
    db: &Db,
    store: &Store,
    options: &SampleOptions,
    now: Timestamp,
) -> Result<Option<usize>, ApiError> {
    if !catalogue::queries::list(db.read(), store.id, ItemKind::Course, None).await?.0.is_empty() {
        return Ok(None);
    }
    let sold = transaction::write(db, |tx| {
        let (store, options) = (store.clone(), options.clone());
        Box::pin(async move { sell_all(tx, &store, &options, now).await })
    });
    Ok(Some(sold.await?))
}

async fn sell_all(
    tx: &DatabaseTransaction,
    store: &Store,
    options: &SampleOptions,
    now: Timestamp,
) -> Result<usize, ApiError> {
    locks::hold_all(tx).await?;
    let catalogue = fill_catalogue(tx, store, now).await?;
    let mut sales = sales::sales(options, now.millis() / 1_000);
    let mut sold = 0;
    loop {
        let batch = sales.by_ref().take(BATCH).map(check).collect::<Result<Vec<_>, _>>()?;
        if batch.is_empty() {
            return Ok(sold);
        }
        sold += note(tx, store, &catalogue, batch, now).await?;
    }
}

async fn fill_catalogue(
    tx: &DatabaseTransaction,
    store: &Store,
    now: Timestamp,
) -> Result<Catalogue, ApiError> {
    let courses = sales::courses().map(|one| (ItemKind::Course, NewItem::try_from(one)));
    let products = sales::products().map(|one| (ItemKind::Product, NewItem::try_from(one)));
    let plans = sales::plans().map(|one| (ItemKind::Plan, NewItem::try_from(one)));
    let mut catalogue = Catalogue::new();
    for (kind, new) in courses.chain(products).chain(plans) {
        let (item, _) = catalogue::service::create(tx, store.id, store.currency, kind, new?, now).await?;
        catalogue.insert(item.reference.clone(), item);
    }
    Ok(catalogue)
}

fn check(sale: Sale) -> Result<New, ApiError> {
    Ok(match sale {
        Sale::Enrollment(request) => New::Enrollment(request.try_into()?),
        Sale::Purchase(request) => New::Purchase(request.try_into()?),
        Sale::Refund(request) => New::Refund(request.try_into()?),
        Sale::Subscription(request) => New::Subscription(request.try_into()?),
    })
}

/// Notes sales; not those of the few people whom the import refused.
async fn note(
    tx: &DatabaseTransaction,
    store: &Store,
    catalogue: &Catalogue,
    batch: Vec<New>,
    now: Timestamp,
) -> Result<usize, ApiError> {
    let mut ledger = Ledger::open(tx, store.id, now).await?;
    ledger.read(&batch.iter().map(New::wanted).fold(Wanted::default(), Wanted::and)).await?;
    let mut noted = 0;
    for sale in batch {
        if sale.is_known(&ledger) {
            sale.note(&mut ledger, catalogue, now)?;
            noted += 1;
        }
    }
    ledger.close_silently().await?;
    Ok(noted)
}

impl New {
    fn wanted(&self) -> Wanted<'_> {
        match self {
            Self::Enrollment(new) => enrollments::service::wanted(new),
            Self::Purchase(new) => purchases::service::wanted(new),
            Self::Refund(new) => Wanted { payments: [new.payment.as_str()].into(), ..Wanted::default() },
            Self::Subscription(new) => subscriptions::service::wanted(new),
        }
    }

    fn is_known(&self, ledger: &Ledger<'_>) -> bool {
        match self {
            Self::Enrollment(new) => ledger.knows(&new.person),
            Self::Purchase(new) => ledger.knows(&new.person),
            Self::Refund(new) => ledger.payment(&new.payment).is_some(),
            Self::Subscription(new) => ledger.knows(&new.person),
        }
    }

    fn note(self, ledger: &mut Ledger<'_>, catalogue: &Catalogue, now: Timestamp) -> Result<(), ApiError> {
        let item = |reference: &str| {
            let unknown = || ApiError::Internal(format!("{reference} is not in the catalogue"));
            catalogue.get(reference).ok_or_else(unknown)
        };
        match self {
            Self::Enrollment(new) => {
                let course = item(&new.course.reference)?;
                enrollments::service::note(ledger, new, course, now)?;
            }
            Self::Purchase(new) => {
                let bought = match &new.item {
                    Some((kind, name)) => Item::of(*kind, item(&name.reference)?),
                    None => Item { which: None, title: new.title.clone() },
                };
                purchases::service::note(ledger, new, bought, now)?;
            }
            Self::Refund(new) => {
                purchases::service::note_refund(ledger, new, now);
            }
            Self::Subscription(new) => {
                let plan = new.plan.as_ref().map(|plan| item(&plan.reference)).transpose()?.cloned();
                subscriptions::service::note(ledger, new, plan, now)?;
            }
        }
        Ok(())
    }
}
