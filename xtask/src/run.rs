//! Builds everything and starts Fanbase with a demo store in it.

use std::fs;
use std::os::unix::process::CommandExt;

use crate::cli::RunOptions;
use crate::setup::{self, Need};
use crate::shell::{Result, run as run_command, step};
use crate::web::{self, WebProfile};
use crate::workspace::{self, Profile};

/// Builds, fills the database once, and becomes the server. Returns only if that fails.
pub(crate) fn run(options: &RunOptions) -> Result<()> {
    let (web_profile, server_profile) =
        if options.dev { (WebProfile::Dev, Profile::Debug) } else { (WebProfile::Release, Profile::Release) };
    step("set-up", || setup::ensure(&[Need::WasmTarget, Need::WebTools]))?;
    // In this order: the release build of the server carries the web app inside it.
    step("web app", || web::build(web_profile))?;
    let server = step("server", || workspace::build_server(server_profile))?;
    // Where the default database is; SQLite creates files, but no directories.
    let var = workspace::root().join("var");
    fs::create_dir_all(&var).map_err(|error| format!("{} could not be created: {error}.", var.display()))?;
    // Adds nothing to a database that has the demo store, and prints how to log in.
    step("demo store", || {
        run_command(workspace::command(&server)?.args(["demo", "--database-url", &options.database_url]))
    })?;

    println!("\nFanbase: http://{}", options.listen);
    println!("The line of the demo store above says how to log in. Ctrl-C stops the server.\n");
    // Takes our place, so that signals go straight to the server.
    let error = workspace::command(&server)?
        .args(["serve", "--listen", &options.listen])
        .args(["--database-url", &options.database_url])
        .exec();
    Err(format!("The server could not be started: {error}."))
}
