//! The only code that talks HTTP: a file per resource, a function per operation.

pub(crate) mod auth;
mod error;
pub(crate) mod fans;
mod http;

pub(crate) use error::ApiError;
