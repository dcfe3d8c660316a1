//! Requests to the API of the same origin, and its answers as JSON or a problem document.

use std::{future::Future, pin::Pin};

use gloo_net::http::{Method, RequestBuilder};
use serde::{Serialize, de::DeserializeOwned};

use super::{ApiError, json, renewal};

/// Where the API is.
pub(super) const BASE: &str = "/api/v1";
/// What makes and ends sessions does not wait for one.
const SESSION: [&str; 2] = ["/auth/login", "/auth/logout"];

/// A request to come. Without the type of the answer, so that there is one of it.
type Answer = Pin<Box<dyn Future<Output = Result<String, ApiError>>>>;

/// Reads a resource.
pub(super) async fn get<T: DeserializeOwned>(path: String) -> Result<T, ApiError> {
    read(&send(Method::GET, path, None, None).await?)
}

/// Sends something, and reads the answer.
pub(super) async fn post<T: DeserializeOwned>(path: String, body: impl Serialize) -> Result<T, ApiError> {
    read(&send(Method::POST, path, Some(write(&body)?), None).await?)
}

/// Sends something, and does not care for what the answer says beyond success.
pub(super) async fn post_only(path: String, body: impl Serialize) -> Result<(), ApiError> {
    send(Method::POST, path, Some(write(&body)?), None).await.map(|_| ())
}

/// Asks for something to be done that needs no further words.
pub(super) async fn post_empty(path: String) -> Result<(), ApiError> {
    send(Method::POST, path, None, None).await.map(|_| ())
}

/// Asks for something to be done that needs no further words, and reads the answer.
pub(super) async fn post_to<T: DeserializeOwned>(path: String) -> Result<T, ApiError> {
    read(&send(Method::POST, path, None, None).await?)
}

/// Changes something that may have a version, which has to be the one that was read.
pub(super) async fn patch<T: DeserializeOwned>(
    path: String,
    body: impl Serialize,
    version: Option<i64>,
) -> Result<T, ApiError> {
    read(&send(Method::PATCH, path, Some(write(&body)?), version).await?)
}

/// The same, and does not care for what the answer says beyond success.
pub(super) async fn patch_only(
    path: String,
    body: impl Serialize,
    version: Option<i64>,
) -> Result<(), ApiError> {
    send(Method::PATCH, path, Some(write(&body)?), version).await.map(|_| ())
}

/// Deletes something.
pub(super) async fn delete(path: String, version: Option<i64>) -> Result<(), ApiError> {
    send(Method::DELETE, path, None, version).await.map(|_| ())
}

fn write(body: &impl Serialize) -> Result<String, ApiError> {
    // Every wire type can be written; the error type asks for an answer all the same.
    serde_json::to_string(body).map_err(|_| ApiError::Unreachable)
}

/// Reads a body.
pub(super) fn read<T: DeserializeOwned>(body: &str) -> Result<T, ApiError> {
    json::read(body).map_err(|_| ApiError::Unreadable { status: 200 })
}

/// Sends a request; the body of a success. When the session has ended, again once it is renewed;
/// when it is given up instead, the request fails.
fn send(method: Method, path: String, body: Option<String>, version: Option<i64>) -> Answer {
    Box::pin(async move {
        loop {
            let answer = attempt(&method, &path, body.as_deref(), version).await;
            let has_ended = answer.as_ref().is_err_and(ApiError::is_unauthenticated);
            if !has_ended || SESSION.contains(&path.as_str()) || !renewal::ask() {
                return answer;
            }
            if !renewal::wait().await {
                return answer;
            }
        }
    })
}

async fn attempt(
    method: &Method,
    path: &str,
    body: Option<&str>,
    version: Option<i64>,
) -> Result<String, ApiError> {
    let mut request = RequestBuilder::new(&format!("{BASE}{path}"))
        .method(method.clone())
        .header("accept", "application/json");
    if let Some(version) = version {
        request = request.header("if-match", &format!("\"v{version}\""));
    }
    let request = match body {
        Some(body) => request.header("content-type", "application/json").body(body),
        None => request.build(),
    };
    let response = request.map_err(|_| ApiError::Unreachable)?.send().await;
    let response = response.map_err(|_| ApiError::Unreachable)?;
    let status = response.status();
    let body = response.text().await.map_err(|_| ApiError::Unreachable)?;
    if response.ok() { Ok(body) } else { Err(ApiError::from_body(status, &body)) }
}
