//! Requests to other services: bounded in time and size, and only where they are sent.

use std::time::Duration;

use reqwest::{Client, RequestBuilder, redirect::Policy};
use serde_json::Value;

/// How long a service may take to answer.
const TIMEOUT: Duration = Duration::from_secs(5);
/// The largest answer, in bytes.
const MAX_BYTES: usize = 1 << 20;

/// Sends requests.
///
/// # Errors
/// When the system has no TLS.
pub fn client() -> Result<Client, String> {
    let client = Client::builder().timeout(TIMEOUT).redirect(Policy::none()).build();
    client.map_err(|error| error.to_string())
}

/// The JSON that a service answers.
///
/// # Errors
/// A sentence for the log, when it does not answer so.
pub async fn json(request: RequestBuilder) -> Result<Value, String> {
    let answer = request.send().await.map_err(|error| error.to_string())?;
    let mut answer = answer.error_for_status().map_err(|error| error.to_string())?;
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| error.to_string())? {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_BYTES {
            return Err("the answer is larger than 1 MiB".to_owned());
        }
    }
    serde_json::from_slice(&body).map_err(|error| error.to_string())
}
