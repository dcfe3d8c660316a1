//! Responses as plain data (status, a few headers, JSON), so that a response can be stored in the transaction
//! of the change that it reports.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
};
use serde::Serialize;

use super::version;
use crate::error::ApiError;

/// A response that is not sent yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The URL of the resource.
    pub location: Option<String>,
    /// Its `ETag`.
    pub etag: Option<String>,
    /// The JSON body.
    pub body: Vec<u8>,
}

impl Answer {
    /// 201 Created.
    ///
    /// # Errors
    /// [`ApiError::Internal`] when the value cannot be serialised to JSON.
    pub fn created(thing: &impl Serialize) -> Result<Self, ApiError> {
        Self::new(StatusCode::CREATED, thing)
    }

    /// 200 OK: the resource existed already.
    ///
    /// # Errors
    /// [`ApiError::Internal`] when the value cannot be serialised to JSON.
    pub fn known(thing: &impl Serialize) -> Result<Self, ApiError> {
        Self::new(StatusCode::OK, thing)
    }

    /// 202 Accepted.
    ///
    /// # Errors
    /// [`ApiError::Internal`] when the value cannot be serialised to JSON.
    pub fn accepted(thing: &impl Serialize) -> Result<Self, ApiError> {
        Self::new(StatusCode::ACCEPTED, thing)
    }

    fn new(status: StatusCode, thing: &impl Serialize) -> Result<Self, ApiError> {
        Ok(Self { status, location: None, etag: None, body: serde_json::to_vec(thing)? })
    }

    /// Sets `Location`.
    #[must_use]
    pub fn at(self, location: String) -> Self {
        Self { location: Some(location), ..self }
    }

    /// Sets the `ETag` of the resource's version.
    #[must_use]
    pub fn in_version(self, version: i64) -> Self {
        Self { etag: Some(version::etag(version).1), ..self }
    }
}

impl From<Answer> for HttpResponse {
    fn from(answer: Answer) -> Self {
        let Answer { status, location, etag, body } = answer;
        let mut response = HttpResponse::build(status);
        response.content_type(header::ContentType::json());
        for (name, value) in [(header::LOCATION, location), (header::ETAG, etag)] {
            if let Some(value) = value {
                response.insert_header((name, value));
            }
        }
        response.body(body)
    }
}
