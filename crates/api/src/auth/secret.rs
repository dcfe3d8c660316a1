//! Passwords and random secrets. Only their hashes are stored.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

use crate::error::ApiError;

/// A new random secret of 256 bits, as text.
#[must_use]
pub fn random() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// The hash by which a random secret is stored and found. It needs no salt and no
/// stretching: nobody can guess 256 random bits.
#[must_use]
pub fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

/// The argon2id hash of a password. Slow on purpose, so it runs on a thread of its own.
///
/// # Errors
/// When hashing fails.
pub async fn hash_password(password: String) -> Result<String, ApiError> {
    blocking(move || {
        let hash = Argon2::default().hash_password(password.as_bytes());
        hash.map(|hash| hash.to_string()).map_err(|error| ApiError::Internal(error.to_string()))
    })
    .await
}

/// Whether a password has this hash. Takes as long without a hash, so that the time
/// does not tell which accounts exist.
///
/// # Errors
/// When the hash is none.
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
    tokio::task::spawn_blocking(work).await.map_err(|error| ApiError::Internal(error.to_string()))?
}
