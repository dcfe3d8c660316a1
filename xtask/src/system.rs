//! Programs that come from the operating system's packages.
//!
//! On Debian as root they are installed; anywhere else we say what is missing and how to get it,
//! since changing someone's system is theirs to do.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::postgres;
use crate::shell::{Result, find_on_path, is_root, run};

/// Something that a package of the system provides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SystemProgram {
    PostgresServer,
    Chromium,
    Node,
    Curl,
    Jq,
}

impl SystemProgram {
    fn is_present(self) -> bool {
        match self {
            Self::PostgresServer => postgres::binaries().is_some(),
            Self::Chromium => chromium().is_some(),
            Self::Node => find_on_path("node").is_some() && find_on_path("npm").is_some(),
            Self::Curl => find_on_path("curl").is_some(),
            Self::Jq => find_on_path("jq").is_some(),
        }
    }

    fn debian_packages(self) -> &'static [&'static str] {
        match self {
            Self::PostgresServer => &["postgresql"],
            // Without a font a page has no text to look at.
            Self::Chromium => &["chromium", "fonts-liberation"],
            Self::Node => &["nodejs", "npm"],
            Self::Curl => &["curl"],
            Self::Jq => &["jq"],
        }
    }

    fn description(self) -> &'static str {
        match self {
            Self::PostgresServer => {
                "a PostgreSQL server, version 14 or newer (initdb, pg_ctl, createdb), for the tests"
            }
            Self::Chromium => {
                "the browser Chromium, for the tests (FANBASE_TEST_CHROMIUM can name another one)"
            }
            Self::Node => {
                "Node 18 or newer with npm, for the browser tests and for wasm-opt, which npm brings"
            }
            Self::Curl => "curl 7.76 or newer, for the test of docs/API-TOUR.md",
            Self::Jq => "jq, for the test of docs/API-TOUR.md",
        }
    }
}

/// The browser for the tests: what `FANBASE_TEST_CHROMIUM` names, else the first on PATH.
pub(crate) fn chromium() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("FANBASE_TEST_CHROMIUM") {
        return Some(PathBuf::from(path)).filter(|path| path.is_file());
    }
    ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(find_on_path)
}

/// Installs what is missing, or says how to.
pub(crate) fn ensure(programs: &[SystemProgram]) -> Result<()> {
    let missing = missing_of(programs);
    if missing.is_empty() {
        return Ok(());
    }
    if is_debian() && is_root()? {
        install(&missing)?;
    }
    let missing = missing_of(programs);
    if missing.is_empty() { Ok(()) } else { Err(how_to_get(&missing)) }
}

fn missing_of(programs: &[SystemProgram]) -> Vec<SystemProgram> {
    let mut missing = programs.to_vec();
    missing.retain(|program| !program.is_present());
    missing
}

fn install(missing: &[SystemProgram]) -> Result<()> {
    println!("Installing Debian packages, since we are root.");
    run(&mut apt_get(&["update", "--quiet"]))?;
    run(apt_get(&["install", "--yes", "--quiet", "--no-install-recommends"]).args(packages_of(missing)))
}

fn apt_get(arguments: &[&str]) -> Command {
    let mut command = Command::new("apt-get");
    command
        // Somebody else may be installing; wait for them instead of failing.
        .args(["-o", "DPkg::Lock::Timeout=600"])
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive");
    command
}

fn packages_of(programs: &[SystemProgram]) -> Vec<&'static str> {
    programs.iter().flat_map(|program| program.debian_packages()).copied().collect()
}

fn how_to_get(missing: &[SystemProgram]) -> String {
    let mut sentence = String::from("These programs are missing:\n");
    for program in missing {
        sentence += &format!("  - {}\n", program.description());
    }
    sentence +=
        &format!("On Debian, `sudo apt-get install {}` brings them. ", packages_of(missing).join(" "));
    sentence + "Elsewhere, install them with the system's package manager so that they are on PATH."
}

/// Whether this is Debian or a system made from it.
fn is_debian() -> bool {
    fs::read_to_string("/etc/os-release").is_ok_and(|release| is_debian_release(&release))
}

fn is_debian_release(release: &str) -> bool {
    release
        .lines()
        .filter_map(|line| line.split_once('='))
        .filter(|(key, _)| matches!(*key, "ID" | "ID_LIKE"))
        .flat_map(|(_, value)| value.trim_matches('"').split(' '))
        .any(|id| id == "debian")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debian_and_what_is_made_from_it_are_recognised() {
        let check = |release, expected| assert_eq!(is_debian_release(release), expected);
        check("PRETTY_NAME=\"Debian GNU/Linux 12\"\nID=debian\n", true);
        check("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", true);
        check("ID=fedora\nHOME_URL=\"debian\"\n", false);
    }

    #[test]
    fn what_is_missing_is_named_with_the_packages_that_have_it() {
        let sentence = how_to_get(&[SystemProgram::PostgresServer, SystemProgram::Node]);
        assert!(sentence.contains("a PostgreSQL server"), "{sentence}");
        assert!(sentence.contains("apt-get install postgresql nodejs npm"), "{sentence}");
    }
}
