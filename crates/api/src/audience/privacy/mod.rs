//! What becomes of personal data when somebody is deleted: it is erased everywhere, and a keyed hash stays
//! where it must be known that an address may not be mailed.

pub mod erasure;
pub mod suppressions;
