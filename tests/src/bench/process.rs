//! Runs the release binary, and watches how long it takes and how much memory.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::app::{CLERK_SECRETS, STRIPE_SECRETS};

/// What a run took.
#[derive(Clone, Copy, Debug)]
pub(super) struct Took {
    /// From start to end.
    pub(super) wall: Duration,
    /// The most memory that was resident, in MiB.
    pub(super) peak_mib: u64,
}

/// The binary that is measured.
pub(super) fn binary() -> PathBuf {
    std::env::var_os("FANBASE_TEST_BIN").map(PathBuf::from).expect("run `cargo xtask bench`")
}

/// A command of the binary on a database.
pub(super) fn fanbase(url: &str, files: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command.args(["--json", "--database-url", url, "--data-dir"]).arg(files).args(arguments);
    command.env("FANBASE_CLERK_WEBHOOK_SECRETS", CLERK_SECRETS.join(","));
    command.env("FANBASE_STRIPE_WEBHOOK_SECRETS", STRIPE_SECRETS.join(","));
    // What is measured is the server, not its limits.
    command.env("FANBASE_RATE_LIMIT", "0").env("FANBASE_RATE_LIMIT_ADDRESS", "0");
    command.stderr(Stdio::inherit());
    command
}

/// Runs a command to its end; returns what it printed.
pub(super) fn output(mut command: Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?} failed");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Runs a command to its end and measures it.
pub(super) fn measure(mut command: Command) -> Took {
    let started = Instant::now();
    let mut child = command.stdout(Stdio::null()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak_mib = 0;
    loop {
        if let Some(exit) = child.try_wait().unwrap() {
            assert!(exit.success(), "{command:?} failed");
            return Took { wall: started.elapsed(), peak_mib };
        }
        peak_mib = peak_mib.max(resident_peak(&status));
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn resident_peak(status: &str) -> u64 {
    let text = std::fs::read_to_string(status).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next()).and_then(|kib| kib.parse::<u64>().ok());
    kib.unwrap_or(0) / 1024
}

/// A server that ends with the measurement.
pub(super) struct Server(Child);

impl Server {
    /// Serves a database.
    pub(super) fn start(url: &str, files: &Path, listen: &str) -> Self {
        let mut command = fanbase(url, files, &["--log", "error", "--listen", listen, "serve"]);
        Self(command.spawn().unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
