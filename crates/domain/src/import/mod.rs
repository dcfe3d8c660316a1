//! Reading contact files: which column means what, and what a row says.
//!
//! Bytes, encodings and CSV quoting are the caller's; this starts at cells.

pub mod columns;
pub mod dates;
pub mod refusal;
pub mod row;
pub mod safe_cell;
pub mod tags_cell;
