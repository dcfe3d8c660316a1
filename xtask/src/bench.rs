//! Measures the release build.

use crate::cli::BenchOptions;
use crate::postgres::{Durability, Postgres};
use crate::setup::{self, Need};
use crate::shell::{Result, run, step};
use crate::web::{self, WebProfile};
use crate::workspace::{self, Profile};
use crate::{e2e, npm_tools};

/// Builds the server, and hands over to what measures.
pub(crate) fn bench(options: &BenchOptions) -> Result<()> {
    if options.what == "web" { in_browser(options) } else { in_server(options) }
}

/// The web app, in Chromium and by Lighthouse.
fn in_browser(options: &BenchOptions) -> Result<()> {
    step("set-up", || setup::ensure(&[Need::WasmTarget, Need::WebTools, Need::Browser]))?;
    let lighthouse = npm_tools::lighthouse()?;
    step("web app", || web::build(WebProfile::Release))?;
    let server = step("server", || workspace::build_server(Profile::Release))?;
    e2e::bench(&server, &lighthouse, &options.arguments)
}

/// The server, by the benchmark program of fanbase-tests, with a PostgreSQL that is as durable as
/// in production.
fn in_server(options: &BenchOptions) -> Result<()> {
    step("set-up", || setup::ensure(&[Need::Postgres]))?;
    web::ensure_dist()?;
    let server = step("server", || workspace::build_server(Profile::Release))?;
    let postgres = Postgres::start(Durability::Real)?;
    postgres.create_template(&server)?;
    run(workspace::cargo()?
        .args(["run", "--release", "-p", "fanbase-tests", "--bin", "bench"])
        .arg("--")
        .arg(&options.what)
        .args(&options.arguments)
        .env("FANBASE_TEST_POSTGRES_URL", postgres.url("postgres"))
        .env("FANBASE_TEST_BIN", server))
}
