//! Writes one batch of an import: customers, tags, links, search index, counters, notes,
//! problems and the position, in one transaction.

use std::collections::{BTreeSet, HashMap};

use fanbase_domain::{email::EmailKey, merge::Outcome, undo::Changes};
use sea_orm::{ConnectionTrait, DbErr, Value};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{
    fold::{self, Context, Known, Noted, Problem},
    progress::Import,
    reader::Batch,
};
use crate::{
    customers::{
        rows::{self, Stored},
        writes,
    },
    db::{
        bulk::{self, Target, Type},
        entities::{customers, import_changes},
        is_sqlite,
        sql::Sql,
    },
    error::ApiError,
    users::links,
};

const PROBLEMS: Target = Target {
    table: "import_problems",
    columns: &[
        ("store_id", Type::Uuid),
        ("import_id", Type::Uuid),
        ("seq", Type::BigInt),
        ("line", Type::BigInt),
        ("email", Type::Text),
        ("severity", Type::Text),
        ("code", Type::Text),
        ("reason", Type::Text),
    ],
    on_conflict: "",
};

const CHANGES: Target = Target {
    table: "import_changes",
    columns: &[
        ("store_id", Type::Uuid),
        ("import_id", Type::Uuid),
        ("customer_id", Type::Uuid),
        ("outcome", Type::Text),
        ("changes", Type::Text),
        ("version_before", Type::BigInt),
        ("version", Type::BigInt),
    ],
    on_conflict: "ON CONFLICT (store_id, import_id, customer_id) DO UPDATE SET
        outcome = excluded.outcome, changes = excluded.changes, version = excluded.version",
};

/// Imports a batch: `import` is moved on.
///
/// # Errors
/// When the database fails, or somebody else works on the import. Nothing was changed then.
pub async fn import(
    db: &impl ConnectionTrait,
    context: &Context,
    import: &mut Import,
    batch: Batch,
) -> Result<(), ApiError> {
    let keys: BTreeSet<EmailKey> = batch
        .rows
        .iter()
        .filter_map(|row| row.contact.as_ref().ok())
        .map(|(contact, _)| contact.email.key().clone())
        .collect();
    if !context.dry_run {
        links::share(db, &keys.iter().collect::<Vec<_>>()).await?;
    }
    let mut known = load(db, context, &keys).await?;
    let new_id = |key: &str| if context.dry_run { id_of_address(key) } else { Uuid::now_v7() };
    let mut folded = fold::fold(context, &mut known, batch.rows, new_id);
    if !context.dry_run {
        writes::insert(db, context.store_id, std::mem::take(&mut folded.created)).await?;
        writes::update(db, context.store_id, &folded.updated).await?;
    }
    write_notes(db, context, &folded.noted).await?;
    write_problems(db, import, &folded.problems).await?;
    let from = import.position;
    folded.tally.apply(&mut import.tally);
    import.kept_unsubscribed += i64::try_from(folded.kept_unsubscribed).unwrap_or(0);
    import.problems += i64::try_from(folded.problems.len()).unwrap_or(0);
    import.position = batch.end;
    if !context.dry_run {
        folded.counts.apply(db, context.store_id).await?;
    }
    import.advance(db, from).await
}

async fn load(
    db: &impl ConnectionTrait,
    context: &Context,
    keys: &BTreeSet<EmailKey>,
) -> Result<Known, ApiError> {
    let keys: Vec<&str> = keys.iter().map(EmailKey::as_str).collect();
    if keys.is_empty() {
        return Ok(Known::default());
    }
    let mut sql = Sql::new("SELECT * FROM customers WHERE store_id = ");
    sql.bind(context.store_id.uuid()).push(" AND ").is_any(db, "email_key", &keys);
    if !is_sqlite(db) && !context.dry_run {
        // In one order, so that two imports do not wait for each other in a circle.
        sql.push(" ORDER BY email_key FOR UPDATE");
    }
    let models: Vec<customers::Model> = sql.models(db).await?;
    let customers: HashMap<String, Stored> = rows::with_tags(db, context.store_id, models)
        .await?
        .into_iter()
        .map(|stored| (stored.customer.email_key.to_string(), stored))
        .collect();
    let strangers: Vec<&str> = keys.iter().copied().filter(|key| !customers.contains_key(*key)).collect();
    let accounts = links::free_accounts(db, context.store_id, &strangers).await?;
    let mut ids: Vec<Uuid> = customers.values().map(|stored| stored.customer.id.uuid()).collect();
    ids.extend(accounts.values().map(|id| id.uuid()));
    if context.dry_run {
        ids.extend(strangers.iter().map(|key| id_of_address(key)));
    }
    let noted = load_notes(db, context, &ids).await?;
    Ok(Known { customers, accounts, noted })
}

async fn load_notes(
    db: &impl ConnectionTrait,
    context: &Context,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Noted>, DbErr> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut sql = Sql::new("SELECT * FROM import_changes WHERE store_id = ");
    sql.bind(context.store_id.uuid()).push(" AND import_id = ").bind(context.import_id);
    sql.push(" AND ").is_any_id(db, "customer_id", ids);
    let models: Vec<import_changes::Model> = sql.models(db).await?;
    models.into_iter().map(|model| Ok((model.customer_id, noted(model)?))).collect()
}

/// The note of a row.
///
/// # Errors
/// When the row holds what is not known.
pub fn noted(model: import_changes::Model) -> Result<Noted, DbErr> {
    let changes = model.changes.map(|changes| serde_json::from_str::<Changes>(&changes)).transpose();
    Ok(Noted {
        outcome: rows::known(Outcome::parse(&model.outcome), "outcome")?,
        changes: rows::known(changes.ok(), "changes")?.unwrap_or_default(),
        version_before: model.version_before,
        version: model.version,
    })
}

async fn write_notes(
    db: &impl ConnectionTrait,
    context: &Context,
    noted: &[(Uuid, Noted)],
) -> Result<(), ApiError> {
    let mut values: Vec<Vec<Value>> = Vec::with_capacity(noted.len());
    for (customer, noted) in noted {
        let changes =
            (!noted.changes.is_empty()).then(|| serde_json::to_string(&noted.changes)).transpose()?;
        values.push(vec![
            context.store_id.uuid().into(),
            context.import_id.into(),
            (*customer).into(),
            noted.outcome.as_str().into(),
            changes.into(),
            noted.version_before.into(),
            noted.version.into(),
        ]);
    }
    bulk::insert(db, &CHANGES, Box::new(values.into_iter())).await?;
    Ok(())
}

/// Writes problems behind those that the import has.
///
/// # Errors
/// When the database fails.
pub async fn write_problems(
    db: &impl ConnectionTrait,
    import: &Import,
    problems: &[Problem],
) -> Result<(), DbErr> {
    let values: Vec<Vec<Value>> = problems
        .iter()
        .zip(import.problems..)
        .map(|(problem, seq)| {
            vec![
                import.store_id.uuid().into(),
                import.id.uuid().into(),
                seq.into(),
                i64::try_from(problem.line).unwrap_or(i64::MAX).into(),
                problem.email.as_str().into(),
                problem.severity.as_str().into(),
                problem.code.into(),
                problem.reason.as_str().into(),
            ]
        })
        .collect();
    bulk::insert(db, &PROBLEMS, Box::new(values.into_iter())).await?;
    Ok(())
}

/// The id under which a dry run remembers a person that it would create.
fn id_of_address(key: &str) -> Uuid {
    let hash = Sha256::digest(key.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
