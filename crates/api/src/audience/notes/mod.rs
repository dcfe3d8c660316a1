//! Notes on customers.

pub mod handlers;
pub mod markdown;
