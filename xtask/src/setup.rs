//! Sees to it that everything a command needs is there.

use std::path::Path;

use crate::cargo_tools::{self, CargoTool};
use crate::shell::{Result, capture, find_on_path, run};
use crate::system::{self, SystemProgram};
use crate::wasm_opt;
use crate::workspace;

/// The target of the web app.
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Newer ones need a newer Rust than `rust-version` in Cargo.toml.
const TRUNK_VERSION: &str = "0.21.14";

/// Installed where there is none.
const NEXTEST_VERSION: &str = "0.9.143";

/// What a command can need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// rustfmt and clippy.
    Components,
    /// The standard library for WebAssembly.
    WasmTarget,
    /// trunk, wasm-bindgen and wasm-opt.
    WebTools,
    /// cargo-nextest.
    Nextest,
    /// The PostgreSQL server.
    Postgres,
    /// Node and npm.
    Node,
    /// Chromium and Node.
    Browser,
    /// curl and jq, which the tour of the API uses.
    Tour,
}

impl Need {
    /// Everything that any command needs.
    pub(crate) const ALL: [Self; 8] = [
        Self::Components,
        Self::WasmTarget,
        Self::WebTools,
        Self::Nextest,
        Self::Postgres,
        Self::Node,
        Self::Browser,
        Self::Tour,
    ];

    fn system_programs(self) -> Result<&'static [SystemProgram]> {
        Ok(match self {
            // npm, if it is to install wasm-opt.
            Self::WebTools if !wasm_opt::is_present()? => &[SystemProgram::Node],
            Self::Postgres => &[SystemProgram::PostgresServer],
            Self::Node => &[SystemProgram::Node],
            Self::Browser => &[SystemProgram::Chromium, SystemProgram::Node],
            Self::Tour => &[SystemProgram::Curl, SystemProgram::Jq],
            Self::Components | Self::WasmTarget | Self::WebTools | Self::Nextest => &[],
        })
    }
}

/// Installs what is missing of these, or fails with how to get it.
pub(crate) fn ensure(needs: &[Need]) -> Result<()> {
    // The system's packages first, in one go: where they can't be installed, that is said at once
    // and not after minutes of compiling.
    let mut programs = Vec::new();
    for need in needs {
        for program in need.system_programs()? {
            if !programs.contains(program) {
                programs.push(*program);
            }
        }
    }
    system::ensure(&programs)?;
    for need in needs {
        match need {
            Need::Components => ensure_components()?,
            Need::WasmTarget => ensure_wasm_target()?,
            Need::WebTools => {
                cargo_tools::ensure(&trunk())?;
                cargo_tools::ensure(&wasm_bindgen()?)?;
                wasm_opt::ensure()?;
            }
            Need::Nextest => cargo_tools::ensure(&nextest())?,
            Need::Postgres | Need::Node | Need::Browser | Need::Tour => {}
        }
    }
    Ok(())
}

fn ensure_components() -> Result<()> {
    let has = |tool| capture(workspace::cargo()?.args([tool, "--version"]));
    if has("fmt").is_ok() && has("clippy").is_ok() {
        return Ok(());
    }
    rustup(&["component", "add", "rustfmt", "clippy"])
}

fn ensure_wasm_target() -> Result<()> {
    let mut rustc = workspace::command("rustc")?;
    let libraries = capture(rustc.args(["--print", "target-libdir", "--target", WASM_TARGET]))?;
    if Path::new(libraries.trim()).is_dir() {
        return Ok(());
    }
    rustup(&["target", "add", WASM_TARGET])
}

fn rustup(arguments: &[&str]) -> Result<()> {
    if find_on_path("rustup").is_none() {
        return Err(format!(
            "This Rust toolchain lacks something that `rustup {}` would install, but there is no \
             rustup on PATH; install rustup, or that part from where the toolchain came from.",
            arguments.join(" ")
        ));
    }
    // In the workspace, so that a toolchain file there applies.
    run(workspace::command("rustup")?.args(arguments))
}

fn trunk() -> CargoTool {
    CargoTool {
        program: "trunk",
        package: "trunk",
        version: TRUNK_VERSION.to_owned(),
        accepts_any_version: false,
        // Without the default features it has no TLS and asks nobody for updates: it only ever
        // uses the tools that we give it.
        install_arguments: &["--locked", "--no-default-features"],
        opt_level: "0",
    }
}

fn wasm_bindgen() -> Result<CargoTool> {
    Ok(CargoTool {
        program: "wasm-bindgen",
        package: "wasm-bindgen-cli",
        // The tool and the library must agree exactly.
        version: workspace::locked_version("wasm-bindgen")?,
        accepts_any_version: false,
        // Not --locked: its lock file names a version that was withdrawn.
        install_arguments: &["--bin", "wasm-bindgen"],
        opt_level: "1",
    })
}

fn nextest() -> CargoTool {
    CargoTool {
        program: "cargo-nextest",
        package: "cargo-nextest",
        version: NEXTEST_VERSION.to_owned(),
        accepts_any_version: true,
        install_arguments: &["--locked", "--no-default-features", "--features", "default-no-update"],
        opt_level: "1",
    }
}
