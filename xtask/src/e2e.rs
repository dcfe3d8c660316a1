//! What runs in a real browser: tests and measurements, in Node.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::npm_tools;
use crate::shell::{Result, run};
use crate::system;
use crate::web;
use crate::workspace::{self, Profile};

/// Runs the browser tests.
pub(crate) fn test(arguments: &[String]) -> Result<()> {
    let server = workspace::build_server(Profile::Debug)?;
    let mut node = node(&server)?;
    // All of them, or files by their names.
    if arguments.is_empty() || arguments.iter().any(|argument| argument.contains("design")) {
        node.env("FANBASE_TEST_WEB_DEV", web::build_for_development()?);
    }
    run(node.args(["--test", "--test-reporter=spec"]).args(arguments))
}

/// Measures the web app of a server.
pub(crate) fn bench(server: &Path, lighthouse: &Path, arguments: &[String]) -> Result<()> {
    run(node(server)?.arg("bench.mjs").args(arguments).env("FANBASE_LIGHTHOUSE", lighthouse))
}

/// Node with what the tests need, where they are.
fn node(server: &Path) -> Result<Command> {
    let directory = directory();
    let chromium =
        system::chromium().ok_or("The browser tests need Chromium; `cargo xtask setup` installs it.")?;
    npm_tools::ensure_packages(&directory)?;
    let mut node = workspace::command("node")?;
    node.current_dir(&directory)
        .env("FANBASE_TEST_BIN", server)
        .env("FANBASE_TEST_WEB_DIST", web::dist())
        .env("FANBASE_TEST_CHROMIUM", chromium);
    Ok(node)
}

fn directory() -> PathBuf {
    workspace::root().join("tests/e2e")
}
