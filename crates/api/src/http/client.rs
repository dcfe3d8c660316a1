//! The HTTP client for other services: limited in time and response size, without redirects.

use std::time::Duration;

use reqwest::{Client, RequestBuilder, redirect::Policy};
use serde_json::Value;

/// The timeout of a request.
const TIMEOUT: Duration = Duration::from_secs(5);
/// The largest response body, in bytes.
const MAX_BYTES: usize = 1 << 20;

/// Creates a client.
///
/// # Errors
/// When the TLS backend cannot be initialised.
pub fn client() -> Result<Client, String> {
    let client = Client::builder().timeout(TIMEOUT).redirect(Policy::none()).build();
    client.map_err(|error| error.to_string())
}

/// Sends a request and parses the JSON of the response.
///
/// # Errors
/// A message for the log, when the request fails, or the response is an error, too large or not JSON.
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
