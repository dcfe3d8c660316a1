//! The list of fans: customers and unlinked accounts of a store, without duplicates.

pub mod access_path;
pub mod bulk;
pub mod catalogue_search;
pub mod conditions;
pub mod cursor;
pub mod export;
pub mod export_columns;
pub mod filtered_counts;
pub mod handlers;
pub mod holdings;
pub mod list;
pub mod order;
pub mod params;
pub mod rank_index;
pub mod service;
pub mod visibility;
