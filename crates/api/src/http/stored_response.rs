//! Answers to what was created: a status, a few headers, JSON. Plain data, so that an answer can
//! be kept in the transaction of what it tells.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
};
use serde::Serialize;

use super::version;
use crate::error::ApiError;

/// An answer that is yet to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// Where the thing is.
    pub location: Option<String>,
    /// Its version.
    pub etag: Option<String>,
    /// The thing, as JSON.
    pub body: Vec<u8>,
}

impl Answer {
    /// 201: this was created.
    ///
    /// # Errors
    /// When it is outside of what JSON can say.
    pub fn created(thing: &impl Serialize) -> Result<Self, ApiError> {
        Self::new(StatusCode::CREATED, thing)
    }

    /// 200: this was there already.
    ///
    /// # Errors
    /// When it is outside of what JSON can say.
    pub fn known(thing: &impl Serialize) -> Result<Self, ApiError> {
        Self::new(StatusCode::OK, thing)
    }

    /// 202: this was taken in.
    ///
    /// # Errors
    /// When it is outside of what JSON can say.
    pub fn accepted(thing: &impl Serialize) -> Result<Self, ApiError> {
        Self::new(StatusCode::ACCEPTED, thing)
    }

    fn new(status: StatusCode, thing: &impl Serialize) -> Result<Self, ApiError> {
        Ok(Self { status, location: None, etag: None, body: serde_json::to_vec(thing)? })
    }

    /// Says where the thing is.
    #[must_use]
    pub fn at(self, location: String) -> Self {
        Self { location: Some(location), ..self }
    }

    /// Says which version of the thing this is.
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
