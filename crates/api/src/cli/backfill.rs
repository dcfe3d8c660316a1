//! Making customers for what has none.

use clap::{Args, ValueEnum};
use fanbase_domain::wire::backfills::{BackfillResponse, BackfillWhat, NewBackfill};
use indicatif::{ProgressBar, ProgressStyle};
use std::path::PathBuf;
use tokio_util::sync::CancellationToken;

use super::{Failure, Output, load};
use crate::{
    accounts::stores,
    db::Db,
    sales::backfills::{
        queries, service,
        stored::{self, Backfill},
    },
};

/// Problems that people are shown.
const SHOWN: usize = 20;

#[derive(Args, Debug)]
pub(super) struct BackfillArgs {
    /// Whose customers are made: those of enrolments, or of subscriptions.
    what: What,
    /// Slug or id of the store.
    #[arg(long)]
    store: String,
    /// Tell what would happen, without changing anything.
    #[arg(long)]
    dry_run: bool,
    /// Write what got no customer to this file (CSV).
    #[arg(long, value_name = "FILE")]
    problems: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    Courses,
    Subscriptions,
}

impl From<What> for BackfillWhat {
    fn from(what: What) -> Self {
        match what {
            What::Courses => Self::Courses,
            What::Subscriptions => Self::Subscriptions,
        }
    }
}

pub(super) async fn run(db: &Db, args: &BackfillArgs, out: &Output) -> Result<(), Failure> {
    let store = stores::queries::find_named(db.read(), &args.store).await?;
    for interrupted in stored::unfinished(db.read()).await? {
        finish(db, interrupted, out).await?;
    }
    let new = NewBackfill { what: args.what.into(), dry_run: args.dry_run };
    let backfill = service::enqueue(db.write(), store.id, new).await?;
    let backfill = finish(db, backfill, out).await?;
    if let Some(path) = &args.problems {
        write_problems(db, &backfill, path).await?;
    }
    report(db, backfill, out).await
}

async fn finish(db: &Db, backfill: Backfill, out: &Output) -> Result<Backfill, Failure> {
    let bar = progress_bar(out);
    let bulk_load = service::load_in_bulk(db, &backfill).await?;
    let show = |backfill: &Backfill| show(&bar, backfill);
    let outcome = service::work_on(db, backfill, &CancellationToken::new(), show).await;
    let backfill = load::end(bulk_load, &bar, outcome).await?;
    bar.finish_and_clear();
    Ok(backfill)
}

async fn report(db: &Db, backfill: Backfill, out: &Output) -> Result<(), Failure> {
    let problems = queries::problems(db.read(), &backfill, None).await?;
    let report = BackfillResponse::from(backfill);
    let mut lines = vec![format!(
        "{} without a customer{}: {} created, {} updated, {} errors.",
        report.found,
        if report.dry_run { " (dry run, nothing was changed)" } else { "" },
        report.created,
        report.updated,
        report.errors,
    )];
    lines.extend(
        problems.items.iter().take(SHOWN).map(|problem| format!("  {}  {}", problem.id, problem.reason)),
    );
    if report.errors > SHOWN as u64 {
        lines.push("  All of them are written to a file with --problems FILE.".to_owned());
    }
    out.result(&report, &lines.join("\n"))
}

async fn write_problems(db: &Db, backfill: &Backfill, path: &PathBuf) -> Result<(), Failure> {
    let failed = |error: csv::Error| Failure::new(format!("{}: {error}.", path.display()));
    let mut writer = csv::Writer::from_path(path).map_err(failed)?;
    writer.write_record(["id", "code", "reason"]).map_err(failed)?;
    let mut cursor = None;
    loop {
        let page = queries::problems(db.read(), backfill, cursor.as_deref()).await?;
        for problem in page.items {
            let cells = [problem.id.to_string(), problem.code.to_string(), problem.reason];
            writer.write_record(cells).map_err(failed)?;
        }
        cursor = page.next_cursor;
        if cursor.is_none() {
            return Ok(writer.flush()?);
        }
    }
}

fn progress_bar(out: &Output) -> ProgressBar {
    if out.is_json() {
        return ProgressBar::hidden();
    }
    let style = "{bar:30} {percent:>3} %  {msg}  {eta} left";
    let style = ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style)
}

fn show(bar: &ProgressBar, backfill: &Backfill) {
    let found = backfill.tally.found();
    bar.set_length(u64::try_from(backfill.total).unwrap_or(0));
    bar.set_position(u64::try_from(found).unwrap_or(0));
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    let rate = found as f64 / bar.elapsed().as_secs_f64().max(0.001);
    bar.set_message(format!("{found} done  {rate:.0}/s"));
}
