//! Erasure of deleted persons: their data is erased everywhere. A keyed hash remains where an e-mail address
//! must stay suppressed.

pub mod erasure;
pub mod suppressions;
