//! Notes on customers.

pub mod handlers;
