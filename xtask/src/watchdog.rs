//! A small process that cleans up after us, however we end.
//!
//! `Drop` alone does not run when we are interrupted or killed, and a PostgreSQL left behind would
//! hold memory and a temporary directory until somebody notices.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::shell::Result;

/// Waits until we let go of its standard input, which also happens when we are killed; then stops
/// the server whose data directory is `$2/data` with the pg_ctl `$1`, and removes `$2`.
const SCRIPT: &str = r#"
trap '' HUP INT TERM
cat >/dev/null
"$1" stop -D "$2/data" -m immediate
rm -rf "$2"
"#;

/// Cleans up when it is dropped, or when the process that has it ends in any way.
pub(crate) struct Watchdog {
    process: Child,
}

impl Watchdog {
    /// Watches over the server in `directory`. `prepare` makes the command run as the account that
    /// the server belongs to.
    pub(crate) fn start(pg_ctl: &Path, directory: &Path, prepare: impl FnOnce(&mut Command)) -> Result<Self> {
        let mut shell = Command::new("sh");
        shell
            .args(["-c", SCRIPT, "sh"])
            .args([pg_ctl, directory])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // A group of its own: Ctrl-C in the terminal is for us, not for it.
            .process_group(0);
        prepare(&mut shell);
        // Not inside the directory that it is to remove.
        shell.current_dir("/");
        let process = shell
            .spawn()
            .map_err(|error| format!("The watchdog of PostgreSQL could not be started: {error}."))?;
        Ok(Self { process })
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        // Nothing is left to do about a watchdog that can't be waited for.
        let _ = self.process.wait();
    }
}
