//! Signatures as Svix makes them (<https://docs.svix.com/receiving/verifying-payloads/how-manual>),
//! which is also the scheme of Standard Webhooks.

use crate::secrets::SvixSecret;

use actix_web::http::header::HeaderMap;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use fanbase_domain::time::Timestamp;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use thiserror::Error;

/// How far the clocks of sender and receiver may be apart, in seconds.
const TOLERANCE: i64 = 5 * 60;
/// Longest id of an event.
const MAX_ID: usize = 255;

/// Why an event is not trusted. For the log: who sent it is not told.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Distrust {
    /// A header that is not there, or cannot be read.
    #[error("the header {0} is missing or damaged")]
    Header(&'static str),
    /// Sent, or said to be sent, too long ago.
    #[error("the event was signed more than five minutes ago")]
    TooOld,
    /// The clock of the sender, or ours, is wrong.
    #[error("the event was signed more than five minutes from now")]
    TooNew,
    /// Changed on the way, or signed by somebody else.
    #[error("no signature matches any of the secrets")]
    Signature,
}

/// The event's id and when it was signed, if one of the secrets signed it just now.
///
/// # Errors
/// When it is not to be trusted.
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
        // HMAC takes a key of any length.
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
