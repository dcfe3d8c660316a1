//! Whether the committed OpenAPI document is one that tools of others can work with: two linters, and a
//! TypeScript client that is generated from it, by which real calls have to type-check.

use std::path::PathBuf;

use crate::npm_tools;
use crate::shell::{Result, run};
use crate::workspace;

/// The document, from the folder of the checks.
const DOCUMENT: &str = "../../openapi/openapi.json";

/// Runs the checks; `arguments` go to the type checker.
pub(crate) fn check(arguments: &[String]) -> Result<()> {
    let directory = directory();
    npm_tools::ensure_packages(&directory)?;
    let tool = |name: &str, arguments: &[&str]| {
        let mut command = workspace::command(directory.join("node_modules/.bin").join(name))?;
        command
            .current_dir(&directory)
            // It neither reports its use nor asks for a newer version.
            .env("REDOCLY_TELEMETRY", "off")
            .env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
        run(command.args(arguments))
    };
    tool("redocly", &["lint", "--format=stylish", DOCUMENT])?;
    tool("spectral", &["lint", "--fail-severity=error", DOCUMENT])?;
    tool("openapi-typescript", &[DOCUMENT, "--output", "generated/schema.d.ts"])?;
    let mut type_check = vec!["--project", "."];
    type_check.extend(arguments.iter().map(String::as_str));
    tool("tsc", &type_check)
}

fn directory() -> PathBuf {
    workspace::root().join("tests/contract")
}
