//! Where things are in the workspace, and how cargo is called in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo_tools;
use crate::shell::{Result, capture, run};

/// Everything that is compiled natively. Every build of the check selects exactly this: another
/// selection would unify features differently, and compile most dependencies a second time.
pub(crate) const NATIVE: [&str; 3] = ["--workspace", "--exclude", "fanbase-web"];

/// How the server is compiled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    Debug,
    Release,
}

/// The top of the workspace.
pub(crate) fn root() -> PathBuf {
    // Asked at run time first: with a target directory that several checkouts share, the path
    // that was compiled in may be another one's.
    let xtask = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    xtask.parent().map_or(xtask.clone(), Path::to_path_buf)
}

/// A command that runs at the top of the workspace and finds the installed tools.
pub(crate) fn command(program: impl AsRef<std::ffi::OsStr>) -> Result<Command> {
    let mut command = Command::new(program);
    command.current_dir(root()).env("PATH", cargo_tools::path()?);
    Ok(command)
}

/// The cargo that started us, at the top of the workspace.
///
/// What `cargo run` told us of our own package is not passed on: build scripts that watch it (ring's
/// does) would run again, and all that depends on them, whenever cargo is called with us and without us
/// in turn.
pub(crate) fn cargo() -> Result<Command> {
    let mut cargo = command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))?;
    for (name, _) in std::env::vars_os() {
        let about_us = |name: &str| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
        if name.to_str().is_some_and(about_us) {
            cargo.env_remove(&name);
        }
    }
    Ok(cargo)
}

/// Compiles the server and returns the path of the binary.
pub(crate) fn build_server(profile: Profile) -> Result<PathBuf> {
    let mut build = cargo()?;
    build.arg("build");
    let directory = match profile {
        // As the tests are built, for the reason given at NATIVE.
        Profile::Debug => {
            build.args(NATIVE).arg("--bins");
            "debug"
        }
        // As it is shipped: with the features that the server alone asks for.
        Profile::Release => {
            build.args(["--release", "-p", "fanbase-api"]);
            "release"
        }
    };
    run(&mut build)?;
    Ok(target_directory()?.join(directory).join("fanbase"))
}

/// The version of a package in Cargo.lock.
pub(crate) fn locked_version(package: &str) -> Result<String> {
    let path = root().join("Cargo.lock");
    let lock = fs::read_to_string(&path)
        .map_err(|error| format!("{} could not be read: {error}.", path.display()))?;
    version_in_lock(&lock, package)
        .map(str::to_owned)
        .ok_or_else(|| format!("Cargo.lock has no package named {package}."))
}

/// Where cargo puts what it builds.
pub(crate) fn target_directory() -> Result<PathBuf> {
    let metadata = capture(cargo()?.args(["metadata", "--no-deps", "--format-version", "1"]))?;
    text_field(&metadata, "target_directory")
        .map(PathBuf::from)
        .ok_or_else(|| "`cargo metadata` named no target directory.".to_owned())
}

/// Finds a package's version in the text of a Cargo.lock, where `version` follows `name`.
fn version_in_lock<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.next()?;
    lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')
}

/// Finds a text field in JSON. Only for a field whose name occurs once: a parser would be the
/// crate's second dependency, for one value.
fn text_field(json: &str, name: &str) -> Option<String> {
    let (_, rest) = json.split_once(&format!("\"{name}\":\""))?;
    let mut value = String::new();
    let mut characters = rest.chars();
    loop {
        match characters.next()? {
            '"' => return Some(value),
            '\\' => value.push(characters.next()?),
            character => value.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locked_version_is_that_of_exactly_this_package() {
        let lock = "\
[[package]]
name = \"wasm-bindgen-macro\"
version = \"0.2.1\"

[[package]]
name = \"wasm-bindgen\"
version = \"0.2.130\"
source = \"registry\"
";
        assert_eq!(version_in_lock(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(version_in_lock(lock, "wasm"), None);
    }

    #[test]
    fn the_workspace_locks_one_wasm_bindgen() {
        let version = locked_version("wasm-bindgen");
        assert!(version.as_ref().is_ok_and(|v| v.starts_with("0.2.")), "{version:?}");
    }

    #[test]
    fn a_text_field_is_unescaped() {
        let json = r#"{"packages":[],"target_directory":"/a \"b\"\\c","version":1}"#;
        assert_eq!(text_field(json, "target_directory").as_deref(), Some(r#"/a "b"\c"#));
        assert_eq!(text_field(json, "version"), None);
    }
}
