//! The types and rules of Fanbase.
//!
//! Everything here is pure: no I/O, no clock, no randomness. The server and the
//! web app share it, so a rule stands in one place, and it compiles to wasm32.
#![warn(missing_docs)]

pub mod clerk;
pub mod consent;
pub mod custom_field;
pub mod customer;
pub mod email;
pub mod engagement;
pub mod facts;
pub mod fan;
pub mod field_errors;
pub mod filter;
pub mod ids;
pub mod import;
mod kinds;
pub mod links;
pub mod merge;
pub mod money;
pub mod name;
pub mod page;
pub mod password;
pub mod problem;
pub mod role;
pub mod search;
pub mod source;
pub mod store;
pub mod stripe;
pub mod tag;
pub mod text;
pub mod time;
pub mod undo;
pub mod user;
pub mod wire;
pub mod worth;
