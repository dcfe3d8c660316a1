//! Views of the fans that people save, for everybody in the store.

pub mod handlers;
pub mod service;
