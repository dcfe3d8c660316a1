//! What handlers work with.

use std::sync::Arc;

use hmac::{Hmac, KeyInit as _, Mac as _};
use metrics_exporter_prometheus::PrometheusHandle;
use sea_orm::Value;
use sha2::Sha256;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    audience::fans::{access_path::Plans, rank_index::Ladders},
    auth::{
        clerk::Tokens, credential_cache::CredentialCache, last_used::LastUsed, rate_limit::Limits,
        throttle::Throttle,
    },
    config::Config,
    db::{Db, long_reads::LongReads, sql::Sql},
    error::ApiError,
    http::streams::Streams,
    sales::lifetime_value::service::Surveys,
    webhooks::stripe::{enrichment::Asking, inbox::Queue},
};

/// The state of the server, one for all workers.
#[derive(Debug)]
pub struct AppState {
    /// The database.
    pub db: Db,
    /// The settings.
    pub config: Config,
    /// What credentials stand for.
    pub access: CredentialCache,
    /// How filters are best answered.
    pub plans: Plans,
    /// Streams of events that are open.
    pub streams: Streams,
    /// A queue for reads that go through a whole list.
    pub long_reads: LongReads,
    /// Where in a list which rank is.
    pub ladders: Ladders,
    /// Which stores are being surveyed.
    pub surveys: Surveys,
    /// Wakes who runs imports.
    pub imports: Notify,
    /// Wakes who runs backfills.
    pub backfills: Notify,
    /// Events of Stripe that wait to be written.
    pub stripe: Queue,
    /// Asks Stripe for what events lack.
    pub asking: Asking,
    /// When API keys were last seen.
    pub last_used: LastUsed,
    /// Who tried passwords.
    pub throttle: Throttle,
    /// How much everybody sent.
    pub limits: Limits,
    /// Checks session tokens of Clerk.
    pub tokens: Tokens,
    /// Ends what would hold up a shutdown.
    pub stopping: CancellationToken,
    /// Renders the metrics.
    pub metrics: MetricsHandle,
    secret: Vec<u8>,
}

/// The metrics, in the format of Prometheus.
pub struct MetricsHandle(pub PrometheusHandle);

impl std::fmt::Debug for MetricsHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MetricsHandle")
    }
}

/// How handlers get at the state.
pub type State = actix_web::web::Data<AppState>;

impl AppState {
    /// The state of a server on this database.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn new(db: Db, config: Config, metrics: PrometheusHandle) -> Result<Arc<Self>, ApiError> {
        let secret = secret(&db).await?;
        let limits = Limits::new(&config);
        let tokens = Tokens::new(&config)?;
        let asking = Asking::new(&config)?;
        Ok(Arc::new(Self {
            db,
            config,
            access: CredentialCache::default(),
            plans: Plans::default(),
            streams: Streams::default(),
            long_reads: LongReads::default(),
            ladders: Ladders::default(),
            surveys: Surveys::default(),
            imports: Notify::new(),
            backfills: Notify::new(),
            stripe: Queue::default(),
            asking,
            last_used: LastUsed::default(),
            throttle: Throttle::default(),
            limits,
            tokens,
            stopping: CancellationToken::new(),
            metrics: MetricsHandle(metrics),
            secret,
        }))
    }

    /// A keyed hash: only this installation can make it.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        // HMAC takes a key of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.secret) else { return Vec::new() };
        mac.update(message);
        mac.finalize().into_bytes()[..16].to_vec()
    }
}

/// The secret of this installation; made at the first start, the same in all processes.
async fn secret(db: &Db) -> Result<Vec<u8>, ApiError> {
    let mut sql = Sql::new("INSERT INTO settings (name, value) VALUES ('cursor_secret', ");
    sql.bind(Value::from(rand::random::<[u8; 32]>().to_vec())).push(") ON CONFLICT (name) DO NOTHING");
    sql.execute(db.write()).await?;
    let row = Sql::new("SELECT value FROM settings WHERE name = 'cursor_secret'").one(db.write()).await?;
    let row =
        row.ok_or_else(|| ApiError::Internal("the secret of the installation is missing".to_owned()))?;
    Ok(row.try_get_by_index(0)?)
}
