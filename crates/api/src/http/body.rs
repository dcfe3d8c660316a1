//! Extractors of request bodies, with errors that describe the problem.

use std::{future::Future, time::Duration};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header, web::Bytes};
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use crate::{
    error::ApiError,
    http::authorize_first::{self, Extracting},
};

/// Largest JSON body in bytes.
const MAX_BYTES: usize = 1 << 20;

/// How long a body that is read as a whole may take to arrive, so that a stalled body does not occupy a
/// connection for longer.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// A JSON body, and the hash of its bytes.
#[derive(Debug)]
pub struct JsonBody<T> {
    /// The parsed body.
    pub value: T,
    /// SHA-256 of the body, to recognise a repeated request.
    pub hash: Vec<u8>,
}

impl<T: DeserializeOwned + 'static> FromRequest for JsonBody<T> {
    type Error = ApiError;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let is_json = content_type.is_some_and(|value| {
            let essence = value.split(';').next().unwrap_or_default().trim();
            essence.eq_ignore_ascii_case("application/json") || essence.ends_with("+json")
        });
        let (decided, bytes) = (authorize_first::decided(request), Bytes::from_request(request, payload));
        Box::pin(async move {
            decided.await;
            if !is_json {
                return Err(ApiError::UnsupportedMediaType("Send JSON with Content-Type: application/json."));
            }
            let bytes = arrived(bytes).await?;
            // Serde would accept an array for an object whose fields are all absent.
            if bytes.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|byte| *byte != b'{') {
                return Err(ApiError::Malformed(
                    "The body is not what is expected: send a JSON object.".to_owned(),
                ));
            }
            let value = serde_json::from_slice(&bytes).map_err(|error| {
                ApiError::Malformed(format!("The body is not what is expected: {error}."))
            })?;
            Ok(Self { value, hash: Sha256::digest(&bytes).to_vec() })
        })
    }
}

/// The raw bytes of a body, to verify a signature.
#[derive(Debug)]
pub struct RawBody(pub Bytes);

impl FromRequest for RawBody {
    type Error = ApiError;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = Bytes::from_request(request, payload);
        Box::pin(async move { arrived(bytes).await.map(Self) })
    }
}

/// Waits for a body.
async fn arrived(bytes: impl Future<Output = Result<Bytes, actix_web::Error>>) -> Result<Bytes, ApiError> {
    let bytes = tokio::time::timeout(TIME_LIMIT, bytes).await.map_err(|_| ApiError::RequestTimeout)?;
    bytes.map_err(|error| broken(&error))
}

fn broken(error: &actix_web::Error) -> ApiError {
    match error.as_response_error().status_code().as_u16() {
        413 => ApiError::TooLarge(MAX_BYTES as u64),
        _ => ApiError::Malformed("The body ended early.".to_owned()),
    }
}

/// The size limit of bodies that are read as a whole.
#[must_use]
pub fn limit() -> actix_web::web::PayloadConfig {
    actix_web::web::PayloadConfig::new(MAX_BYTES)
}
