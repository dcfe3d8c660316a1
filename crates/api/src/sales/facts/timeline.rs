//! Timeline entries derived from facts. They are rewritten together with their fact. Their ids are derived
//! from the fact's id, so that a fact never has the same entry twice.

use std::collections::BTreeMap;

use fanbase_domain::{
    facts::Entry,
    ids::{CustomerId, StoreId},
};
use sea_orm::{ConnectionTrait, DbErr};
use sha2::{Digest as _, Sha256};
use uuid::{Builder, Uuid};

use crate::{
    audience::timeline::queries::ACTIVITIES,
    db::{
        bulk::{self, OnConflict, Target},
        sql::Sql,
    },
};

const LINES: Target = Target {
    on_conflict: OnConflict::Replace { key: &["store_id", "customer_id", "id"], keep: &[], more: "" },
    ..ACTIVITIES
};

/// Timeline entries by customer and id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Lines(BTreeMap<(Uuid, Uuid), (Entry, Option<String>)>);

impl Lines {
    /// Adds the entries of a fact; a fact without a customer has none.
    pub(super) fn add(
        &mut self,
        customer: Option<CustomerId>,
        fact: Uuid,
        entries: Vec<Entry>,
        detail: Option<&str>,
    ) {
        let Some(customer) = customer else { return };
        for entry in entries {
            let id = line_id(fact, &entry.name);
            self.0.insert((customer.uuid(), id), (entry, detail.map(str::to_owned)));
        }
    }
}

/// Replaces the timeline entries of some facts.
pub(super) async fn rewrite(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    before: &Lines,
    after: &Lines,
) -> Result<(), DbErr> {
    // One statement each: they are few, and for a list SQLite would scan all entries of the store.
    for (customer, id) in before.0.keys().filter(|key| !after.0.contains_key(key)) {
        let mut sql = Sql::new("DELETE FROM activities WHERE store_id = ");
        sql.bind(store_id.uuid()).push(" AND customer_id = ").bind(*customer).push(" AND id = ").bind(*id);
        sql.execute(db).await?;
    }
    let values = |((customer, id), (entry, detail)): (&(Uuid, Uuid), &(Entry, Option<String>))| {
        vec![
            store_id.uuid().into(),
            (*customer).into(),
            (*id).into(),
            entry.kind.as_str().into(),
            detail.clone().into(),
            entry.at.millis().into(),
        ]
    };
    let changed = after.0.iter().filter(|(key, line)| before.0.get(*key) != Some(*line));
    let (known, new): (Vec<_>, Vec<_>) = changed.partition(|(key, _)| before.0.contains_key(*key));
    bulk::update(db, &LINES, Box::new(known.into_iter().map(values))).await?;
    let target = Target { on_conflict: OnConflict::Clause("ON CONFLICT DO NOTHING"), ..ACTIVITIES };
    bulk::insert(db, &target, Box::new(new.into_iter().map(values))).await?;
    Ok(())
}

fn line_id(fact: Uuid, name: &str) -> Uuid {
    let hash = Sha256::new().chain_update(fact.as_bytes()).chain_update(name).finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    Builder::from_custom_bytes(bytes).into_uuid()
}
