//! Tools that npm installs, beside those of cargo.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use crate::cargo_tools;
use crate::shell::{Result, run};
use crate::workspace;

/// Installs a package, `name@version`, and what it needs.
pub(crate) fn install(package: &str) -> Result<()> {
    let tools = cargo_tools::directory()?;
    run(Command::new("npm")
        .args(["install", "--global", "--prefix"])
        .arg(&tools)
        .args(["--no-audit", "--no-fund", "--ignore-scripts"])
        .arg(package))
}

/// Lighthouse, which judges pages; installed when it is first asked for. Version 13 needs Node 22.
pub(crate) fn lighthouse() -> Result<PathBuf> {
    let program = cargo_tools::directory()?.join("bin/lighthouse");
    if !program.is_file() {
        install("lighthouse@12.8.2")?;
    }
    Ok(program)
}

/// Installs what the lock file of a folder asks for, unless that was done since it last changed.
pub(crate) fn ensure_packages(directory: &Path) -> Result<()> {
    if is_installed(directory) {
        return Ok(());
    }
    run(workspace::command("npm")?
        .args(["ci", "--ignore-scripts"])
        .current_dir(directory)
        // Browser tests use the system's browser.
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))
}

fn is_installed(directory: &Path) -> bool {
    let changed =
        |name: &str| -> Option<SystemTime> { directory.join(name).metadata().ok()?.modified().ok() };
    // npm writes the second file at the end of an installation.
    match (changed("package-lock.json"), changed("node_modules/.package-lock.json")) {
        (Some(wanted), Some(installed)) => installed >= wanted,
        _ => false,
    }
}
