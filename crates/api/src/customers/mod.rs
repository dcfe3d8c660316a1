//! Customers: the contacts of one store.

pub mod rows;
pub mod search_index;
pub mod writes;
