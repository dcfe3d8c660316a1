//! The people of a store: customers, fans (customers and accounts, each once), and all that describes them.

pub mod counters;
pub mod custom_fields;
pub mod customers;
pub mod fans;
pub mod links;
pub mod notes;
pub mod privacy;
pub mod tags;
pub mod timeline;
pub mod views;
