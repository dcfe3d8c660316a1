//! Parses contact files: the mapping of columns, and the values of rows.
//!
//! The caller handles bytes, encodings and CSV quoting; this module starts at cells.

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
