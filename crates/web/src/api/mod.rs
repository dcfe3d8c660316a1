//! The only code that talks HTTP: a file per resource, a function per operation.

pub(crate) mod admin;
pub(crate) mod audit;
pub(crate) mod auth;
pub(crate) mod catalogue;
pub(crate) mod customers;
mod error;
pub(crate) mod fans;
mod http;
pub(crate) mod imports;
mod json;
pub(crate) mod members;
pub(crate) mod overview;
pub(crate) mod renewal;
pub(crate) mod settings;
pub(crate) mod tags;
pub(crate) mod value;
pub(crate) mod views;

pub(crate) use error::ApiError;
