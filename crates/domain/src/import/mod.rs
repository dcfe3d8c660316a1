//! Reading contact files: which column means what, and what a row says.
//!
//! Bytes, encodings and CSV quoting are the caller's; this starts at cells.

pub mod columns;
pub mod consent_cell;
pub mod dates;
mod headers;
pub mod number;
pub mod refusal;
pub mod row;
pub mod safe_cell;
pub mod survey;
pub mod tags_cell;
