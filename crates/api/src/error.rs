//! API errors, and their problem documents.

mod outage;
pub mod problem_page;

use std::borrow::Cow;

use actix_web::{
    HttpResponse, ResponseError,
    http::{StatusCode, header},
};
use fanbase_domain::{
    field_errors::{FieldError, FieldErrors},
    problem::{Kind, Problem, ProblemCode},
};
use sea_orm::{DbErr, RuntimeErr, SqlErr};
use thiserror::Error;

use crate::request_context;

/// The media type of a problem document.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// The reason why a request failed.
#[derive(Debug, Error)]
pub enum ApiError {
    /// The request cannot be parsed.
    #[error("{0}")]
    Malformed(String),
    /// Fields or parameters are invalid.
    #[error("Some fields are not valid.")]
    Validation(FieldErrors),
    /// Not authenticated.
    #[error("{0}")]
    Unauthenticated(&'static str),
    /// Not permitted.
    #[error("{0}")]
    Forbidden(Cow<'static, str>),
    /// The resource does not exist, or belongs to another store or account.
    #[error("There is no such {0}.")]
    NotFound(&'static str),
    /// The method is not supported by the path; holds the supported ones, separated by commas.
    #[error("Method not allowed for this path. Allowed: {0}.")]
    MethodNotAllowed(String),
    /// The e-mail address belongs to another customer.
    #[error("Another customer of this store has the address.")]
    EmailTaken,
    /// The name is taken.
    #[error("{0}")]
    NameTaken(&'static str),
    /// The state of the resource does not allow the request.
    #[error("{0}")]
    Conflict(&'static str),
    /// Refused, with a specific reason.
    #[error("{0}")]
    NotPossible(String),
    /// The resource was changed since the client read it.
    #[error("This was changed by somebody else since you read it. Read it again and repeat your change.")]
    VersionMismatch,
    /// `If-Match` is missing.
    #[error("Send the ETag that you read in If-Match, so that nobody's change is lost.")]
    VersionRequired,
    /// The idempotency key was used for a different request.
    #[error("This Idempotency-Key was used for another request.")]
    IdempotencyKeyReused,
    /// The body did not arrive in time.
    #[error("The rest of the body did not arrive in time.")]
    RequestTimeout,
    /// The body is too large; holds the limit in bytes.
    #[error("The request is larger than the limit of {0} bytes.")]
    TooLarge(u64),
    /// The media type is not supported.
    #[error("{0}")]
    UnsupportedMediaType(&'static str),
    /// The file cannot be read.
    #[error("{0}")]
    InvalidFile(String),
    /// The cursor is invalid, or belongs to another list.
    #[error("The cursor is damaged, or belongs to a list with another sort or filter. Start without one.")]
    InvalidCursor,
    /// Rate limited; holds the seconds to wait.
    #[error("Too many requests. Try again in {0} seconds.")]
    TooManyRequests(u64),
    /// A required setting is missing.
    #[error("{0}")]
    NotConfigured(&'static str),
    /// The server is busy or stopping.
    #[error("The server is busy. Try again in a moment.")]
    Unavailable,
    /// A serialization conflict with a concurrent transaction, whose result a retry finds.
    #[error("The server is busy. Try again in a moment.")]
    Overtaken,
    /// The database failed.
    #[error("The database failed.")]
    Database(#[from] DbErr),
    /// Any other failure.
    #[error("The server failed.")]
    Internal(String),
}

impl From<FieldErrors> for ApiError {
    fn from(errors: FieldErrors) -> Self {
        Self::Validation(errors)
    }
}

impl From<std::io::Error> for ApiError {
    fn from(error: std::io::Error) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<serde_json::Error> for ApiError {
    fn from(error: serde_json::Error) -> Self {
        Self::Internal(error.to_string())
    }
}

impl ApiError {
    /// A validation error of one parameter.
    #[must_use]
    pub fn parameter(name: &str, code: &str, message: impl Into<String>) -> Self {
        let mut errors = FieldErrors::new();
        errors.add(name, code, message);
        Self::Validation(errors)
    }

    /// Maps the violation of a unique constraint to `meaning`.
    #[must_use]
    pub fn on_unique(error: DbErr, meaning: Self) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => meaning,
            _ => Self::Database(error),
        }
    }

    fn code(&self) -> ProblemCode {
        use ProblemCode as Code;
        match self {
            Self::Malformed(_) => Code::MalformedRequest,
            Self::Validation(_) => Code::ValidationFailed,
            Self::Unauthenticated(_) => Code::Unauthenticated,
            Self::Forbidden(_) => Code::Forbidden,
            Self::NotFound(_) => Code::NotFound,
            Self::MethodNotAllowed(_) => Code::MethodNotAllowed,
            Self::EmailTaken => Code::EmailTaken,
            Self::NameTaken(_) => Code::NameTaken,
            Self::Conflict(_) | Self::NotPossible(_) => Code::Conflict,
            Self::VersionMismatch => Code::VersionMismatch,
            Self::VersionRequired => Code::VersionRequired,
            Self::IdempotencyKeyReused => Code::IdempotencyKeyReused,
            Self::RequestTimeout => Code::RequestTimeout,
            Self::TooLarge(_) => Code::TooLarge,
            Self::UnsupportedMediaType(_) => Code::UnsupportedMediaType,
            Self::InvalidFile(_) => Code::InvalidFile,
            Self::InvalidCursor => Code::InvalidCursor,
            Self::TooManyRequests(_) => Code::TooManyRequests,
            Self::NotConfigured(_) => Code::NotConfigured,
            Self::Unavailable | Self::Overtaken => Code::Unavailable,
            Self::Database(error) if outage::of(error).is_some() => Code::Unavailable,
            Self::Database(_) | Self::Internal(_) => Code::Internal,
        }
    }

    /// The text for the log: the cause, without values that the database quotes.
    #[must_use]
    pub fn log_detail(&self) -> String {
        match self {
            Self::Database(error) => format!("{}: {}", kind(error), redacted(error)),
            Self::Internal(detail) => detail.clone(),
            other => other.to_string(),
        }
    }

    fn field_errors(&self) -> Vec<FieldError> {
        match self {
            Self::Validation(errors) => errors.clone().into_vec(),
            _ => Vec::new(),
        }
    }

    /// Converts the error to a problem document.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let code = self.code();
        let Kind { status, title, .. } = code.kind();
        let errors = self.field_errors();
        let detail = match (self, errors.as_slice()) {
            (Self::Validation(_), [one]) => one.message.clone(),
            (Self::Validation(_), several) => format!("{} fields are not valid.", several.len()),
            (Self::Database(error), _) if let Some(outage) = outage::of(error) => outage.to_string(),
            (Self::Database(_) | Self::Internal(_), _) => {
                "Something went wrong on our side. Please tell us the request id.".to_owned()
            }
            (other, _) => other.to_string(),
        };
        Problem {
            r#type: format!("{}#{code}", problem_page::ADDRESS),
            title: title.to_owned(),
            status,
            detail,
            code,
            request_id: request_context::request_id(),
            errors,
        }
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.code().kind().status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let problem = self.problem();
        match self {
            // Logged once, here, and never sent: it may contain personal data or secrets.
            Self::Database(error) if problem.status >= 500 => {
                tracing::error!(error.kind = kind(error), error.detail = redacted(error), "database failed");
            }
            Self::Internal(error) => tracing::error!(error.detail = %error, "request failed"),
            _ => {}
        }
        let mut response = HttpResponse::build(self.status_code());
        match self {
            Self::TooManyRequests(seconds) => {
                response.insert_header((header::RETRY_AFTER, seconds.to_string()));
            }
            Self::Unavailable | Self::Overtaken => {
                response.insert_header((header::RETRY_AFTER, "1"));
            }
            Self::Database(error) if let Some(outage) = outage::of(error) => {
                response.insert_header((header::RETRY_AFTER, outage.retry_after().to_string()));
            }
            Self::MethodNotAllowed(allowed) => {
                response.insert_header((header::ALLOW, allowed.as_str()));
            }
            Self::Unauthenticated(_) => {
                response.insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"fanbase\""));
            }
            _ => {}
        }
        response.content_type(PROBLEM_JSON).body(serde_json::to_string(&problem).unwrap_or_default())
    }
}

/// The database's message, without the prefix that SeaORM adds. It may quote values.
#[must_use]
pub fn cause(error: &DbErr) -> String {
    match error {
        DbErr::Conn(error) | DbErr::Exec(error) | DbErr::Query(error) => match error {
            RuntimeErr::SqlxError(error) => error.to_string(),
            RuntimeErr::Internal(text) => text.clone(),
        },
        DbErr::Custom(text)
        | DbErr::Type(text)
        | DbErr::Json(text)
        | DbErr::Migration(text)
        | DbErr::RecordNotFound(text) => text.clone(),
        other => other.to_string(),
    }
}

fn kind(error: &DbErr) -> &'static str {
    match error {
        DbErr::Exec(_) => "exec",
        DbErr::Query(_) => "query",
        DbErr::Conn(_) => "connection",
        DbErr::ConnectionAcquire(_) => "connection_acquire",
        _ => "other",
    }
}

/// The database's message without the values that it quotes.
fn redacted(error: &DbErr) -> String {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            match error.as_database_error() {
                Some(error) => {
                    let code = error.code().unwrap_or_default();
                    let message = error.message().split(['\'', '"']).next().unwrap_or_default();
                    format!("{code} {message}")
                }
                None => error.to_string(),
            }
        }
        other => cause(other),
    }
}
