//! Tools that npm installs, beside those of cargo.

use std::path::PathBuf;
use std::process::Command;

use crate::cargo_tools;
use crate::shell::{Result, run};

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
