//! Customers: the contacts of one store.

pub mod handlers;
pub mod pages;
pub mod rows;
pub mod search_index;
pub mod service;
pub mod stats;
pub mod writes;
