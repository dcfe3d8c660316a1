//! Records the last use of API keys, at most once a minute per key.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use fanbase_domain::{
    ids::{ApiKeyId, StoreId},
    time::Timestamp,
};

use crate::db::{Db, sql::Sql};

/// The minimum interval between writes, in milliseconds.
const EVERY: i64 = 60_000;

/// When the use of each key was last written.
#[derive(Debug, Default)]
pub struct LastUsed(Mutex<HashMap<ApiKeyId, Timestamp>>);

impl LastUsed {
    /// Records a use; writes it in the background if the last write is a minute old.
    pub fn note(&self, db: &Db, store_id: StoreId, key: ApiKeyId, now: Timestamp) {
        {
            let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let last = noted.entry(key).or_insert(Timestamp::from_millis(0));
            if now.millis() - last.millis() < EVERY {
                return;
            }
            *last = now;
        }
        let db = db.clone();
        tokio::spawn(async move {
            let mut sql = Sql::new("UPDATE api_keys SET last_used_at = ");
            sql.bind(now.millis()).push(" WHERE store_id = ").bind(store_id.uuid());
            sql.push(" AND id = ").bind(key.uuid());
            if let Err(error) = sql.execute(db.write()).await {
                tracing::warn!(error.detail = %error, "the use of an API key was not noted");
            }
        });
    }
}
