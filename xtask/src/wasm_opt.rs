//! wasm-opt, which makes the web app smaller: one on PATH, or npm's build of binaryen among our
//! tools.
//!
//! Not the one of Debian's package: binaryen 108 writes the export of any table as that of table 0,
//! which wasm-bindgen's output, having two tables, does not survive ("function-typed object must be
//! null" in the browser's console).

use std::process::Command;

use crate::shell::{Result, capture, find_in};
use crate::{cargo_tools, npm_tools};

/// The oldest version that is trusted: the one that trunk would download.
const OLDEST: u32 = 123;

/// What is installed where there is none, or an older one.
const VERSION: &str = "132.0.0";

/// Whether a usable one would be found by trunk.
pub(crate) fn is_present() -> Result<bool> {
    // The first one counts, since that is the one that trunk runs.
    let Some(program) = find_in("wasm-opt", cargo_tools::search_path()?) else {
        return Ok(false);
    };
    // It may be a script that needs a Node which is not there: then it is no use either.
    let output = capture(Command::new(program).arg("--version")).unwrap_or_default();
    Ok(version_in(&output).is_some_and(|version| version >= OLDEST))
}

/// Installs it unless a usable one is there. Needs npm.
pub(crate) fn ensure() -> Result<()> {
    if is_present()? {
        return Ok(());
    }
    npm_tools::install(&format!("binaryen@{VERSION}"))
}

/// The version in `wasm-opt version 132 (version_132)`.
fn version_in(output: &str) -> Option<u32> {
    output.strip_prefix("wasm-opt version ")?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_a_whole_number() {
        let check = |output, expected| assert_eq!(version_in(output), expected);
        check("wasm-opt version 132 (version_132)\n", Some(132));
        check("wasm-opt version 108\n", Some(108));
        check("something else\n", None);
    }
}
