//! Owners of Stripe customers. All payments and subscriptions of one Stripe customer belong to one person,
//! whatever e-mail addresses the events name.

use std::collections::{BTreeMap, BTreeSet};

use fanbase_domain::{
    email::EmailKey,
    facts::Claim,
    ids::{CustomerId, StoreId},
    time::Timestamp,
};
use sea_orm::{ConnectionTrait, DbErr};

use super::subscriptions::first_claim;
use crate::db::{
    bulk::{self, OnConflict, Target, Type},
    sql::{Each, Sql},
};

const STRIPE_CUSTOMERS: Target = Target {
    table: "stripe_customers",
    columns: &[
        ("store_id", Type::Uuid),
        ("reference", Type::Text),
        ("customer_id", Type::Uuid),
        ("claimed_at", Type::BigInt),
        ("claimed_key", Type::Text),
    ],
    on_conflict: OnConflict::Replace { key: &["store_id", "reference"], keep: &[], more: "" },
};

/// Stripe customers by id, with their earliest claim. Only loaded ids are known.
#[derive(Debug, Default)]
pub(super) struct StripeCustomers {
    loaded: BTreeSet<String>,
    stored: BTreeMap<String, (Claim, CustomerId)>,
    now: BTreeMap<String, (Claim, CustomerId)>,
}

impl StripeCustomers {
    /// Loads the owners of these ids, locked until the transaction ends.
    pub(super) async fn load(
        &mut self,
        db: &impl ConnectionTrait,
        store_id: StoreId,
        references: &BTreeSet<&str>,
    ) -> Result<(), DbErr> {
        let new: Vec<&str> =
            references.iter().filter(|reference| !self.loaded.contains(**reference)).copied().collect();
        if new.is_empty() {
            return Ok(());
        }
        let mut sql = Sql::new(
            "SELECT stripe_customers.reference, stripe_customers.customer_id, stripe_customers.claimed_at,
             stripe_customers.claimed_key FROM ",
        );
        sql.each(db, &Each::named("stripe_customers", store_id, "reference", &new));
        for row in sql.all(db).await? {
            let reference: String = row.try_get_by_index(0)?;
            let claim = Claim {
                at: Timestamp::from_millis(row.try_get_by_index(2)?),
                key: EmailKey::from_stored(row.try_get_by_index(3)?),
            };
            let owner = (claim, CustomerId::new(row.try_get_by_index(1)?));
            self.stored.insert(reference.clone(), owner.clone());
            self.now.insert(reference, owner);
        }
        self.loaded.extend(new.into_iter().map(str::to_owned));
        Ok(())
    }

    /// Whether the owner was loaded.
    pub(super) fn has_loaded(&self, reference: &str) -> bool {
        self.loaded.contains(reference)
    }

    /// The owner: the earliest claim.
    pub(super) fn owner(&self, reference: &str) -> Option<&(Claim, CustomerId)> {
        self.now.get(reference)
    }

    /// Records a claim.
    pub(super) fn claim(&mut self, reference: &str, claim: (Claim, CustomerId)) {
        let owner = first_claim(self.now.remove(reference), Some(claim));
        self.now.extend(owner.map(|owner| (reference.to_owned(), owner)));
    }

    /// Ids whose owner differs from the stored one.
    pub(super) fn moved(&self) -> impl Iterator<Item = &str> {
        let owner =
            |owners: &BTreeMap<_, (Claim, CustomerId)>, name: &str| owners.get(name).map(|owner| owner.1);
        self.now
            .keys()
            .map(String::as_str)
            .filter(move |name| owner(&self.now, name) != owner(&self.stored, name))
    }

    /// Writes the claims that differ from the stored ones.
    pub(super) async fn write(&self, db: &impl ConnectionTrait, store_id: StoreId) -> Result<(), DbErr> {
        let changed =
            self.now.iter().filter(|(reference, owner)| self.stored.get(*reference) != Some(*owner));
        let row = |(reference, (claim, customer)): (&String, &(Claim, CustomerId))| {
            vec![
                store_id.uuid().into(),
                reference.as_str().into(),
                customer.uuid().into(),
                claim.at.millis().into(),
                claim.key.as_str().into(),
            ]
        };
        let rows: Vec<_> = changed.map(row).collect();
        bulk::insert(db, &STRIPE_CUSTOMERS, Box::new(rows.into_iter())).await?;
        Ok(())
    }
}
