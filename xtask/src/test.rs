//! The whole check, in an order that fails fast.

use std::time::{Duration, Instant};

use crate::cli::{Part, TestOptions};
use crate::postgres::{Durability, Postgres};
use crate::setup::{self, Need, WASM_TARGET};
use crate::shell::{Result, run, step};
use crate::system;
use crate::web::{self, WebProfile};
use crate::workspace::{self, NATIVE, Profile};
use crate::{contract, e2e};

impl Part {
    /// Every part, in order.
    const ALL: [Self; 7] =
        [Self::Fmt, Self::Lint, Self::Unit, Self::Contract, Self::Web, Self::Api, Self::E2e];

    fn title(self) -> &'static str {
        match self {
            Self::Fmt => "format",
            Self::Lint => "lints",
            Self::Unit => "unit tests",
            Self::Contract => "API contract",
            Self::Web => "web app",
            Self::Api => "API tests",
            Self::E2e => "browser tests",
        }
    }

    fn needs(self) -> &'static [Need] {
        match self {
            Self::Fmt => &[Need::Components],
            Self::Lint => &[Need::Components, Need::WasmTarget],
            // PostgreSQL for our own: that it is started and stopped properly.
            Self::Unit => &[Need::Nextest, Need::Postgres],
            Self::Contract => &[Need::Node],
            Self::Web => &[Need::WasmTarget, Need::WebTools],
            Self::Api => &[Need::Nextest, Need::Postgres, Need::Tour],
            Self::E2e => &[Need::WasmTarget, Need::WebTools, Need::Browser],
        }
    }

    fn check(self, arguments: &[String]) -> Result<()> {
        match self {
            Self::Fmt => run(workspace::cargo()?.args(["fmt", "--all", "--check"]).args(arguments)),
            Self::Lint => lint(arguments),
            Self::Unit => unit(arguments),
            Self::Contract => contract::check(arguments),
            Self::Web => web::build(WebProfile::Release),
            Self::Api => api(arguments),
            Self::E2e => e2e::test(arguments),
        }
    }
}

/// Runs all parts, or the one asked for, and stops at the first that fails.
pub(crate) fn test(options: &TestOptions) -> Result<()> {
    let parts = match options.only {
        // The browser tests look at the web app as it is now.
        Some(Part::E2e) => vec![Part::Web, Part::E2e],
        Some(part) => vec![part],
        None => Part::ALL.to_vec(),
    };
    let needs = match options.only {
        Some(_) => needs_of(&parts),
        None => Need::ALL.to_vec(),
    };
    step("set-up", || setup::ensure(&needs))?;
    web::ensure_dist()?;

    let start = Instant::now();
    let mut durations: Vec<(Part, Duration)> = Vec::new();
    for part in parts {
        let part_start = Instant::now();
        step(part.title(), || part.check(&options.arguments))?;
        durations.push((part, part_start.elapsed()));
    }
    println!("\nEverything passed.");
    for (part, duration) in durations {
        println!("  {:<14}{:>8.1} s", part.title(), duration.as_secs_f64());
    }
    println!("  {:<14}{:>8.1} s", "in all", start.elapsed().as_secs_f64());
    Ok(())
}

fn needs_of(parts: &[Part]) -> Vec<Need> {
    let mut needs = Vec::new();
    for need in parts.iter().flat_map(|part| part.needs()) {
        if !needs.contains(need) {
            needs.push(*need);
        }
    }
    needs
}

fn lint(arguments: &[String]) -> Result<()> {
    let deny_warnings = ["--", "-D", "warnings"];
    run(workspace::cargo()?
        .arg("clippy")
        .args(NATIVE)
        .arg("--all-targets")
        .args(arguments)
        .args(deny_warnings))?;
    run(workspace::cargo()?
        .args(["clippy", "-p", "fanbase-web", "--target", WASM_TARGET])
        .args(arguments)
        .args(deny_warnings))?;
    // The web app depends on it, but only with the features that the web app asks for.
    run(workspace::cargo()?.args(["check", "-p", "fanbase-domain", "--target", WASM_TARGET]))
}

fn unit(arguments: &[String]) -> Result<()> {
    // Arguments choose among the tests: of one half or the other.
    let no_tests = if arguments.is_empty() { "fail" } else { "pass" };
    let nextest = ["nextest", "run", "--profile", "unit", "--no-tests", no_tests];
    run(workspace::cargo()?.args(nextest).args(NATIVE).args(arguments))?;
    // The logic of the web app needs no browser. It is a selection of its own: with the server's packages,
    // Leptos would be compiled with other features than for the browser.
    run(workspace::cargo()?.args(nextest).args(["-p", "fanbase-web"]).args(arguments))?;
    if !arguments.is_empty() {
        // They choose among the tests; nextest does not run examples.
        return Ok(());
    }
    run(workspace::cargo()?.args(["test", "--doc"]).args(NATIVE))
}

fn api(arguments: &[String]) -> Result<()> {
    let server = workspace::build_server(Profile::Debug)?;
    let postgres = Postgres::start(Durability::Fast)?;
    postgres.create_template(&server)?;
    let mut nextest = workspace::cargo()?;
    nextest
        .args(["nextest", "run", "--profile", "api"])
        .args(NATIVE)
        .args(arguments)
        .env("FANBASE_TEST_POSTGRES_URL", postgres.url("postgres"))
        .env("FANBASE_TEST_BIN", server);
    if web::is_built() {
        nextest.env("FANBASE_TEST_WEB_DIST", web::dist());
    }
    if let Some(chromium) = system::chromium() {
        nextest.env("FANBASE_TEST_CHROMIUM", chromium);
    }
    run(&mut nextest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_need_no_more_than_set_up_provides() {
        let needs = needs_of(&Part::ALL);
        assert_eq!(needs.len(), Need::ALL.len(), "{needs:?}");
        assert!(needs.iter().all(|need| Need::ALL.contains(need)));
    }
}
