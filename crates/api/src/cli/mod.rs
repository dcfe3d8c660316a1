//! The command line: `fanbase serve`, `fanbase import`, …

mod admin;
mod backfill;
mod clerk;
mod data;
mod demo;
mod distribute;
mod load;
mod output;
mod sales;

use std::time::Duration;

use clap::{Parser, Subcommand};
use fanbase_domain::field_errors::FieldErrors;
use sea_orm_migration::MigratorTrait as _;

use crate::{
    config::{Config, Settings},
    db::{Db, connect::connect, migrations::Migrator},
    error::{self, ApiError},
    telemetry,
};
pub use output::Output;

/// An audience CRM that creators run themselves.
#[derive(Debug, Parser)]
#[command(name = "fanbase", version)]
pub struct Cli {
    #[command(flatten)]
    settings: Settings,
    /// Print results as JSON, for scripts.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API and the web app.
    Serve,
    /// Bring the database up to date.
    Migrate,
    /// Spread a PostgreSQL database with Citus over its nodes.
    Distribute,
    /// Manage accounts.
    #[command(subcommand)]
    User(admin::UserCommand),
    /// Manage stores.
    #[command(subcommand)]
    Store(admin::StoreCommand),
    /// Manage API keys.
    #[command(subcommand)]
    Key(admin::KeyCommand),
    /// Import a contact file.
    Import(data::ImportArgs),
    /// Make customers for enrolments or subscriptions that have none.
    Backfill(backfill::BackfillArgs),
    /// Write all fans as CSV to standard output.
    Export(data::StoreArgs),
    /// Count everything anew, and compare it with the counters.
    Recount(data::StoreArgs),
    /// Set up a demo store with a sample audience, and print how to sign in.
    Demo(demo::DemoArgs),
    /// Write a sample contact file, and what its import is expected to say.
    Sample(demo::SampleArgs),
    /// Print the OpenAPI document.
    Openapi,
    /// Copy a SQLite database while it is in use.
    Backup(data::BackupArgs),
}

/// Why a command failed.
#[derive(Debug)]
pub struct Failure {
    /// A sentence for people.
    pub message: String,
    /// Whether it was asked for in the wrong way.
    pub is_usage: bool,
}

impl Failure {
    /// It could not be done.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), is_usage: false }
    }

    /// It was asked for in the wrong way.
    pub fn usage(message: impl Into<String>) -> Self {
        Self { message: message.into(), is_usage: true }
    }
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        let sentence = |text: String| if text.ends_with('.') { text } else { text + "." };
        match error {
            ApiError::Database(error) => {
                Self::new(format!("The database failed: {}", sentence(error::cause(&error))))
            }
            ApiError::Internal(error) => Self::new(format!("Something went wrong: {}", sentence(error))),
            ApiError::Validation(errors) => {
                let messages: Vec<String> = errors
                    .into_vec()
                    .into_iter()
                    .map(|error| format!("{}: {}", error.pointer.trim_start_matches('/'), error.message))
                    .collect();
                Self::usage(messages.join(" "))
            }
            other => Self::new(other.to_string()),
        }
    }
}

impl From<FieldErrors> for Failure {
    fn from(errors: FieldErrors) -> Self {
        ApiError::from(errors).into()
    }
}

impl From<sea_orm::DbErr> for Failure {
    fn from(error: sea_orm::DbErr) -> Self {
        ApiError::from(error).into()
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        ApiError::from(error).into()
    }
}

/// Runs a command.
///
/// # Errors
/// Returns why it failed.
pub async fn run(cli: Cli) -> Result<(), Failure> {
    let config = cli.settings.complete().map_err(Failure::usage)?;
    let quiet = !matches!(cli.command, Command::Serve);
    telemetry::init_logs(config.log_format, if quiet { "error" } else { &config.log });
    let out = Output::new(cli.json);
    match cli.command {
        Command::Serve => data::serve(config).await,
        Command::Openapi => out.text(&crate::openapi::document()),
        Command::Sample(args) => demo::sample(&args, &out),
        Command::Migrate => data::migrate(&config, &out).await,
        Command::Backup(args) => data::backup(&config, &args, &out).await,
        command => {
            let db = open(&config, None).await?;
            let outcome = run_on(&db, &config, command, &out).await;
            db.close().await?;
            outcome
        }
    }
}

async fn run_on(db: &Db, config: &Config, command: Command, out: &Output) -> Result<(), Failure> {
    match command {
        Command::User(command) => admin::user(db, command, out).await,
        Command::Store(command) => admin::store(db, command, out).await,
        Command::Key(command) => admin::key(db, command, out).await,
        Command::Import(args) => data::import(db, config, args, out).await,
        Command::Backfill(args) => backfill::run(db, &args, out).await,
        Command::Export(args) => data::export(db, &args).await,
        Command::Recount(args) => data::recount(db, &args, out).await,
        Command::Distribute => distribute::run(db, out).await,
        Command::Demo(args) => demo::demo(db, config, &args, out).await,
        Command::Serve | Command::Migrate | Command::Openapi | Command::Sample(_) | Command::Backup(_) => {
            Ok(())
        }
    }
}

/// Opens the database and brings it up to date. Statements that only read are stopped after
/// `read_limit`, if there is one.
///
/// # Errors
/// When it cannot be opened or migrated.
pub async fn open(config: &Config, read_limit: Option<Duration>) -> Result<Db, Failure> {
    let db = connect(&config.database_url, read_limit).await?;
    Migrator::up(db.write(), None).await?;
    Ok(db)
}
