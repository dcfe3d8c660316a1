//! Measures the release build, on a PostgreSQL that is as durable as in production.

use crate::cli::BenchOptions;
use crate::postgres::{Durability, Postgres};
use crate::setup::{self, Need};
use crate::shell::{Result, run, step};
use crate::web;
use crate::workspace::{self, Profile};

/// Builds the server, and hands over to the benchmark program of fanbase-tests.
pub(crate) fn bench(options: &BenchOptions) -> Result<()> {
    step("set-up", || setup::ensure(&[Need::Postgres]))?;
    web::ensure_dist()?;
    let server = step("server", || workspace::build_server(Profile::Release))?;
    let postgres = Postgres::start(Durability::Real)?;
    run(workspace::cargo()?
        .args(["run", "--release", "-p", "fanbase-tests", "--bin", "bench"])
        .arg("--")
        .arg(&options.what)
        .args(&options.arguments)
        .env("FANBASE_TEST_POSTGRES_URL", postgres.url("postgres"))
        .env("FANBASE_TEST_BIN", server))
}
