//! The real binary, which can be killed.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Output, Stdio},
    thread::JoinHandle,
};

use serde_json::Value;
use tokio::sync::oneshot;

use crate::database::TestDatabase;

/// Where the binary is.
const BINARY: &str = "FANBASE_TEST_BIN";

/// The binary, on one database.
#[derive(Clone, Debug)]
pub struct Binary {
    path: String,
    arguments: Vec<String>,
}

/// What a command told.
#[derive(Clone, Debug)]
pub struct Told {
    /// Its exit status; none when a signal ended it.
    pub status: Option<i32>,
    /// What it wrote to standard output.
    pub text: String,
    /// What it wrote to standard error.
    pub error: String,
}

/// A command that runs; dropping it kills it.
#[derive(Debug)]
pub struct CommandProcess(Child);

/// A server that runs; dropping it kills it.
#[derive(Debug)]
pub struct ServerProcess {
    child: Child,
    address: Option<oneshot::Receiver<SocketAddr>>,
    log: Option<JoinHandle<String>>,
}

impl Binary {
    /// The binary that the environment names.
    ///
    /// # Panics
    /// When it names none.
    #[must_use]
    pub fn on(database: &TestDatabase) -> Self {
        let Ok(path) = std::env::var(BINARY) else {
            panic!("{BINARY} is not set: run `cargo xtask test`, or `cargo xtask postgres` for one test.")
        };
        let files = database.folder.path().join("files");
        let arguments = ["--database-url", &database.url, "--data-dir", &files.to_string_lossy()];
        Self { path, arguments: arguments.map(str::to_owned).to_vec() }
    }

    /// Its directory, for the search path of a shell.
    ///
    /// # Panics
    /// When the environment names no file in a directory.
    #[must_use]
    pub fn directory(&self) -> &Path {
        Path::new(&self.path).parent().unwrap()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.path);
        command.args(arguments).args(&self.arguments).stdin(Stdio::null());
        // Tests send as much as they like.
        command.env("FANBASE_RATE_LIMIT", "0").env("FANBASE_RATE_LIMIT_ADDRESS", "0");
        command
    }

    /// The binary, with more settings.
    #[must_use]
    pub fn with(&self, settings: &[&str]) -> Self {
        let arguments = self.arguments.iter().cloned().chain(settings.iter().map(|text| (*text).to_owned()));
        Self { path: self.path.clone(), arguments: arguments.collect() }
    }

    /// The binary, on a database that is not there for tests.
    #[must_use]
    pub fn at(&self, database_url: &str) -> Self {
        let mut arguments = self.arguments.clone();
        database_url.clone_into(&mut arguments[1]);
        Self { arguments, ..self.clone() }
    }

    /// The binary, with its files elsewhere.
    #[must_use]
    pub fn with_data_dir(&self, folder: &str) -> Self {
        let mut arguments = self.arguments.clone();
        folder.clone_into(&mut arguments[3]);
        Self { arguments, ..self.clone() }
    }

    /// Runs a command to its end, and returns what it says as JSON.
    ///
    /// # Panics
    /// When it fails.
    #[must_use]
    pub fn run(&self, arguments: &[&str]) -> Value {
        let told = self.tell(&[arguments, &["--json"]].concat());
        assert_eq!(told.status, Some(0), "fanbase {arguments:?}: {}", told.error);
        serde_json::from_str(&told.text).unwrap()
    }

    /// Runs a command to its end, whichever it is.
    ///
    /// # Panics
    /// When the binary cannot be run.
    #[must_use]
    pub fn tell(&self, arguments: &[&str]) -> Told {
        let Output { status, stdout, stderr } = self.command(arguments).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Told { status: status.code(), text: text(stdout), error: text(stderr) }
    }

    /// Starts a command.
    ///
    /// # Panics
    /// When the binary cannot be run.
    #[must_use]
    pub fn begin(&self, arguments: &[&str]) -> CommandProcess {
        let mut command = self.command(&[arguments, &["--json"]].concat());
        CommandProcess(command.stdout(Stdio::null()).spawn().unwrap())
    }

    /// Starts a server, on a port that the system chooses.
    ///
    /// # Panics
    /// When the binary cannot be run.
    #[must_use]
    pub fn serve(&self) -> ServerProcess {
        self.serve_at("127.0.0.1:0")
    }

    /// Starts a server that listens somewhere.
    ///
    /// # Panics
    /// When the binary cannot be run.
    #[must_use]
    pub fn serve_at(&self, listen: &str) -> ServerProcess {
        let mut command =
            self.command(&["serve", "--listen", listen, "--log", "info", "--log-format", "json"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let (tell, address) = oneshot::channel();
        let log = std::thread::spawn(move || {
            let mut before = String::new();
            let mut line = String::new();
            while log.read_line(&mut line).is_ok_and(|read| read > 0) {
                if let Some((_, rest)) = line.split_once("serving on http://") {
                    let address = rest.split('"').next().unwrap_or_default();
                    let _ = tell.send(address.parse().unwrap());
                    // Read on, so that the server never waits for somebody to read.
                    let _ = log.read_to_end(&mut Vec::new());
                    return before;
                }
                before.push_str(&line);
                line.clear();
            }
            before
        });
        ServerProcess { child, address: Some(address), log: Some(log) }
    }
}

impl CommandProcess {
    /// Whether it has ended.
    ///
    /// # Panics
    /// When it failed.
    pub fn has_ended(&mut self) -> bool {
        let status = self.0.try_wait().unwrap();
        assert!(status.is_none_or(|status| status.success()), "{status:?}");
        status.is_some()
    }

    /// Ends it with SIGKILL, in the middle of whatever it does.
    pub fn kill(self) {
        drop(self);
    }
}

impl Drop for CommandProcess {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl ServerProcess {
    /// Waits until it listens.
    ///
    /// # Panics
    /// When it ends before.
    pub async fn address(&mut self) -> SocketAddr {
        match self.address.take().unwrap().await {
            Ok(address) => address,
            Err(_) => panic!("the server did not start: {}", self.log.take().unwrap().join().unwrap()),
        }
    }

    /// Asks it to end with SIGTERM, and waits until it did. Returns its exit status.
    ///
    /// # Panics
    /// When it cannot be asked.
    #[must_use]
    pub fn terminate(mut self) -> Option<i32> {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(asked.success(), "the server was gone already");
        self.child.wait().unwrap().code()
    }

    /// Ends it with SIGKILL, in the middle of whatever it does.
    pub fn kill(self) {
        drop(self);
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
