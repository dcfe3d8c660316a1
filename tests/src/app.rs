//! The real application, listening on a port of its own.

use std::{
    net::SocketAddr,
    panic::{AssertUnwindSafe, resume_unwind},
    pin::pin,
    sync::Arc,
    thread::JoinHandle,
};

use fanbase_api::{
    accounts::{
        sign_up::set_up,
        users::{self, service::NewUser},
    },
    app_state::AppState,
    auth::secret,
    clock,
    config::{Config, LogFormat, Settings},
    db::{Db, sql::Sql},
    jobs,
    startup::Application,
    telemetry,
};
use fanbase_domain::{
    email::Email,
    ids::{ImportId, UserId},
    time::Timestamp,
    user::User,
};
use futures_util::{FutureExt as _, future};
use tokio::sync::oneshot;

use crate::{
    api::{Api, Credential},
    callers::{Creator, PASSWORD},
    database::{Database, TestDatabase},
};

/// The largest file that the tests' servers take.
pub const IMPORT_MAX_BYTES: u64 = 4 << 20;

/// What the tests' servers take events of Clerk to be signed with.
pub const CLERK_SECRETS: [&str; 2] =
    ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"];

/// What the tests' servers take events of Stripe to be signed with.
pub const STRIPE_SECRETS: [&str; 2] = ["whsec_of_the_platform", "whsec_of_connected_accounts"];

/// A running server; clones are the same one.
#[derive(Clone, Debug)]
pub struct TestApp {
    /// Which database it runs on.
    pub kind: Database,
    anonymous: Api,
    state: Arc<AppState>,
}

/// Runs a test with a server of its own, and cleans up whatever comes of it.
///
/// # Panics
/// When the test does.
pub fn run<F: Future<Output = ()>>(kind: Database, test: impl FnOnce(TestApp) -> F) {
    on_database(kind, async |database| serve(database, |_| {}, test).await);
}

/// Serves a database with settings of its own while a test runs.
///
/// # Panics
/// When the test does.
pub async fn serve<F: Future<Output = ()>>(
    database: &TestDatabase,
    change: impl FnOnce(&mut Settings),
    test: impl FnOnce(TestApp) -> F,
) {
    // What a server logs as an error is why a test fails.
    telemetry::init_logs(LogFormat::Text, "error");
    let server = Server::start(config(database, change)).await;
    let app = TestApp {
        kind: database.kind,
        anonymous: Api::new(server.address, Credential::None),
        state: Arc::clone(&server.state),
    };
    let outcome = AssertUnwindSafe(test(app)).catch_unwind().await;
    server.stop();
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}

/// Makes two tests of each function: `name::sqlite` and `name::postgres`. The function takes a
/// [`TestDatabase`] of its own, without a server.
#[macro_export]
macro_rules! on_both_databases_alone {
    ($($name:ident),* $(,)?) => {$(
        mod $name {
            #[test]
            fn sqlite() {
                $crate::app::on_database($crate::Database::Sqlite, super::$name);
            }

            #[test]
            fn postgres() {
                $crate::app::on_database($crate::Database::Postgres, super::$name);
            }
        }
    )*};
}

/// Runs a test with a database of its own, and cleans up whatever comes of it.
///
/// # Panics
/// When the test does.
pub fn on_database(kind: Database, test: impl AsyncFnOnce(&TestDatabase)) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let outcome = runtime.unwrap().block_on(async {
        let database = TestDatabase::create(kind).await;
        let outcome = AssertUnwindSafe(test(&database)).catch_unwind().await;
        database.remove().await;
        outcome
    });
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}

fn config(database: &TestDatabase, change: impl FnOnce(&mut Settings)) -> Config {
    let mut settings = Settings {
        database_url: Some(database.url.clone()),
        data_dir: Some(database.folder.path().join("files")),
        listen: Some(SocketAddr::from(([127, 0, 0, 1], 0)).into()),
        import_max_bytes: Some(IMPORT_MAX_BYTES),
        workers: Some(2),
        rate_limit: Some(0),
        rate_limit_address: Some(0),
        clerk_webhook_secrets: Some(CLERK_SECRETS.iter().map(|secret| secret.parse().unwrap()).collect()),
        stripe_webhook_secrets: Some(STRIPE_SECRETS.iter().map(|secret| secret.parse().unwrap()).collect()),
        ..Settings::default()
    };
    change(&mut settings);
    settings.complete().unwrap()
}

/// The thread that serves.
struct Server {
    address: SocketAddr,
    state: Arc<AppState>,
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

impl Server {
    async fn start(config: Config) -> Self {
        let (started, when_started) = oneshot::channel();
        let (stop, when_stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let application = match Application::build(config).await {
                    Ok(application) => application,
                    Err(failure) => return started.send(Err(failure.message)).unwrap(),
                };
                let state = application.state();
                started.send(Ok((application.address(), Arc::clone(&state)))).unwrap();
                future::select(pin!(application.run()), when_stopped).await;
                // Ends what runs, and waits for it: a pool closes when nobody uses it any more.
                state.stopping.cancel();
                state.db.clone().close().await.unwrap();
            });
        });
        let (address, state) = when_started.await.unwrap().unwrap();
        Self { address, state, stop, thread }
    }

    fn stop(self) {
        self.stop.send(()).unwrap();
        self.thread.join().unwrap();
    }
}

impl TestApp {
    /// A caller who is not signed in.
    #[must_use]
    pub fn anonymous(&self) -> Api {
        self.anonymous.clone()
    }

    /// A new person with an account, signed in.
    ///
    /// # Panics
    /// When somebody else is signed in.
    pub async fn creator(&self, name: &str) -> Creator {
        let email = format!("{name}@creators.example");
        let user = self.db_create_account_with(&email, Some(PASSWORD)).await;
        let creator = Creator::sign_in(&self.anonymous(), &email).await;
        assert_eq!(creator.user_id, user.id);
        creator
    }

    /// A new person who administers the platform, signed in.
    ///
    /// # Panics
    /// When the database refuses.
    pub async fn admin(&self, name: &str) -> Creator {
        let admin = self.creator(name).await;
        let mut sql = Sql::new("UPDATE users SET is_admin = ");
        sql.bind(true).push(" WHERE id = ").bind(admin.user_id.uuid());
        sql.execute(self.state.db.write()).await.unwrap();
        admin
    }

    /// A caller with an API key or anything that passes for one.
    #[must_use]
    pub fn with_key(&self, secret: &str) -> Api {
        self.anonymous.with(Credential::Bearer(secret.to_owned()))
    }

    /// The database behind the server. What a test writes into it, the next request reads.
    #[must_use]
    pub fn db(&self) -> &Db {
        self.state.access.clear();
        &self.state.db
    }

    /// The address of the database.
    #[must_use]
    pub fn database_url(&self) -> &str {
        &self.state.config.database_url
    }

    /// Where the server keeps files.
    #[must_use]
    pub fn data_dir(&self) -> &std::path::Path {
        &self.state.config.data_dir
    }

    /// Finds out who is idle, as a server does every hour.
    ///
    /// # Panics
    /// When the database fails.
    pub async fn db_find_idle(&self, now: Timestamp) {
        jobs::mark_inactive::run(self.db(), now, &self.state.stopping).await.unwrap();
    }

    /// Surveys large stores, as a server does every hour.
    ///
    /// # Panics
    /// When the database fails.
    pub async fn db_survey(&self) {
        jobs::estimate_values::run(&self.state).await.unwrap();
    }

    /// Registers an account that cannot sign in; sign-up comes from the identity provider.
    pub async fn db_create_account(&self, email: &str) -> User {
        self.db_create_account_with(email, None).await
    }

    async fn db_create_account_with(&self, email: &str, password: Option<&str>) -> User {
        let password_hash = match password {
            Some(password) => Some(secret::hash_password(password.to_owned()).await.unwrap()),
            None => None,
        };
        let name = email.split('@').next().unwrap_or_default();
        self.db_create_user(NewUser {
            email: Email::parse(email).unwrap(),
            name: Some(format!("Account of {name}")),
            avatar_url: Some(format!("https://pictures.example/{name}.png")),
            password_hash,
            is_admin: false,
            created_at: clock::now(),
            last_sign_in_at: None,
        })
        .await
    }

    /// Registers an account.
    ///
    /// # Panics
    /// When the database refuses.
    pub async fn db_create_user(&self, new: NewUser) -> User {
        users::service::create(&self.state.db, new).await.unwrap()
    }

    /// The secret of a new set-up link, if the server needs one.
    ///
    /// # Panics
    /// When the database refuses.
    pub async fn db_set_up_token(&self) -> Option<String> {
        set_up::offer(&self.state.db).await.unwrap()
    }

    /// Leaves an import as if the server had crashed so many times at its start.
    ///
    /// # Panics
    /// When the database refuses.
    pub async fn db_crash_at_start_of(&self, import: ImportId, times: i64) {
        let mut sql = Sql::new("UPDATE imports SET status = 'running', position_byte = 0, attempts = ");
        sql.bind(times).push(" WHERE id = ").bind(import.uuid());
        sql.execute(self.state.db.write()).await.unwrap();
    }

    /// Lets all imports wait, as if their servers were away.
    ///
    /// # Panics
    /// When the database refuses.
    pub async fn db_hold_imports(&self) {
        let far = clock::now().millis() + 1_000_000_000;
        let mut sql = Sql::new("UPDATE imports SET status = 'queued', retry_at = ");
        sql.bind(far);
        sql.execute(self.state.db.write()).await.unwrap();
    }

    /// Suspends an account.
    ///
    /// # Panics
    /// When the database refuses.
    pub async fn db_suspend(&self, id: UserId) {
        let mut sql = Sql::new("UPDATE users SET suspended_at = 1 WHERE id = ");
        sql.bind(id.uuid());
        sql.execute(self.db().write()).await.unwrap();
        self.state.access.clear();
    }

    /// Deletes an account.
    ///
    /// # Panics
    /// When the database refuses.
    pub async fn db_delete_account(&self, id: UserId) {
        users::service::delete(&self.state.db, id, clock::now()).await.unwrap();
        self.state.access.clear();
    }
}
