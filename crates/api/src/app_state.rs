//! The shared state of handlers and jobs.

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
    /// Cache of API keys, sessions and memberships.
    pub access: CredentialCache,
    /// Plan cache: the access path of each filter.
    pub plans: Plans,
    /// Open streams of server-sent events.
    pub streams: Streams,
    /// Limits the reads that scan a whole list.
    pub long_reads: LongReads,
    /// Rank index of the fan lists.
    pub ladders: Ladders,
    /// Running customer valuations.
    pub surveys: Surveys,
    /// Wakes the import worker.
    pub imports: Notify,
    /// Wakes the backfill worker.
    pub backfills: Notify,
    /// The inbox of Stripe events that wait to be written.
    pub stripe: Queue,
    /// The client of Stripe's API, which fetches fields that events lack.
    pub asking: Asking,
    /// Time of the last use of each API key.
    pub last_used: LastUsed,
    /// Throttle of password attempts.
    pub throttle: Throttle,
    /// Rate limits.
    pub limits: Limits,
    /// Verifies session tokens of Clerk.
    pub tokens: Tokens,
    /// Cancels long-running tasks at a shutdown.
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

/// The state as handlers extract it.
pub type State = actix_web::web::Data<AppState>;

impl AppState {
    /// Creates the state of a server.
    ///
    /// # Errors
    /// `ApiError::Database` if the secret cannot be stored or read; otherwise the error of the token
    /// verifier or of Stripe's client.
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

    /// A keyed hash (HMAC-SHA-256, 16 bytes), which only this installation can compute.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        // HMAC accepts keys of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.secret) else { return Vec::new() };
        mac.update(message);
        mac.finalize().into_bytes()[..16].to_vec()
    }
}

/// The secret of this installation: created at the first start, and shared by all processes.
async fn secret(db: &Db) -> Result<Vec<u8>, ApiError> {
    let mut sql = Sql::new("INSERT INTO settings (name, value) VALUES ('cursor_secret', ");
    sql.bind(Value::from(rand::random::<[u8; 32]>().to_vec())).push(") ON CONFLICT (name) DO NOTHING");
    sql.execute(db.write()).await?;
    let row = Sql::new("SELECT value FROM settings WHERE name = 'cursor_secret'").one(db.write()).await?;
    let row =
        row.ok_or_else(|| ApiError::Internal("the secret of the installation is missing".to_owned()))?;
    Ok(row.try_get_by_index(0)?)
}
