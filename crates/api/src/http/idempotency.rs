//! `Idempotency-Key`: a repeated POST gets the stored response of the first.
//!
//! One transaction claims the key, does the work and stores the response, so that a crash leaves all of it or
//! nothing. A request that arrives while the first one runs waits for the end of that transaction: on SQLite
//! for the only writer, on PostgreSQL for the claimed row.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{HeaderName, HeaderValue},
    },
};
use fanbase_domain::{
    ids::StoreId,
    time::{DAY, Timestamp},
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _};
use sha2::{Digest as _, Sha256};

use super::stored_response::Answer;
use crate::{
    app_state::AppState,
    clock,
    db::{
        email_hash::EmailHasher,
        entities::idempotency_keys::{Entity, Model},
        sql::Sql,
        transaction::{self, Work},
    },
    error::ApiError,
};

/// The maximum length of a key.
const MAX_LENGTH: usize = 255;
/// How long responses are stored.
const KEPT_MILLIS: i64 = DAY;
/// Marks a response as that of an earlier request.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Does the work of a request in a transaction, once per key. A different `body_hash` means another request.
/// A failure changes nothing, and leaves the key unused.
///
/// # Errors
/// [`ApiError::IdempotencyKeyReused`] when the key was used for another request, [`ApiError::Validation`]
/// when the key is malformed, or the error of `work`.
pub async fn once<F>(
    state: &AppState,
    store_id: StoreId,
    request: &HttpRequest,
    body_hash: &[u8],
    mut work: F,
) -> Result<HttpResponse, ApiError>
where
    F: for<'a> FnMut(&'a DatabaseTransaction) -> Work<'a, Answer>,
{
    let Some(claim) = Claim::of(store_id, request, body_hash)? else {
        return Ok(transaction::write(&state.db, work).await?.into());
    };
    let (answer, is_new) = transaction::write(&state.db, |tx| {
        // The future starts when it is awaited.
        let (claim, work) = (claim.clone(), work(tx));
        Box::pin(async move {
            if let Some(answer) = claim.replay(tx).await? {
                return Ok((answer, false));
            }
            let answer = work.await?;
            claim.keep(tx, &answer).await?;
            Ok((answer, true))
        })
    })
    .await?;
    let mut response = HttpResponse::from(answer);
    if !is_new {
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    }
    Ok(response)
}

/// Whether a response is that of an earlier request.
#[must_use]
pub fn is_replayed(response: &HttpResponse) -> bool {
    response.headers().contains_key(REPLAYED)
}

/// Deletes expired responses.
///
/// # Errors
/// Returns the error of the database.
pub async fn forget_expired(db: &impl ConnectionTrait, now: Timestamp) -> Result<u64, DbErr> {
    let mut sql = Sql::new("DELETE FROM idempotency_keys WHERE created_at < ");
    sql.bind(now.millis() - KEPT_MILLIS);
    Ok(sql.execute(db).await?.rows_affected())
}

/// A key of a store, and the hash of its request.
#[derive(Clone, Debug)]
struct Claim {
    store_id: StoreId,
    key_hash: Vec<u8>,
    request_hash: Vec<u8>,
}

impl Claim {
    fn of(store_id: StoreId, request: &HttpRequest, body_hash: &[u8]) -> Result<Option<Self>, ApiError> {
        let Some(key) = request.headers().get("idempotency-key") else { return Ok(None) };
        let key = key.to_str().unwrap_or_default();
        if key.is_empty() || key.len() > MAX_LENGTH {
            let message = "1 to 255 visible ASCII characters.";
            return Err(ApiError::parameter("Idempotency-Key", "invalid", message));
        }
        let request_hash = Sha256::new()
            .chain_update(request.method().as_str())
            .chain_update(request.path())
            .chain_update(request.query_string())
            .chain_update(body_hash)
            .finalize()
            .to_vec();
        Ok(Some(Self { store_id, key_hash: Sha256::digest(key.as_bytes()).to_vec(), request_hash }))
    }

    /// Claims the key in this transaction; if it is taken, returns the stored response. Keys without a
    /// response are from a release that claimed them in a transaction of their own.
    async fn replay(&self, tx: &DatabaseTransaction) -> Result<Option<Answer>, ApiError> {
        let now = clock::now().millis();
        let mut sql =
            Sql::new("INSERT INTO idempotency_keys (store_id, key_hash, request_hash, created_at) VALUES (");
        sql.bind(self.store_id.uuid()).push(", ").bind(self.key_hash.clone());
        sql.push(", ").bind(self.request_hash.clone()).push(", ").bind(now).push(
            ") ON CONFLICT (store_id, key_hash) DO UPDATE
               SET request_hash = excluded.request_hash, status = NULL, created_at = excluded.created_at
               WHERE idempotency_keys.status IS NULL OR idempotency_keys.created_at < ",
        );
        sql.bind(now - KEPT_MILLIS);
        if sql.execute(tx).await?.rows_affected() > 0 {
            return Ok(None);
        }
        let key = (self.store_id.uuid(), self.key_hash.clone());
        // It may have expired and been deleted at this moment.
        let found = Entity::find_by_id(key).one(tx).await?.ok_or(ApiError::Unavailable)?;
        if found.request_hash != self.request_hash {
            return Err(ApiError::IdempotencyKeyReused);
        }
        kept(found).map(Some)
    }

    async fn keep(&self, tx: &DatabaseTransaction, answer: &Answer) -> Result<(), ApiError> {
        let mut sql = Sql::new("UPDATE idempotency_keys SET status = ");
        sql.bind(i64::from(answer.status.as_u16())).push(", location = ").bind(answer.location.clone());
        sql.push(", etag = ").bind(answer.etag.clone()).push(", body = ").bind(answer.body.clone());
        sql.push(", email_hash = ").bind(email_hash(tx, &answer.body).await?);
        sql.push(" WHERE store_id = ").bind(self.store_id.uuid());
        sql.push(" AND key_hash = ").bind(self.key_hash.clone());
        sql.execute(tx).await?;
        Ok(())
    }
}

/// The keyed hash of the e-mail address in a response, by which erasure finds the response. A created
/// resource contains at most one.
async fn email_hash(tx: &DatabaseTransaction, body: &[u8]) -> Result<Option<String>, ApiError> {
    let body = String::from_utf8_lossy(body);
    if !body.contains('@') {
        return Ok(None);
    }
    Ok(EmailHasher::load(tx).await?.hashes_in(&body).into_iter().next())
}

fn kept(found: Model) -> Result<Answer, ApiError> {
    let status = found.status.and_then(|status| u16::try_from(status).ok());
    let status = status.and_then(|status| StatusCode::from_u16(status).ok());
    let status =
        status.ok_or_else(|| ApiError::Internal("an answer was kept without a status".to_owned()))?;
    Ok(Answer { status, location: found.location, etag: found.etag, body: found.body.unwrap_or_default() })
}
