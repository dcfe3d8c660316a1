//! Builds the web app with trunk.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::shell::{Result, run};
use crate::{bundle, parts, styles, workspace};

/// What the server needs to be compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WebProfile {
    /// Compiles faster, is several times as large.
    Dev,
    /// As it is shipped.
    Release,
}

/// Where trunk puts the web app and the server takes it from; the same as in Trunk.toml.
pub(crate) fn dist() -> PathBuf {
    workspace::root().join("crates/web/dist")
}

/// Whether the web app was built before.
pub(crate) fn is_built() -> bool {
    dist().join("index.html").is_file()
}

/// Creates the directory of the web app. The server embeds it, and does not compile without it.
pub(crate) fn ensure_dist() -> Result<()> {
    let dist = dist();
    fs::create_dir_all(&dist).map_err(|error| format!("{} could not be created: {error}.", dist.display()))
}

/// Builds the web app.
pub(crate) fn build(profile: WebProfile) -> Result<()> {
    let mut trunk = trunk()?;
    if profile == WebProfile::Release {
        trunk.arg("--release");
    }
    run(&mut trunk)
}

/// What a release build needs after trunk: it calls this before it puts the files into their place
/// (Trunk.toml). Development builds stay as they are.
pub(crate) fn finish() -> Result<()> {
    let told = |name: &str| std::env::var(name).map_err(|_| format!("{name} is not set; trunk sets it."));
    if told("TRUNK_PROFILE")? != "release" {
        return Ok(());
    }
    let files = PathBuf::from(told("TRUNK_STAGING_DIR")?);
    styles::join(&files)?;
    let parts = parts::cut(&files)?;
    bundle::finish(&files, &parts)
}

/// Builds what development builds show besides, the page of all building blocks, in a place of its
/// own: the server goes on with what is shipped.
pub(crate) fn build_for_development() -> Result<PathBuf> {
    let place = workspace::target_directory()?.join("web-dev");
    run(trunk()?.arg("--dist").arg(&place))?;
    Ok(place)
}

fn trunk() -> Result<Command> {
    // Trunk is kept from downloading tools, which keeps its cargo off the network too.
    run(workspace::cargo()?.arg("fetch"))?;
    let mut trunk = workspace::command("trunk")?;
    trunk
        .arg("build")
        .env("TRUNK_OFFLINE", "true")
        // Trunk takes the variable's usual value, 1, for a mistake.
        .env_remove("NO_COLOR");
    Ok(trunk)
}
