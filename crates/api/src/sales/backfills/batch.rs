//! One batch of a backfill: resolves the owners of unassigned rows, creates or finds the customers, and
//! writes them together with the keyset position in one transaction.

use std::collections::{BTreeSet, HashSet};

use fanbase_domain::{
    email::EmailKey,
    facts::{Evidence, Person},
    ids::CustomerId,
    time::Timestamp,
    wire::backfills::{BackfillProblemCode, BackfillStatus},
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, Value};
use uuid::Uuid;

use super::{
    stored::{Backfill, Tally},
    unassigned::{self, Nobodys, Whose},
};
use crate::{
    audience::customers::search_index,
    db::{
        bulk::{self, OnConflict, Target, Type},
        is_sqlite,
        sql::{Each, Sql, Values},
        transaction,
    },
    error::ApiError,
    sales::facts::{
        fact_writer::{Ledger, Wanted},
        locks,
    },
};

/// Rows of a batch on SQLite, where all other writers wait for the batch.
const SQLITE_ROWS: usize = 1_000;
/// Rows of a batch on PostgreSQL, where only transactions that write facts wait.
const POSTGRES_ROWS: usize = 4_000;

const PROBLEMS: Target = Target {
    table: "backfill_problems",
    columns: &[
        ("store_id", Type::Uuid),
        ("backfill_id", Type::Uuid),
        ("subject_id", Type::Uuid),
        ("code", Type::Text),
        ("reason", Type::Text),
    ],
    on_conflict: OnConflict::Fail,
};

const PEOPLE: Target = Target {
    table: "backfill_people",
    columns: &[("store_id", Type::Uuid), ("backfill_id", Type::Uuid), ("email_key", Type::Text)],
    on_conflict: OnConflict::Fail,
};

/// Processes the next batch and advances the position. Completes the backfill when no rows are left.
///
/// # Errors
/// When the database fails.
pub async fn step(tx: &DatabaseTransaction, backfill: &mut Backfill, now: Timestamp) -> Result<(), ApiError> {
    if !backfill.dry_run {
        // The owners are found only during the batch, so every fact lock is taken.
        locks::hold_all(tx).await?;
        search_index::collect(tx).await?;
    }
    let list = (backfill.store_id, backfill.what);
    if backfill.status == BackfillStatus::Queued {
        backfill.status = BackfillStatus::Running;
        backfill.started_at = Some(now);
        backfill.total = unassigned::total(tx, list.0, list.1).await?;
    }
    let most = if is_sqlite(tx) { SQLITE_ROWS } else { POSTGRES_ROWS };
    let rows = unassigned::next(tx, list, backfill.position.take(), most, !backfill.dry_run).await?;
    match rows.last() {
        Some(last) => {
            transaction::may_be_forgotten(tx).await?;
            backfill.position = Some(last.position());
        }
        None => {
            backfill.status = BackfillStatus::Completed;
            backfill.finished_at = Some(now);
            forget_people(tx, backfill).await?;
        }
    }
    settle(tx, backfill, rows, now).await?;
    Ok(backfill.write(tx).await?)
}

async fn settle(
    tx: &DatabaseTransaction,
    backfill: &mut Backfill,
    rows: Vec<Nobodys>,
    now: Timestamp,
) -> Result<(), ApiError> {
    if rows.is_empty() {
        return Ok(());
    }
    let ids: BTreeSet<Uuid> = rows.iter().filter_map(|row| row.user_id).collect();
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let accounts = unassigned::accounts(tx, backfill.store_id, &ids).await?;
    let rows: Vec<(Nobodys, Result<Whose, BackfillProblemCode>)> = rows
        .into_iter()
        .map(|row| {
            let whose = row.whose(&accounts);
            (row, whose)
        })
        .collect();
    let keys = rows.iter().filter_map(|(_, whose)| match whose {
        Ok(Whose::Person(person)) => Some(person.email.key()),
        _ => None,
    });
    let people: BTreeSet<&EmailKey> = keys.collect();
    let mut ledger = Ledger::open(tx, backfill.store_id, now).await?;
    ledger.read(&Wanted { people: people.clone(), ..Wanted::default() }).await?;
    let mut met = if backfill.dry_run { met(tx, backfill, &people).await? } else { HashSet::new() };
    let (mut tally, mut problems, mut new) = (backfill.tally, Vec::new(), Vec::new());
    for (row, whose) in rows {
        let evidence = row.evidence(now);
        let whose = match whose {
            Ok(whose) => whose,
            Err(code) => {
                tally.errors += 1;
                problems.push((row.id(), code));
                continue;
            }
        };
        let is_new = match &whose {
            Whose::Person(person) => !ledger.knows(person) && !met.contains(person.email.key().as_str()),
            Whose::Customer(..) => false,
        };
        count(&mut tally, is_new);
        if !backfill.dry_run {
            let (customer, key) = customer(&mut ledger, whose, &evidence);
            row.give(&mut ledger, customer, key, now);
        } else if let (true, Whose::Person(person)) = (is_new, whose) {
            let key = person.email.key().to_string();
            met.insert(key.clone());
            new.push(key);
        }
    }
    backfill.tally = tally;
    write_problems(tx, backfill, &problems).await?;
    if backfill.dry_run {
        remember(tx, backfill, new).await?;
        return Ok(());
    }
    ledger.close_silently().await
}

fn count(tally: &mut Tally, is_new: bool) {
    match is_new {
        true => tally.created += 1,
        false => tally.updated += 1,
    }
}

fn customer(ledger: &mut Ledger<'_>, whose: Whose, evidence: &Evidence) -> (CustomerId, EmailKey) {
    match whose {
        Whose::Customer(id, key) => {
            ledger.tell(id, evidence);
            (id, key)
        }
        Whose::Person(person) => {
            let Person { email, .. } = &person;
            (ledger.person(&person, evidence), email.key().clone())
        }
    }
}

async fn write_problems(
    db: &impl ConnectionTrait,
    backfill: &Backfill,
    problems: &[(Uuid, BackfillProblemCode)],
) -> Result<(), DbErr> {
    let row = |(subject, code): &(Uuid, BackfillProblemCode)| {
        vec![
            backfill.store_id.uuid().into(),
            backfill.id.uuid().into(),
            (*subject).into(),
            code.as_str().into(),
            code.reason().into(),
        ]
    };
    bulk::insert(db, &PROBLEMS, Box::new(problems.iter().map(row))).await?;
    Ok(())
}

/// The people that earlier batches of this dry run have counted as new customers.
async fn met(
    db: &impl ConnectionTrait,
    backfill: &Backfill,
    people: &BTreeSet<&EmailKey>,
) -> Result<HashSet<String>, DbErr> {
    let keys: Vec<&str> = people.iter().map(|key| key.as_str()).collect();
    let mut sql = Sql::new("SELECT backfill_people.email_key FROM ");
    sql.each(
        db,
        &Each {
            table: "backfill_people",
            store_id: Some(backfill.store_id.uuid()),
            within: Some(("backfill_id", backfill.id.uuid())),
            column: "email_key",
            values: Values::Texts(&keys),
            lock: false,
        },
    );
    sql.all(db).await?.iter().map(|row| row.try_get_by_index(0)).collect()
}

async fn remember(db: &impl ConnectionTrait, backfill: &Backfill, keys: Vec<String>) -> Result<(), DbErr> {
    let (store, id): (Value, Value) = (backfill.store_id.uuid().into(), backfill.id.uuid().into());
    let rows = keys.into_iter().map(move |key| vec![store.clone(), id.clone(), key.into()]);
    bulk::insert(db, &PEOPLE, Box::new(rows)).await?;
    Ok(())
}

async fn forget_people(db: &impl ConnectionTrait, backfill: &Backfill) -> Result<(), DbErr> {
    let mut sql = Sql::new("DELETE FROM backfill_people WHERE store_id = ");
    sql.bind(backfill.store_id.uuid()).push(" AND backfill_id = ").bind(backfill.id.uuid());
    sql.execute(db).await?;
    Ok(())
}
