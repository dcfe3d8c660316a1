//! Undoes an import: deletes the customers it created and reverts its changes. Keeps values edited since, and
//! created customers that were edited or have gained history. Deletes tags and custom fields that only the
//! import created.

use std::collections::{BTreeMap, HashSet};

use fanbase_domain::{
    ids::CustomerId,
    merge::Outcome,
    time::DAY,
    wire::{
        activities::ActivityKind,
        imports::{ImportStatus, Severity},
    },
};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    batch,
    fold::{Noted, Problem},
    progress::{self, Import},
};
use crate::{
    audience::{
        counters::CountDelta,
        custom_fields,
        customers::{
            rows::{self, Stored},
            writes,
        },
        links, tags,
    },
    clock,
    db::{
        Db,
        entities::{customers, import_changes},
        is_sqlite,
        sql::Sql,
        transaction,
    },
    error::ApiError,
    sales::facts::fact_writer::Ledger,
};

/// Customers read and written at once.
const BATCH: usize = 2_000;
/// Maximum number of customers per transaction on SQLite, while no other writer waits. SQLite writes each
/// page that a transaction touched once.
const SQLITE_ROWS: usize = 48_000;

/// The customers that a phase of an undo processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Customers with a change record: the import changed them, or wrote them more than once.
    Noted,
    /// All others that the import created.
    Created,
}

/// Runs an undo to its end. Each batch deletes its change records, so that an interrupted undo can be
/// resumed.
///
/// # Errors
/// When the database fails.
pub async fn run(db: &Db, import: &mut Import, cancel: &CancellationToken) -> Result<(), ApiError> {
    for part in [Part::Noted, Part::Created] {
        let mut after = match part {
            Part::Noted => Uuid::nil(),
            Part::Created => before(import.id.uuid()),
        };
        while let Some(last) = step(db, import, part, after).await? {
            after = last;
            if cancel.is_cancelled() {
                return Ok(());
            }
        }
    }
    forget_unused(db, import).await?;
    *import = progress::find(db.write(), import.store_id, import.id).await?;
    import.set_status(db.write(), ImportStatus::Undone, clock::now(), None).await
}

/// The least id that the import can have created. Ids begin with their time; the margin of a day allows for
/// clocks that were set back.
fn before(import: Uuid) -> Uuid {
    let made_at = import.get_timestamp().map_or(0, |at| at.to_unix().0);
    let day = u64::try_from(DAY / 1_000).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(made_at.saturating_sub(day) * 1_000, &[0; 10]).into_uuid()
}

/// One transaction. Returns the last customer processed, or `None` at the end.
async fn step(db: &Db, import: &Import, part: Part, after: Uuid) -> Result<Option<Uuid>, ApiError> {
    transaction::write(db, |tx| {
        let (store_id, id, db) = (import.store_id, import.id, db.clone());
        Box::pin(async move {
            let (mut last, mut rows) = (None, 0);
            loop {
                let import = progress::find(tx, store_id, id).await?;
                let candidates = candidates(tx, &import, part, last.unwrap_or(after)).await?;
                rows += candidates.len();
                let is_last = candidates.len() < BATCH;
                last = candidates.last().map(|(stored, _)| stored.customer.id.uuid()).or(last);
                undo(tx, &import, candidates).await?;
                if is_last || !is_sqlite(tx) || rows >= SQLITE_ROWS || db.is_wanted() {
                    return Ok(last);
                }
            }
        })
    })
    .await
}

/// Customers that the import created or changed, by id, with their change records.
async fn candidates(
    db: &impl ConnectionTrait,
    import: &Import,
    part: Part,
    after: Uuid,
) -> Result<Vec<(Stored, Option<Noted>)>, ApiError> {
    let (store, import_id) = (import.store_id.uuid(), import.id.uuid());
    let mut sql = Sql::new("SELECT customers.* FROM ");
    match part {
        Part::Noted => {
            sql.push("import_changes n JOIN customers ON customers.store_id = n.store_id");
            sql.push(" AND customers.id = n.customer_id WHERE n.store_id = ").bind(store);
            sql.push(" AND n.import_id = ").bind(import_id).push(" AND n.customer_id > ").bind(after);
            sql.push(" AND n.outcome <> 'unchanged' ORDER BY n.customer_id");
        }
        Part::Created => {
            sql.push("customers WHERE store_id = ").bind(store).push(" AND id > ").bind(after);
            sql.push(" AND import_id = ").bind(import_id).push(" ORDER BY id");
        }
    }
    sql.push(&format!(" LIMIT {BATCH}"));
    if !is_sqlite(db) {
        sql.push(" FOR UPDATE OF customers");
    }
    let models: Vec<customers::Model> = sql.models(db).await?;
    let ids: Vec<Uuid> = models.iter().map(|model| model.id).collect();
    let mut notes = std::collections::HashMap::new();
    if !ids.is_empty() {
        let mut sql = Sql::new("SELECT * FROM import_changes WHERE store_id = ");
        sql.bind(store).push(" AND import_id = ").bind(import_id).push(" AND ").is_any_id(
            db,
            "customer_id",
            &ids,
        );
        for model in sql.models::<import_changes::Model>(db).await? {
            notes.insert(model.customer_id, batch::noted(model)?);
        }
    }
    let stored = rows::with_tags(db, import.store_id, models).await?;
    Ok(stored
        .into_iter()
        .map(|stored| {
            let note = notes.remove(&stored.customer.id.uuid());
            (stored, note)
        })
        .collect())
}

async fn undo(
    tx: &DatabaseTransaction,
    import: &Import,
    candidates: Vec<(Stored, Option<Noted>)>,
) -> Result<(), ApiError> {
    let with_history = with_history(tx, import, &candidates).await?;
    let mut counts = CountDelta::default();
    let (mut deleted, mut restored, mut left) = (Vec::new(), Vec::new(), Vec::new());
    let (mut done, mut freed, mut untouched_before) = (Vec::new(), Vec::new(), Vec::new());
    for (stored, noted) in candidates {
        let customer = &stored.customer;
        let (id, linked) = (customer.id.uuid(), customer.user_id.is_some());
        done.push(id);
        let untouched = customer.version == noted.as_ref().map_or(1, |noted| noted.version);
        if stored.import_id == Some(import.id.uuid()) {
            if untouched && !with_history.contains(&id) {
                counts.remove(&customer.fields, linked);
                deleted.push(id);
                freed.extend(customer.user_id.map(|id| id.uuid()));
            } else {
                left.push(problem(&stored, "edited_since", "The customer was edited since, and stays."));
                restored.push((stored.clone(), Stored { import_id: None, ..stored }));
            }
            continue;
        }
        let Some(noted) = noted.filter(|noted| noted.outcome == Outcome::Updated) else { continue };
        let mut after = stored.clone();
        let fields = noted.changes.revert(&mut after.customer.fields, untouched);
        if !fields.is_empty() {
            let reason = format!("Edited since, and left as it is: {}.", fields.join(", "));
            left.push(problem(&stored, "edited_since", &reason));
        }
        if after.customer.fields != stored.customer.fields {
            after.customer.version += 1;
            untouched_before.extend(untouched.then_some((id, noted.version_before)));
            counts.remove(&stored.customer.fields, linked);
            counts.add(&after.customer.fields, linked);
            restored.push((stored, after));
        }
    }
    writes::delete(tx, import.store_id, &deleted).await?;
    writes::restore(tx, import.store_id, &restored).await?;
    // After the restored rows, one of which may have the e-mail address of an unlinked account now.
    for _ in links::link_freed(tx, import.store_id, &freed).await? {
        counts.link(1);
    }
    redate(tx, import, &untouched_before).await?;
    forget_changes(tx, import, &done).await?;
    batch::write_problems(tx, import, &left).await?;
    let mut sql = Sql::new("UPDATE imports SET undo_left = undo_left + ");
    let count = i64::try_from(left.len()).unwrap_or(0);
    sql.bind(count).push(", problems = problems + ").bind(count);
    sql.push(" WHERE store_id = ").bind(import.store_id.uuid()).push(" AND id = ").bind(import.id.uuid());
    sql.execute(tx).await?;
    counts.apply(tx, import.store_id).await?;
    derive_again(tx, import, &restored).await
}

/// Derives the state of restored customers from their facts again, without the imported sum.
async fn derive_again(
    tx: &DatabaseTransaction,
    import: &Import,
    restored: &[(Stored, Stored)],
) -> Result<(), ApiError> {
    let spent = |stored: &Stored| stored.customer.fields.imported_spent;
    let changed = restored.iter().filter(|(before, after)| spent(before) != spent(after));
    let changed = changed.filter(|(_, after)| after.customer.fields.follows_facts);
    let changed: Vec<CustomerId> = changed.map(|(_, after)| after.customer.id).collect();
    if changed.is_empty() {
        return Ok(());
    }
    let mut ledger = Ledger::open(tx, import.store_id, clock::now()).await?;
    changed.into_iter().for_each(|customer| ledger.touch(customer));
    ledger.close_silently().await
}

/// Updates the versions in other imports' change records: a customer that is back in the state another import
/// left has a newer version than that import wrote. Its undo must not mistake this undo for an edit.
async fn redate(
    tx: &DatabaseTransaction,
    import: &Import,
    untouched_before: &[(Uuid, i64)],
) -> Result<(), ApiError> {
    let mut by_version: BTreeMap<i64, Vec<Uuid>> = BTreeMap::new();
    for (customer, version) in untouched_before {
        by_version.entry(*version).or_default().push(*customer);
    }
    let store = import.store_id.uuid();
    for (version, customers) in by_version {
        let mut sql = Sql::new(
            "UPDATE import_changes SET version = (SELECT c.version FROM customers c
             WHERE c.store_id = import_changes.store_id AND c.id = import_changes.customer_id) WHERE store_id = ",
        );
        sql.bind(store)
            .push(" AND version = ")
            .bind(version)
            .push(" AND import_id IN (SELECT i.id FROM imports i");
        sql.push(" WHERE i.status = 'completed' AND i.store_id = ").bind(store);
        sql.push(") AND ").is_any_id(tx, "customer_id", &customers);
        sql.execute(tx).await?;
        if version == 1 {
            // Customers that an import created and wrote once have no change record.
            let mut sql = Sql::new(
                "INSERT INTO import_changes
                    (store_id, import_id, customer_id, outcome, changes, version_before, version)
                 SELECT c.store_id, c.import_id, c.id, 'created', NULL, 1, c.version FROM customers c
                 WHERE c.import_id IS NOT NULL AND c.store_id = ",
            );
            sql.bind(store).push(" AND ").is_any_id(tx, "c.id", &customers);
            sql.push(" ON CONFLICT DO NOTHING");
            sql.execute(tx).await?;
        }
    }
    Ok(())
}

/// Deletes the tags and custom fields that only the import created.
async fn forget_unused(db: &Db, import: &Import) -> Result<(), ApiError> {
    transaction::write(db, |tx| {
        let (store_id, id) = (import.store_id, import.id.uuid());
        Box::pin(async move {
            tags::queries::forget_unused(tx, store_id, id).await?;
            Ok(custom_fields::service::forget_unused(tx, store_id, id).await?)
        })
    })
    .await
}

/// The tables of facts.
const FACTS: [&str; 4] = ["enrollments", "purchases", "payments", "subscriptions"];

/// Customers with history that a deletion would lose: notes, manual timeline entries, or facts.
async fn with_history(
    db: &impl ConnectionTrait,
    import: &Import,
    candidates: &[(Stored, Option<Noted>)],
) -> Result<HashSet<Uuid>, ApiError> {
    let ours = candidates.iter().filter(|(stored, _)| stored.import_id == Some(import.id.uuid()));
    let ids: Vec<Uuid> = ours.map(|(stored, _)| stored.customer.id.uuid()).collect();
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let store = import.store_id.uuid();
    let mut sql = Sql::new("SELECT DISTINCT customer_id FROM notes WHERE store_id = ");
    sql.bind(store).push(" AND ").is_any_id(db, "customer_id", &ids);
    sql.push(" UNION SELECT customer_id FROM activities WHERE store_id = ").bind(store);
    sql.push(" AND kind IN (").bind_all(ActivityKind::BY_HAND.map(ActivityKind::as_str));
    sql.push(") AND ").is_any_id(db, "customer_id", &ids);
    for table in FACTS {
        sql.push(&format!(" UNION SELECT customer_id FROM {table} WHERE store_id = ")).bind(store);
        sql.push(" AND ").is_any_id(db, "customer_id", &ids);
    }
    Ok(sql.all(db).await?.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?)
}

fn problem(stored: &Stored, code: &'static str, reason: &str) -> Problem {
    Problem {
        line: 0,
        email: stored.customer.email.clone(),
        severity: Severity::Undo,
        code,
        reason: reason.to_owned(),
    }
}

async fn forget_changes(
    db: &impl ConnectionTrait,
    import: &Import,
    customers: &[Uuid],
) -> Result<(), ApiError> {
    let mut sql = Sql::new("DELETE FROM import_changes WHERE store_id = ");
    sql.bind(import.store_id.uuid()).push(" AND import_id = ").bind(import.id.uuid());
    sql.push(" AND ").is_any_id(db, "customer_id", customers);
    sql.execute(db).await?;
    Ok(())
}
