//! Requests to the API of the same origin, and its answers as JSON or a problem document.

use gloo_net::http::{Request, Response};
use serde::{Serialize, de::DeserializeOwned};

use super::ApiError;

/// Where the API is.
const BASE: &str = "/api/v1";

/// Reads a resource.
pub(super) async fn get<T: DeserializeOwned>(path: &str) -> Result<T, ApiError> {
    let request = Request::get(&format!("{BASE}{path}")).header("accept", "application/json");
    let (status, body) = accept(request.send().await).await?;
    serde_json::from_str(&body).map_err(|_| ApiError::Unreadable { status })
}

/// Sends something, and does not care for what the answer says beyond success.
pub(super) async fn post<B: Serialize>(path: &str, body: &B) -> Result<(), ApiError> {
    let request = Request::post(&format!("{BASE}{path}"))
        .header("accept", "application/json")
        .json(body)
        .map_err(|_| ApiError::Unreachable)?;
    accept(request.send().await).await.map(|_| ())
}

/// Asks for something to be done that needs no further words.
pub(super) async fn post_empty(path: &str) -> Result<(), ApiError> {
    let request = Request::post(&format!("{BASE}{path}")).header("accept", "application/json");
    accept(request.send().await).await.map(|_| ())
}

/// Status and body of a success.
async fn accept(answer: Result<Response, gloo_net::Error>) -> Result<(u16, String), ApiError> {
    let response = answer.map_err(|_| ApiError::Unreachable)?;
    let status = response.status();
    let body = response.text().await.map_err(|_| ApiError::Unreachable)?;
    if response.ok() { Ok((status, body)) } else { Err(ApiError::from_body(status, &body)) }
}
