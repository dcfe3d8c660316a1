//! Tools that cargo installs: trunk, wasm-bindgen and cargo-nextest.
//!
//! They go, like what npm installs, into a directory of their own (`FANBASE_TOOLS`, by default `~/.cache/fanbase/tools`),
//! which leaves alone whatever versions the developer has installed for other projects, and which
//! outlives the checkout.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::shell::{Result, capture, find_in, run};

/// A program that `cargo install` provides.
pub(crate) struct CargoTool {
    /// The name of the executable.
    pub(crate) program: &'static str,
    /// The package that has it.
    pub(crate) package: &'static str,
    /// The version to install.
    pub(crate) version: String,
    /// Whether any version that is already there will do.
    pub(crate) accepts_any_version: bool,
    /// What else `cargo install` is told.
    pub(crate) install_arguments: &'static [&'static str],
    /// As little optimisation as the tool's own speed allows: compiling it is what takes long.
    pub(crate) opt_level: &'static str,
}

/// PATH with the tools' directory in front, so that trunk finds what was installed for it.
pub(crate) fn path() -> Result<OsString> {
    std::env::join_paths(search_path()?)
        .map_err(|error| format!("The directory of the tools can't be put on PATH: {error}."))
}

/// Installs the tool unless the right version is there.
pub(crate) fn ensure(tool: &CargoTool) -> Result<()> {
    // What counts is the one that would be run: a stale copy that comes first is replaced, even if
    // the right one comes later.
    if let Some(program) = find_in(tool.program, search_path()?)
        && let Ok(output) = capture(Command::new(program).arg("--version"))
        && (tool.accepts_any_version || version_in(&output) == Some(&tool.version))
    {
        return Ok(());
    }
    install(tool)
}

fn install(tool: &CargoTool) -> Result<()> {
    println!("{} {} is missing. Compiling it, which takes a few minutes, once.", tool.program, tool.version);
    let tools = directory()?;
    let build = tools.join("build");
    fs::create_dir_all(&tools)
        .map_err(|error| format!("{} could not be created: {error}.", tools.display()))?;
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .args(["install", "--force", "--version", &tool.version, "--root"])
        .arg(&tools)
        .args(tool.install_arguments)
        .arg(tool.package)
        // Not in the workspace, whose cargo settings are not meant for it.
        .current_dir(&tools)
        // Kept until it succeeds: an interrupted installation goes on where it stopped.
        .env("CARGO_TARGET_DIR", &build)
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", tool.opt_level)
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "false")
        .env("CARGO_PROFILE_RELEASE_STRIP", "symbols")
        .env_remove("CARGO_BUILD_TARGET")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env_remove("RUSTFLAGS");
    run(&mut cargo)?;
    // Only saves room, so that failing to is no failure.
    let _ = fs::remove_dir_all(build);
    Ok(())
}

/// Where the tools are installed.
pub(crate) fn directory() -> Result<PathBuf> {
    if let Some(directory) = std::env::var_os("FANBASE_TOOLS") {
        return std::path::absolute(directory)
            .map_err(|error| format!("FANBASE_TOOLS is not a usable path: {error}."));
    }
    std::env::home_dir()
        .map(|home| home.join(".cache/fanbase/tools"))
        .ok_or_else(|| "Neither HOME nor FANBASE_TOOLS says where to install tools.".to_owned())
}

/// Where programs are looked for: among the tools, then on PATH.
pub(crate) fn search_path() -> Result<Vec<PathBuf>> {
    let mut directories = vec![directory()?.join("bin")];
    let path = std::env::var_os("PATH").unwrap_or_default();
    directories.extend(std::env::split_paths(&path));
    Ok(directories)
}

/// The version in what a program prints for `--version`: `trunk 0.21.14`.
fn version_in(output: &str) -> Option<&str> {
    output.split_whitespace().nth(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_the_second_word() {
        let check = |output, expected| assert_eq!(version_in(output), expected);
        check("trunk 0.21.14\n", Some("0.21.14"));
        check("wasm-bindgen 0.2.130 (abcdef)\n", Some("0.2.130"));
        check("cargo-nextest 0.9.143\nrelease: 0.9.143\n", Some("0.9.143"));
        check("", None);
    }
}
