//! A database of its own for every test.

use sea_orm::{ConnectOptions, ConnectionTrait as _};
use tempfile::TempDir;

/// The migrated, empty database that is cloned.
const TEMPLATE: &str = "fanbase_template";
/// Where the server's address stands.
const SERVER: &str = "FANBASE_TEST_POSTGRES_URL";

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    /// A file in a temporary folder.
    Sqlite,
    /// A clone of the template on the server that the environment names.
    Postgres,
}

/// A database that exists for one test, and a folder for its files.
#[derive(Debug)]
pub struct TestDatabase {
    /// Which database it is.
    pub kind: Database,
    /// Its address.
    pub url: String,
    /// For the files of imports and whatever else the test writes.
    pub folder: TempDir,
    server: Option<(String, String)>,
}

impl TestDatabase {
    /// Creates it.
    ///
    /// # Panics
    /// When there is no PostgreSQL server.
    pub async fn create(kind: Database) -> Self {
        let folder = tempfile::tempdir().unwrap();
        match kind {
            Database::Sqlite => {
                let url = format!("sqlite://{}?mode=rwc", folder.path().join("test.db").display());
                Self { kind, url, folder, server: None }
            }
            Database::Postgres => {
                let Ok(server) = std::env::var(SERVER) else {
                    panic!(
                        "{SERVER} is not set: run `cargo xtask test`, or `cargo xtask postgres` for one test."
                    )
                };
                let name = format!("test_{}", uuid::Uuid::now_v7().simple());
                administer(&server, &format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE}")).await;
                let (address, _) = server.rsplit_once('/').unwrap();
                Self { kind, url: format!("{address}/{name}"), folder, server: Some((server, name)) }
            }
        }
    }

    /// Removes it.
    pub async fn remove(self) {
        if let Some((server, name)) = &self.server {
            administer(server, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
    }
}

async fn administer(server: &str, statement: &str) {
    let mut options = ConnectOptions::new(server);
    options.max_connections(1).sqlx_logging(false);
    let admin = sea_orm::Database::connect(options).await.unwrap();
    admin.execute_unprepared(statement).await.unwrap();
    admin.close().await.unwrap();
}
