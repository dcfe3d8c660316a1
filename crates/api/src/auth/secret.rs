//! Password hashes and random secrets. Only hashes are stored.

use std::sync::LazyLock;

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

use tokio::sync::Semaphore;

use crate::error::ApiError;

/// The number of requests that may wait for a password hash. Each hash takes 19 MiB and a core for tens of
/// milliseconds, so further requests fail with [`ApiError::Unavailable`].
const WAITING: usize = 128;

/// Permits for concurrent argon2 hashes: one per core.
static HASHING: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(std::thread::available_parallelism().map_or(1, usize::from)));
/// Permits for hashes that wait or run.
static QUEUE: Semaphore = Semaphore::const_new(WAITING);

/// A new random secret of 256 bits, as text.
#[must_use]
pub fn random() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// The SHA-256 hash by which a random secret is stored and found. It needs neither salt nor stretching: 256
/// random bits cannot be guessed.
#[must_use]
pub fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

/// The argon2id hash of a password. Slow on purpose, so it runs on a blocking thread.
///
/// # Errors
/// [`ApiError::Unavailable`] when the queue is full, [`ApiError::Internal`] when hashing fails.
pub async fn hash_password(password: String) -> Result<String, ApiError> {
    blocking(move || {
        let hash = Argon2::default().hash_password(password.as_bytes());
        hash.map(|hash| hash.to_string()).map_err(|error| ApiError::Internal(error.to_string()))
    })
    .await
}

/// Whether a password has this hash. Takes as long without a hash, so that the response time does not reveal
/// which accounts exist.
///
/// # Errors
/// [`ApiError::Unavailable`] when the queue is full, [`ApiError::Internal`] when the stored hash is
/// malformed.
pub async fn verify_password(password: String, hash: Option<String>) -> Result<bool, ApiError> {
    blocking(move || {
        let argon2 = Argon2::default();
        let Some(hash) = hash else {
            let _ = argon2.hash_password(password.as_bytes());
            return Ok(false);
        };
        let hash = PasswordHash::new(&hash).map_err(|error| ApiError::Internal(error.to_string()))?;
        Ok(argon2.verify_password(password.as_bytes(), &hash).is_ok())
    })
    .await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    let _place = QUEUE.try_acquire().map_err(|_| ApiError::Unavailable)?;
    let core = HASHING.acquire().await.map_err(|_| ApiError::Unavailable)?;
    let work = move || {
        // The thread holds the permit, since hashing goes on when the request is dropped.
        let _core = core;
        work()
    };
    tokio::task::spawn_blocking(work).await.map_err(|error| ApiError::Internal(error.to_string()))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn hashing_is_bounded_and_recovers() {
        let many = (0..2 * WAITING).map(|_| tokio::spawn(hash_password("a password".to_owned())));
        let mut outcomes = (0, 0);
        for hashing in many.collect::<Vec<_>>() {
            match hashing.await.unwrap() {
                Ok(_) => outcomes.0 += 1,
                Err(ApiError::Unavailable) => outcomes.1 += 1,
                Err(error) => panic!("{error}"),
            }
        }
        assert_eq!(outcomes.0 + outcomes.1, 2 * WAITING);
        assert!(outcomes.0 >= WAITING, "{outcomes:?}");
        let hash = hash_password("a password".to_owned()).await.unwrap();
        assert!(verify_password("a password".to_owned(), Some(hash)).await.unwrap());
    }
}
