//! What runs in a real browser: tests and measurements, in Node.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

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
    if !is_installed(&directory) {
        run(workspace::command("npm")?
            .arg("ci")
            .current_dir(&directory)
            // The tests use the system's browser.
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))?;
    }
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

/// Whether what package-lock.json asks for was installed after it last changed.
fn is_installed(directory: &Path) -> bool {
    let changed =
        |name: &str| -> Option<SystemTime> { directory.join(name).metadata().ok()?.modified().ok() };
    // npm writes the second file at the end of an installation.
    match (changed("package-lock.json"), changed("node_modules/.package-lock.json")) {
        (Some(wanted), Some(installed)) => installed >= wanted,
        _ => false,
    }
}
