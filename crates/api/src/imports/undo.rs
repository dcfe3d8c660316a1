//! Undoes an import: deletes whom it created, puts back what it changed, and leaves what
//! was edited since.

use std::collections::HashSet;

use fanbase_domain::{
    merge::Outcome,
    wire::{
        activities::ActivityKind,
        imports::{ImportStatus, Severity},
    },
};
use sea_orm::ConnectionTrait;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    batch,
    fold::{Noted, Problem},
    progress::{self, Import},
};
use crate::{
    clock,
    customers::{
        rows::{self, Stored},
        writes,
    },
    db::{
        Db,
        entities::{customers, import_changes},
        is_sqlite,
        sql::Sql,
        transaction,
    },
    error::ApiError,
    fans::counts::CountDelta,
    users::links,
};

/// Customers of a transaction.
const BATCH: u64 = 1_000;

/// Runs an undo to its end. Each batch removes what it has dealt with, so that an undo
/// that was killed goes on where it stopped.
///
/// # Errors
/// When the database fails.
pub async fn run(db: &Db, import: &mut Import, cancel: &CancellationToken) -> Result<(), ApiError> {
    // Changes first: they know the versions of customers that were created and written twice.
    let mut after = Uuid::nil();
    loop {
        let next = step(db, import, after).await?;
        let Some(next) = next else { break };
        after = next;
        if cancel.is_cancelled() {
            return Ok(());
        }
    }
    *import = progress::find(db.write(), import.store_id, import.id).await?;
    import.set_status(db.write(), ImportStatus::Undone, clock::now(), None).await
}

/// One transaction; returns the last customer it dealt with, or `None` when all are done.
async fn step(db: &Db, import: &Import, after: Uuid) -> Result<Option<Uuid>, ApiError> {
    transaction::write(db, |tx| {
        let (store_id, id) = (import.store_id, import.id);
        Box::pin(async move {
            let import = progress::find(tx, store_id, id).await?;
            let candidates = candidates(tx, &import, after).await?;
            let last = candidates.last().map(|(stored, _)| stored.customer.id.uuid());
            undo(tx, &import, candidates).await?;
            Ok(last)
        })
    })
    .await
}

/// Customers that the import created or changed, in the order of their ids.
async fn candidates(
    db: &impl ConnectionTrait,
    import: &Import,
    after: Uuid,
) -> Result<Vec<(Stored, Option<Noted>)>, ApiError> {
    let (store, import_id) = (import.store_id.uuid(), import.id.uuid());
    let mut sql = Sql::new("SELECT * FROM customers WHERE store_id = ");
    sql.bind(store).push(" AND id > ").bind(after).push(" AND (import_id = ").bind(import_id);
    sql.push(" OR id IN (SELECT customer_id FROM import_changes WHERE store_id = ").bind(store);
    sql.push(" AND import_id = ").bind(import_id).push(" AND outcome <> 'unchanged')) ORDER BY id LIMIT ");
    sql.push(&BATCH.to_string());
    if !is_sqlite(db) {
        sql.push(" FOR UPDATE");
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
    db: &impl ConnectionTrait,
    import: &Import,
    candidates: Vec<(Stored, Option<Noted>)>,
) -> Result<(), ApiError> {
    let annotated = annotated(db, import, &candidates).await?;
    let mut counts = CountDelta::default();
    let (mut deleted, mut restored, mut left) = (Vec::new(), Vec::new(), Vec::new());
    let (mut done, mut freed) = (Vec::new(), Vec::new());
    for (stored, noted) in candidates {
        let customer = &stored.customer;
        let linked = customer.user_id.is_some();
        done.push(customer.id.uuid());
        let untouched = customer.version == noted.as_ref().map_or(1, |noted| noted.version);
        if stored.import_id == Some(import.id.uuid()) {
            if untouched && !annotated.contains(&customer.id.uuid()) {
                counts.remove(&customer.fields, linked);
                deleted.push(customer.id.uuid());
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
            after.customer.version =
                if untouched { noted.version_before } else { stored.customer.version + 1 };
            counts.remove(&stored.customer.fields, linked);
            counts.add(&after.customer.fields, linked);
            restored.push((stored, after));
        }
    }
    writes::delete(db, import.store_id, &deleted).await?;
    for _ in links::link_freed(db, import.store_id, &freed).await? {
        counts.link(1);
    }
    writes::update(db, import.store_id, &restored).await?;
    forget_changes(db, import, &done).await?;
    batch::write_problems(db, import, &left).await?;
    let mut sql = Sql::new("UPDATE imports SET undo_left = undo_left + ");
    let count = i64::try_from(left.len()).unwrap_or(0);
    sql.bind(count).push(", problems = problems + ").bind(count);
    sql.push(" WHERE store_id = ").bind(import.store_id.uuid()).push(" AND id = ").bind(import.id.uuid());
    sql.execute(db).await?;
    counts.apply(db, import.store_id).await?;
    Ok(())
}

/// Customers that somebody wrote a note on, or noted in the timeline what happened with, which would
/// be lost with them.
async fn annotated(
    db: &impl ConnectionTrait,
    import: &Import,
    candidates: &[(Stored, Option<Noted>)],
) -> Result<HashSet<Uuid>, ApiError> {
    let ids: Vec<Uuid> = candidates.iter().map(|(stored, _)| stored.customer.id.uuid()).collect();
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let mut sql = Sql::new("SELECT DISTINCT customer_id FROM notes WHERE store_id = ");
    sql.bind(import.store_id.uuid()).push(" AND ").is_any_id(db, "customer_id", &ids);
    sql.push(" UNION SELECT customer_id FROM activities WHERE store_id = ").bind(import.store_id.uuid());
    sql.push(" AND kind IN (").bind_all(ActivityKind::BY_HAND.map(ActivityKind::as_str));
    sql.push(") AND ").is_any_id(db, "customer_id", &ids);
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
