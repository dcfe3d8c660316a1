//! Verifies Svix signatures (<https://docs.svix.com/receiving/verifying-payloads/how-manual>), which are also
//! those of Standard Webhooks.

use crate::secrets::SvixSecret;

use actix_web::http::header::HeaderMap;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use fanbase_domain::time::Timestamp;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use thiserror::Error;

/// Allowed clock skew between sender and receiver, in seconds.
const TOLERANCE: i64 = 5 * 60;
/// Maximum length of an event id.
const MAX_ID: usize = 255;

/// The reason why an event is not trusted. Only for the log: the sender does not learn it.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Distrust {
    /// A header is missing or malformed.
    #[error("the header {0} is missing or damaged")]
    Header(&'static str),
    /// The signature's timestamp is too old.
    #[error("the event was signed more than five minutes ago")]
    TooOld,
    /// The signature's timestamp is in the future: one of the clocks is wrong.
    #[error("the event was signed more than five minutes from now")]
    TooNew,
    /// The event was altered, or signed with another secret.
    #[error("no signature matches any of the secrets")]
    Signature,
}

/// Verifies the signature with any of the secrets, and the age of its timestamp. Returns the event's id and
/// the timestamp.
///
/// # Errors
/// [`Distrust`] with the reason why the event is not trusted.
pub fn verify(
    secrets: &[SvixSecret],
    headers: &HeaderMap,
    body: &[u8],
    now: Timestamp,
) -> Result<(String, Timestamp), Distrust> {
    let names = if headers.contains_key("svix-id") {
        ["svix-id", "svix-timestamp", "svix-signature"]
    } else {
        ["webhook-id", "webhook-timestamp", "webhook-signature"]
    };
    let [id, timestamp, signatures] = names
        .map(|name| headers.get(name).and_then(|value| value.to_str().ok()).ok_or(Distrust::Header(name)));
    let (id, timestamp, signatures) = (id?, timestamp?, signatures?);
    if id.is_empty() || id.len() > MAX_ID {
        return Err(Distrust::Header(names[0]));
    }
    let seconds: i64 = timestamp.parse().map_err(|_| Distrust::Header(names[1]))?;
    let age = (now.millis() / 1000).saturating_sub(seconds);
    if age > TOLERANCE {
        return Err(Distrust::TooOld);
    }
    if age < -TOLERANCE {
        return Err(Distrust::TooNew);
    }
    let signatures: Vec<Vec<u8>> = signatures
        .split(' ')
        .filter_map(|signature| STANDARD.decode(signature.strip_prefix("v1,")?).ok())
        .collect();
    let matches = |secret: &SvixSecret| {
        // HMAC accepts keys of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&secret.0) else { return false };
        mac.update(format!("{id}.{timestamp}.").as_bytes());
        mac.update(body);
        signatures.iter().any(|signature| mac.clone().verify_slice(signature).is_ok())
    };
    if secrets.iter().any(matches) {
        Ok((id.to_owned(), Timestamp::from_millis(seconds * 1000)))
    } else {
        Err(Distrust::Signature)
    }
}
