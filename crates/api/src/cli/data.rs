//! Importing, exporting, counting, copying, serving.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use actix_web::web::Bytes;
use clap::Args;
use fanbase_domain::{
    filter::FanFilter,
    ids::StoreId,
    import::number::DecimalMark,
    merge::{TagPolicy, ValuePolicy},
    wire::imports::{ImportConsent, ImportOptions, ImportResponse, ImportStatus},
};
use futures_util::{Stream, StreamExt as _};
use indicatif::{ProgressBar, ProgressStyle};
use sea_orm_migration::MigratorTrait as _;
use tokio_util::sync::CancellationToken;

use super::{Failure, Output, load};
use crate::{
    accounts::stores,
    audience::fans,
    config::{Config, sqlite_file},
    db::{Db, connect::connect, migrations::Migrator, sql::Sql},
    error::ApiError,
    imports::{self, progress::Import, service::StoredFile},
    startup::Application,
};

#[derive(Args, Debug)]
pub(super) struct StoreArgs {
    /// Slug or id of the store.
    #[arg(long)]
    store: String,
}

#[derive(Args, Debug)]
pub(super) struct ImportArgs {
    /// Slug or id of the store.
    #[arg(long)]
    store: String,
    /// The contact file (CSV).
    file: PathBuf,
    /// Tell what would happen, without changing anything.
    #[arg(long)]
    dry_run: bool,
    /// Only fill blanks, instead of letting the later value win.
    #[arg(long)]
    fill: bool,
    /// Replace the tags of customers, instead of adding to them.
    #[arg(long)]
    replace_tags: bool,
    /// Give everyone in the file this tag; several times for several.
    #[arg(long = "tag")]
    add_tags: Vec<String>,
    /// Map a column by hand: HEADER=FIELD; several times for several.
    #[arg(long = "map", value_parser = parse_mapping, value_name = "HEADER=FIELD")]
    mapping: Vec<(String, String)>,
    /// What separates cells: one character, or tab; recognised when absent.
    #[arg(long, value_parser = parse_delimiter)]
    delimiter: Option<char>,
    /// The name of an encoding, such as windows-1252, macintosh or shift_jis; recognised when absent.
    #[arg(long)]
    encoding: Option<String>,
    /// Whether new people agreed to be mailed, where the file does not say; without it they are
    /// unconfirmed.
    #[arg(long, value_parser = parse_consent, value_name = "subscribed|unconfirmed")]
    consent: Option<ImportConsent>,
    /// The decimal mark of numbers; recognised column by column when absent.
    #[arg(long, value_parser = parse_decimal, value_name = "point|comma")]
    decimal: Option<DecimalMark>,
    /// Write the rows that were not imported, or not fully, to this file (CSV).
    #[arg(long, value_name = "FILE")]
    problems: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(super) struct BackupArgs {
    /// Where the copy is written; it must not exist.
    file: PathBuf,
}

fn parse_delimiter(text: &str) -> Result<char, String> {
    let mut chars = text.chars();
    match (text, chars.next(), chars.next()) {
        ("tab" | "\\t", ..) => Ok('\t'),
        (_, Some(delimiter), None) => Ok(delimiter),
        _ => Err("expected one character, or tab".to_owned()),
    }
}

fn parse_consent(text: &str) -> Result<ImportConsent, String> {
    ImportConsent::parse(text).ok_or_else(|| "expected subscribed or unconfirmed".to_owned())
}

fn parse_decimal(text: &str) -> Result<DecimalMark, String> {
    DecimalMark::parse(text).ok_or_else(|| "expected point or comma".to_owned())
}

fn parse_mapping(text: &str) -> Result<(String, String), String> {
    let (header, field) = text.rsplit_once('=').ok_or("expected HEADER=FIELD")?;
    Ok((header.to_owned(), field.to_owned()))
}

pub(super) async fn serve(config: Config) -> Result<(), Failure> {
    Application::build(config).await?.run().await
}

pub(super) async fn import(db: &Db, config: &Config, args: ImportArgs, out: &Output) -> Result<(), Failure> {
    let store = stores::queries::find_named(db.read(), &args.store).await?;
    let options = ImportOptions {
        dry_run: args.dry_run,
        values: if args.fill { ValuePolicy::Fill } else { ValuePolicy::Overwrite },
        tags: if args.replace_tags { TagPolicy::Replace } else { TagPolicy::Unite },
        mapping: args.mapping.into_iter().collect(),
        add_tags: args.add_tags,
        delimiter: args.delimiter,
        encoding: args.encoding,
        consent: args.consent,
        decimal: args.decimal,
    };
    imports::service::check(&options).map_err(ApiError::from)?;
    finish_interrupted(db, config, out).await?;
    let import = import_file(db, config, store.id, &args.file, &options, out).await?;
    if let Some(path) = &args.problems {
        let rows = imports::queries::problems_csv(db.clone(), import.clone());
        write_all(rows, &mut std::fs::File::create(path)?).await?;
    }
    report(import, out)
}

async fn write_all(
    mut chunks: impl Stream<Item = Result<Bytes, ApiError>> + Unpin,
    to: &mut impl std::io::Write,
) -> Result<(), Failure> {
    while let Some(chunk) = chunks.next().await {
        to.write_all(&chunk?)?;
    }
    Ok(to.flush()?)
}

/// An import that was killed goes on by itself, before another starts.
pub(super) async fn finish_interrupted(db: &Db, config: &Config, out: &Output) -> Result<(), Failure> {
    for import in imports::progress::unfinished(db.read()).await? {
        let bar = progress_bar(&import, out);
        let bar = bar.with_message(format!("resuming {}", import.file_name));
        work_on(db, config, import, &bar).await?;
        bar.finish_and_clear();
    }
    Ok(())
}

async fn work_on(db: &Db, config: &Config, import: Import, bar: &ProgressBar) -> Result<(), ApiError> {
    let bulk_load = imports::service::load_in_bulk(db, &import).await?;
    let show = |import: &Import| show(bar, import);
    let cancel = CancellationToken::new();
    let outcome = imports::service::work_on(db, &config.data_dir, import, &cancel, show).await;
    load::end(bulk_load, bar, outcome).await.map(drop)
}

pub(super) async fn import_file(
    db: &Db,
    config: &Config,
    store_id: StoreId,
    path: &Path,
    options: &ImportOptions,
    out: &Output,
) -> Result<Import, Failure> {
    let unreadable = |error| Failure::new(format!("{} cannot be read: {error}.", path.display()));
    let size = tokio::fs::metadata(path).await.map_err(unreadable)?.len();
    if size > config.import_max_bytes {
        return Err(Failure::new(format!(
            "{} has {size} bytes, more than the limit of {} (import_max_bytes).",
            path.display(),
            config.import_max_bytes
        )));
    }
    let (id, target) = imports::service::new_file(&config.data_dir).await?;
    tokio::fs::copy(path, &target).await.map_err(unreadable)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let file = StoredFile::complete((id, target), &name).await?;
    let import = imports::service::enqueue(db.write(), store_id, file, options).await?;
    let bar = progress_bar(&import, out);
    let mut import = import;
    loop {
        let (store_id, id) = (import.store_id, import.id);
        work_on(db, config, import, &bar).await?;
        import = imports::progress::find(db.read(), store_id, id).await?;
        if import.status.is_final() {
            break;
        }
        // A server on this database was faster to take it.
        show(&bar, &import);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    bar.finish_and_clear();
    // Who looks at it again has the file.
    imports::service::forget_file(&import).await;
    Ok(import)
}

fn report(import: Import, out: &Output) -> Result<(), Failure> {
    if let (ImportStatus::Failed, Some(error)) = (import.status, &import.error) {
        return Err(Failure::new(error.message.clone()));
    }
    let report = ImportResponse::from(import);
    let tally = report.tally;
    let text = format!(
        "{} rows{}: {} created, {} updated, {} unchanged, {} duplicate in file, {} invalid. {} problem(s) noted{}.",
        tally.rows,
        if report.options.dry_run { " (dry run, nothing was changed)" } else { "" },
        tally.created,
        tally.updated,
        tally.unchanged,
        tally.duplicate_in_file,
        tally.invalid,
        report.problems,
        match report.kept_unsubscribed {
            0 => String::new(),
            n => format!("; {n} stay unsubscribed"),
        },
    ) + hint(&report);
    out.result(&report, &text)
}

/// The question that is open: who may be mailed.
fn hint(report: &ImportResponse) -> &'static str {
    let is_said = report.shape.as_ref().is_some_and(|shape| shape.says_consent);
    if is_said || report.options.consent.is_some() || report.tally.created == 0 {
        return "";
    }
    " The file does not say who agreed to be mailed, so new contacts are unconfirmed (if they did: --consent \
     subscribed)."
}

fn progress_bar(import: &Import, out: &Output) -> ProgressBar {
    if out.is_json() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(u64::try_from(import.bytes).unwrap_or(0));
    let style = "{bar:30} {percent:>3} %  {msg}  {eta} left";
    bar.with_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn show(bar: &ProgressBar, import: &Import) {
    bar.set_position(import.position.0);
    let seconds = bar.elapsed().as_secs_f64().max(0.001);
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    let rate = import.tally.rows as f64 / seconds;
    bar.set_message(format!("{} rows  {rate:.0} rows/s", import.tally.rows));
}

pub(super) async fn export(db: &Db, args: &StoreArgs) -> Result<(), Failure> {
    let store = stores::queries::find_named(db.read(), &args.store).await?;
    let (filter, layout) = (FanFilter::default(), fans::export_columns::Layout::default());
    let chunks = fans::export::stream(db.clone(), store, filter, layout);
    write_all(chunks, &mut std::io::stdout().lock()).await
}

pub(super) async fn recount(db: &Db, args: &StoreArgs, out: &Output) -> Result<(), Failure> {
    let store = stores::queries::find_named(db.read(), &args.store).await?;
    let drift = fans::service::drift(db, store.id).await?;
    let mut text = Vec::new();
    if !drift.drift.is_empty() {
        let of_store = serde_json::to_string(&drift.drift).unwrap_or_default();
        text.push(format!("Counters of the store that are too high, and by how much: {of_store}."));
    }
    if drift.accounts_drift != 0 {
        text.push(format!("The number of accounts of the platform is too high by {}.", drift.accounts_drift));
    }
    let is_exact = text.is_empty();
    out.result(&drift, &if is_exact { "The counters are exact.".to_owned() } else { text.join(" ") })?;
    if is_exact { Ok(()) } else { Err(Failure::new("The counters are not exact.")) }
}

/// Brings the database up to date, and says what that took.
pub(super) async fn migrate(config: &Config, out: &Output) -> Result<(), Failure> {
    let db = connect(&config.database_url, None).await?;
    let pending = Migrator::get_pending_migrations(db.write()).await?;
    let applied: Vec<String> = pending.iter().map(|migration| migration.name().to_owned()).collect();
    Migrator::up(db.write(), None).await?;
    db.close().await?;
    let value = serde_json::json!({ "applied": applied });
    out.result(&value, &format!("The database is up to date ({} changes were made).", applied.len()))
}

/// Copies the database as it is: an older one is not brought up to date first.
pub(super) async fn backup(config: &Config, args: &BackupArgs, out: &Output) -> Result<(), Failure> {
    let Some(source) = sqlite_file(&config.database_url) else {
        return Err(Failure::new("A PostgreSQL database is backed up with pg_dump."));
    };
    if !source.exists() {
        return Err(Failure::new(format!("There is no database {}.", source.display())));
    }
    if args.file.exists() {
        return Err(Failure::new(format!("{} exists already.", args.file.display())));
    }
    // A copy that broke off must not pass for one.
    let mut partial = args.file.clone().into_os_string();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    if partial.exists() {
        std::fs::remove_file(&partial)?;
    }
    let db = connect(&config.database_url, None).await?;
    let mut sql = Sql::new("VACUUM INTO ");
    sql.bind(partial.to_string_lossy().into_owned());
    sql.execute(db.write()).await?;
    db.close().await?;
    let copy = std::fs::File::open(&partial)?;
    copy.sync_all()?;
    std::fs::rename(&partial, &args.file)?;
    let value = serde_json::json!({ "file": args.file, "bytes": copy.metadata()?.len() });
    out.result(&value, &format!("Copied the database to {}.", args.file.display()))
}
