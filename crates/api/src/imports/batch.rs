//! One batch of an import: loads the known state, folds the rows into it, and writes customers, tags, links,
//! search index, counters, change records, problems and the position in one transaction.

use std::collections::{BTreeSet, HashMap};

use fanbase_domain::{email::EmailKey, merge::Outcome, undo::Changes};
use sea_orm::{ConnectionTrait, DbErr, Value};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{
    fold::{self, Context, Folded, Known, Noted, Problem},
    progress::Import,
    reader::Batch,
};
use crate::{
    audience::{
        counters::CountDelta,
        customers::{
            rows::{self, Stored},
            writes::{self, TagIds},
        },
        links,
        privacy::suppressions,
        tags,
    },
    db::{
        bulk::{self, OnConflict, Target, Type},
        column::known,
        email_hash::EmailHasher,
        entities::{customers, import_changes},
        sql::{Each, Sql, Values},
    },
    error::ApiError,
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
        ("email_hash", Type::Text),
    ],
    on_conflict: OnConflict::Fail,
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
    on_conflict: OnConflict::Replace { key: &["store_id", "import_id", "customer_id"], keep: &[], more: "" },
};

/// A folded batch, ready to be written.
#[derive(Debug)]
pub struct Ready {
    /// The result of the fold.
    pub folded: Folded,
    /// Byte and line after its last row.
    end: (u64, u64),
}

/// The e-mail keys of a batch.
#[must_use]
pub fn keys(batch: &Batch) -> BTreeSet<&EmailKey> {
    batch
        .rows
        .iter()
        .filter_map(|row| row.contact.as_ref().ok())
        .map(|(contact, _)| contact.email.key())
        .collect()
}

/// Folds a batch into the known state of its e-mail addresses. CPU-bound, without I/O.
#[must_use]
pub fn fold(context: &Context, mut known: Known, batch: Batch) -> Ready {
    let new_id = |key: &str| if context.dry_run { id_of_address(key) } else { Uuid::now_v7() };
    Ready { folded: fold::fold(context, &mut known, batch.rows, new_id), end: batch.end }
}

impl Ready {
    /// Advances the import's position, tally and problem count by this batch.
    pub fn advance(&self, import: &mut Import) {
        self.folded.tally.apply(&mut import.tally);
        import.kept_unsubscribed += i64::try_from(self.folded.kept_unsubscribed).unwrap_or(0);
        import.problems += i64::try_from(self.folded.problems.len()).unwrap_or(0);
        import.position = self.end;
    }
}

/// Writes a folded batch, and advances `import` by it.
///
/// # Errors
/// `ApiError::Conflict` when another worker has advanced the import; otherwise when the database fails.
pub async fn write(
    db: &impl ConnectionTrait,
    context: &Context,
    import: &mut Import,
    ready: Ready,
) -> Result<(), ApiError> {
    let before = import.clone();
    ready.advance(import);
    let tags = tags(db, context, &ready.folded).await?;
    let counts = write_rows(db, context, &before, ready.folded, &tags).await?;
    close(db, context, (&before, import), counts).await
}

/// The tags of a batch by key. Creates missing ones, except in a dry run.
///
/// # Errors
/// When the database fails.
pub async fn tags(db: &impl ConnectionTrait, context: &Context, folded: &Folded) -> Result<TagIds, ApiError> {
    if context.dry_run {
        return Ok(TagIds::new());
    }
    let updated = folded.updated.iter().flat_map(|(before, after)| [before, after]);
    let people = folded.created.iter().chain(updated);
    let names = people.flat_map(|stored| &stored.customer.fields.tags).collect();
    let import_id = Some(context.import_id);
    Ok(tags::queries::ensure_of_import(db, context.store_id, &names, import_id).await?)
}

/// Writes the rows of a batch, without the counters and the position of the import; `before` is the import
/// before the batch. Returns the change of the counters.
///
/// # Errors
/// When the database fails.
pub async fn write_rows(
    db: &impl ConnectionTrait,
    context: &Context,
    before: &Import,
    folded: Folded,
    tags: &TagIds,
) -> Result<CountDelta, ApiError> {
    if !context.dry_run {
        writes::insert_tagged(db, context.store_id, folded.created, tags).await?;
        writes::update_tagged(db, context.store_id, &folded.updated, tags).await?;
    }
    write_notes(db, context, &folded.noted).await?;
    write_problems(db, before, &folded.problems).await?;
    Ok(if context.dry_run { CountDelta::default() } else { folded.counts })
}

/// Writes the rows that are contended: the import (`before` and `after`) and the counters.
///
/// # Errors
/// `ApiError::Conflict` when another worker has advanced the import; otherwise when the database fails.
pub async fn close(
    db: &impl ConnectionTrait,
    context: &Context,
    (before, after): (&Import, &Import),
    counts: CountDelta,
) -> Result<(), ApiError> {
    after.advance(db, before.position).await?;
    Ok(counts.apply(db, context.store_id).await?)
}

/// Loads the known state of some e-mail addresses. Their rows stay locked until the transaction ends, except
/// in a dry run.
///
/// # Errors
/// When the database fails.
pub async fn load(
    db: &impl ConnectionTrait,
    context: &Context,
    keys: &BTreeSet<&EmailKey>,
) -> Result<Known, ApiError> {
    if keys.is_empty() {
        return Ok(Known::default());
    }
    if !context.dry_run {
        links::share(db, &keys.iter().copied().collect::<Vec<_>>()).await?;
    }
    let keys: Vec<&str> = keys.iter().map(|key| key.as_str()).collect();
    let mut sql = Sql::new("SELECT customers.* FROM ");
    sql.each(
        db,
        &Each {
            table: "customers",
            store_id: Some(context.store_id.uuid()),
            within: None,
            column: "email_key",
            values: Values::Texts(&keys),
            // Rows are locked in a fixed order, which prevents deadlocks between imports.
            lock: !context.dry_run,
        },
    );
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
    let suppressed = suppressions::consents(db, context.store_id, &strangers).await?;
    Ok(Known { customers, accounts, noted, suppressed })
}

async fn load_notes(
    db: &impl ConnectionTrait,
    context: &Context,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Noted>, DbErr> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut sql = Sql::new("SELECT import_changes.* FROM ");
    sql.each(
        db,
        &Each {
            table: "import_changes",
            store_id: Some(context.store_id.uuid()),
            within: Some(("import_id", context.import_id)),
            column: "customer_id",
            values: Values::Ids(ids),
            lock: false,
        },
    );
    let models: Vec<import_changes::Model> = sql.models(db).await?;
    models.into_iter().map(|model| Ok((model.customer_id, noted(model)?))).collect()
}

/// Maps a row to the change record.
///
/// # Errors
/// `DbErr` when the row contains an unknown value.
pub fn noted(model: import_changes::Model) -> Result<Noted, DbErr> {
    let changes = model.changes.map(|changes| serde_json::from_str::<Changes>(&changes)).transpose();
    Ok(Noted {
        outcome: known(Outcome::parse(&model.outcome), "outcome")?,
        changes: known(changes.ok(), "changes")?.unwrap_or_default(),
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

/// Appends problems to those of the import.
///
/// # Errors
/// When the database fails.
pub async fn write_problems(
    db: &impl ConnectionTrait,
    import: &Import,
    problems: &[Problem],
) -> Result<(), DbErr> {
    if problems.is_empty() {
        return Ok(());
    }
    let hasher = EmailHasher::load(db).await?;
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
                hasher.hash_text(&problem.email).into(),
            ]
        })
        .collect();
    bulk::insert(db, &PROBLEMS, Box::new(values.into_iter())).await?;
    Ok(())
}

/// The id under which a dry run records a person that the import would create.
fn id_of_address(key: &str) -> Uuid {
    let hash = Sha256::digest(key.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
