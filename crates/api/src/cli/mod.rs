//! The command line: `fanbase serve`, `fanbase import`, …

mod admin;
mod data;
mod output;

use clap::{Parser, Subcommand};
use sea_orm_migration::MigratorTrait as _;

use crate::{
    config::{Config, Settings},
    db::{Db, connect::connect, migrations::Migrator},
    error::ApiError,
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
    /// Write all fans as CSV to standard output.
    Export(data::StoreArgs),
    /// Count everything anew, and compare it with the counters.
    Recount(data::StoreArgs),
    /// Set up a demo store with a sample audience, and print how to sign in.
    Demo(data::DemoArgs),
    /// Write a sample contact file, and what its import is expected to say.
    Sample(data::SampleArgs),
    /// Print the OpenAPI document.
    Openapi,
    /// Copy a SQLite database while it is in use.
    Backup(data::BackupArgs),
}

/// Why a command failed: a sentence for people.
#[derive(Debug)]
pub struct Failure(pub String);

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        match error {
            ApiError::Database(error) => Self(format!("The database failed: {error}.")),
            ApiError::Internal(error) => Self(format!("Something went wrong: {error}.")),
            ApiError::Validation(errors) => {
                let messages: Vec<String> = errors
                    .into_vec()
                    .into_iter()
                    .map(|error| format!("{}: {}", error.pointer.trim_start_matches('/'), error.message))
                    .collect();
                Self(messages.join(" "))
            }
            other => Self(other.to_string()),
        }
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
    let config = cli.settings.complete().map_err(Failure)?;
    let quiet = !matches!(cli.command, Command::Serve);
    telemetry::init_logs(config.log_format, if quiet { "error" } else { &config.log });
    let out = Output::new(cli.json);
    match cli.command {
        Command::Serve => data::serve(config).await,
        Command::Openapi => out.text(&crate::openapi::document()),
        Command::Sample(args) => data::sample(&args, &out),
        Command::Migrate => {
            open(&config).await?.close().await?;
            out.say("The database is up to date.")
        }
        command => {
            let db = open(&config).await?;
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
        Command::Export(args) => data::export(db, &args).await,
        Command::Recount(args) => data::recount(db, &args, out).await,
        Command::Demo(args) => data::demo(db, config, &args, out).await,
        Command::Backup(args) => data::backup(db, &args, out).await,
        Command::Serve | Command::Migrate | Command::Openapi | Command::Sample(_) => Ok(()),
    }
}

/// Opens the database and brings it up to date.
///
/// # Errors
/// When it cannot be opened or migrated.
pub async fn open(config: &Config) -> Result<Db, Failure> {
    let db = connect(&config.database_url).await?;
    Migrator::up(db.write(), None).await?;
    Ok(db)
}
