//! A PostgreSQL server of our own, in a temporary directory, for as long as we need it.

use std::fs::{self, DirBuilder};
use std::net::TcpListener;
use std::os::unix::fs::{DirBuilderExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::setup::{self, Need};
use crate::shell::{Result, capture, find_on_path, is_root, run};
use crate::watchdog::Watchdog;
use crate::workspace::{self, Profile};

/// The migrated, empty database that the tests clone.
pub(crate) const TEMPLATE_DATABASE: &str = "fanbase_template";

/// The account of the system that the server runs as when we are root, which it refuses to be.
const ACCOUNT: &str = "postgres";

/// A port that was free may be taken a moment later.
const PORT_ATTEMPTS: usize = 5;

/// Whether a committed transaction survives a power cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durability {
    /// As in production. For measuring.
    Real,
    /// Never waits for the disk. For tests, whose databases are thrown away.
    Fast,
}

/// A running server; dropping it stops it and removes its files.
pub(crate) struct Postgres {
    binaries: PathBuf,
    account: Option<Account>,
    directory: PathBuf,
    port: u16,
    _watchdog: Watchdog,
}

/// A user of the system, by number.
#[derive(Clone, Copy)]
struct Account {
    user: u32,
    group: u32,
}

impl Postgres {
    /// Creates a server and starts it, on loopback only.
    pub(crate) fn start(durability: Durability) -> Result<Self> {
        let binaries = binaries().ok_or("The PostgreSQL server is missing; run `cargo xtask setup`.")?;
        let account = if is_root()? { Some(account()?) } else { None };
        let directory = create_directory(account)?;
        let watchdog = Watchdog::start(&binaries.join("pg_ctl"), &directory, |command| {
            become_account(command, account);
        })?;
        // From here on, returning an error cleans up.
        let mut server = Self { binaries, account, directory, port: 0, _watchdog: watchdog };
        server.initialise(durability)?;
        server.start_on_free_port()?;
        println!("PostgreSQL listens at {}", server.url("postgres"));
        Ok(server)
    }

    /// The address of one of its databases. `postgres` is the one that always exists.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// Creates the database that the tests clone, and migrates it with the server's own command.
    pub(crate) fn create_template(&self, server: &Path) -> Result<()> {
        let port = self.port.to_string();
        capture(
            self.command("createdb")
                .args(["-h", "127.0.0.1", "-U", "postgres", "-p", &port])
                .arg(TEMPLATE_DATABASE),
        )?;
        let url = self.url(TEMPLATE_DATABASE);
        run(workspace::command(server)?.args(["migrate", "--database-url", &url]))
    }

    fn initialise(&self, durability: Durability) -> Result<()> {
        let data = self.directory.join("data");
        let locale = locale();
        capture(
            self.command("initdb")
                .args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"])
                .args(["--locale", locale])
                .arg("-D")
                .arg(&data),
        )?;
        let path = data.join("postgresql.conf");
        fs::read_to_string(&path)
            .and_then(|text| fs::write(&path, text + &settings(durability, &self.directory)))
            .map_err(|error| format!("{} could not be changed: {error}.", path.display()))
    }

    fn start_on_free_port(&mut self) -> Result<()> {
        let log = self.directory.join("log");
        let mut attempts = 1;
        loop {
            self.port = free_port()?;
            let started = capture(
                self.command("pg_ctl")
                    .args(["start", "-w", "-t", "60"])
                    .args(["-o", &format!("-p {}", self.port)])
                    .arg("-D")
                    .arg(self.directory.join("data"))
                    .arg("-l")
                    .arg(&log),
            );
            let Err(sentence) = started else {
                return Ok(());
            };
            let log = fs::read_to_string(&log).unwrap_or_default();
            if attempts == PORT_ATTEMPTS || !log.contains("Address already in use") {
                return Err(format!("{sentence}The server's log says:\n{log}"));
            }
            attempts += 1;
        }
    }

    /// One of PostgreSQL's programs, run as the account that the server belongs to.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.binaries.join(program));
        become_account(&mut command, self.account);
        command.current_dir(&self.directory).env("LC_ALL", "C");
        // Variables that are meant for another server.
        for name in ["PGDATA", "PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "PGOPTIONS"] {
            command.env_remove(name);
        }
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        println!("PostgreSQL is being stopped.");
        // The fields are dropped after this, and the watchdog among them does the work.
    }
}

/// Starts the server with the template and keeps it until Enter is pressed, so that single tests
/// can be run by hand.
pub(crate) fn serve_until_enter() -> Result<()> {
    setup::ensure(&[Need::Postgres])?;
    let server = workspace::build_server(Profile::Debug)?;
    let postgres = Postgres::start(Durability::Fast)?;
    postgres.create_template(&server)?;
    println!("\nexport FANBASE_TEST_POSTGRES_URL={}", postgres.url("postgres"));
    println!("export FANBASE_TEST_BIN='{}'", server.display());
    println!("\nPress Enter to stop it.");
    let mut line = String::new();
    std::io::stdin()
        .read_line(&mut line)
        .map_err(|error| format!("Standard input could not be read: {error}."))?;
    Ok(())
}

/// The directory that has PostgreSQL's programs: the one on PATH, else Debian's newest.
pub(crate) fn binaries() -> Option<PathBuf> {
    let on_path = find_on_path("initdb").and_then(|initdb| {
        // Often only some of the programs are linked onto PATH; all of them are beside the target.
        let initdb = initdb.canonicalize().ok()?;
        initdb.parent().map(Path::to_path_buf)
    });
    let mut candidates: Vec<PathBuf> = on_path.into_iter().collect();
    candidates.extend(debian_binaries());
    candidates.extend(["/usr/local/bin", "/usr/local/pgsql/bin"].map(PathBuf::from));
    candidates.into_iter().find(|directory| {
        ["initdb", "pg_ctl", "postgres", "createdb"].iter().all(|program| directory.join(program).is_file())
    })
}

/// Debian keeps each major version apart, and none of them on PATH. Newest first.
fn debian_binaries() -> Vec<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut directories: Vec<PathBuf> = versions.flatten().map(|entry| entry.path()).collect();
    directories.sort_by_key(|directory| std::cmp::Reverse(major_version(directory)));
    directories.into_iter().map(|directory| directory.join("bin")).collect()
}

fn major_version(directory: &Path) -> Option<u32> {
    directory.file_name()?.to_str()?.parse().ok()
}

/// The account to run as, which is created if need be.
fn account() -> Result<Account> {
    if number_of_account("-u").is_err() {
        run(Command::new("useradd").args(["--system", "--no-create-home", ACCOUNT]))?;
    }
    Ok(Account { user: number_of_account("-u")?, group: number_of_account("-g")? })
}

fn number_of_account(which: &str) -> Result<u32> {
    let number = capture(Command::new("id").args([which, ACCOUNT]))?;
    number.trim().parse().map_err(|error| format!("`id {which} {ACCOUNT}` printed no number: {error}."))
}

fn become_account(command: &mut Command, account: Option<Account>) {
    if let Some(account) = account {
        command.uid(account.user).gid(account.group);
    }
}

/// A private directory of its own for the data, the log and the socket.
fn create_directory(account: Option<Account>) -> Result<PathBuf> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let unique = now.map_or(0, |since| since.subsec_nanos());
    // Short: the socket in it must fit into about a hundred characters.
    let name = format!("fanbase-pg-{}-{unique}", std::process::id());
    let directory = std::env::temp_dir().join(name);
    DirBuilder::new()
        .mode(0o700)
        .create(&directory)
        .and_then(|()| match account {
            Some(account) => chown(&directory, Some(account.user), Some(account.group)),
            None => Ok(()),
        })
        .map_err(|error| format!("{} could not be created: {error}.", directory.display()))?;
    Ok(directory)
}

fn free_port() -> Result<u16> {
    TcpListener::bind(("127.0.0.1", 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|error| format!("No free port was found on 127.0.0.1: {error}."))
}

/// UTF-8 without a country's sort order, if the system has that: upper and lower case work for
/// every script, which the plain C locale does not know.
fn locale() -> &'static str {
    let locales = capture(Command::new("locale").arg("-a")).unwrap_or_default();
    match locales.lines().any(|locale| matches!(locale, "C.utf8" | "C.UTF-8")) {
        true => "C.UTF-8",
        false => "C",
    }
}

/// What is added to postgresql.conf.
fn settings(durability: Durability, directory: &Path) -> String {
    let mut settings = format!(
        "\nlisten_addresses = '127.0.0.1'\n\
         unix_socket_directories = '{}'\n\
         max_connections = 300\n",
        directory.display()
    );
    match durability {
        Durability::Fast => settings += "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n",
        // Only sizes, as anyone would set them for a store of a million customers.
        Durability::Real => {
            let shared = quarter_of_memory(&fs::read_to_string("/proc/meminfo").unwrap_or_default());
            settings += &format!("shared_buffers = {shared}MB\nmax_wal_size = 4GB\n");
        }
    }
    settings
}

/// What PostgreSQL's manual says that a machine of its own should give it, in MiB, by what Linux says of
/// its memory. <https://www.postgresql.org/docs/current/runtime-config-resource.html>
fn quarter_of_memory(meminfo: &str) -> u64 {
    let total = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:")?.strip_suffix("kB"));
    total.and_then(|kib| kib.trim().parse::<u64>().ok()).map_or(512, |kib| kib / 1024 / 4)
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;

    use super::*;

    #[test]
    fn measuring_leaves_durability_alone() {
        let check = |durability, expected| {
            let settings = settings(durability, Path::new("/tmp/x"));
            assert_eq!(settings.contains("fsync = off"), expected, "{settings}");
            assert!(settings.contains("listen_addresses = '127.0.0.1'"));
            assert!(settings.contains("unix_socket_directories = '/tmp/x'"));
        };
        check(Durability::Fast, true);
        check(Durability::Real, false);
    }

    #[test]
    fn a_quarter_of_the_memory_is_shared() {
        assert_eq!(quarter_of_memory("MemTotal:       24689816 kB\nMemFree:         1 kB\n"), 6027);
        assert_eq!(quarter_of_memory(""), 512);
    }

    #[test]
    fn versions_are_compared_as_numbers() {
        let check = |path, expected| assert_eq!(major_version(Path::new(path)), expected);
        check("/usr/lib/postgresql/9", Some(9));
        check("/usr/lib/postgresql/15", Some(15));
        check("/usr/lib/postgresql/common", None);
        assert!(Some(15) > Some(9) && Some(9) > None);
    }

    #[test]
    fn a_server_runs_until_it_is_dropped_and_leaves_nothing_behind() -> Result<()> {
        let connect = |port| TcpStream::connect(("127.0.0.1", port));
        let server = Postgres::start(Durability::Fast)?;
        // Any program will do for migrating: this is about the database.
        server.create_template(Path::new("true"))?;
        let (directory, port) = (server.directory.clone(), server.port);
        assert!(connect(port).is_ok() && directory.is_dir());

        drop(server);
        assert!(connect(port).is_err(), "it still listens");
        assert!(!directory.exists(), "{} is still there", directory.display());
        Ok(())
    }
}
