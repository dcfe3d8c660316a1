//! The audience of a store: customers, fans (customers and accounts, without duplicates), and their tags,
//! notes, fields, timelines and views.

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
