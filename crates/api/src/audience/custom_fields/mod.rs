//! Labels of profile attributes and custom fields.

pub mod handlers;
pub mod service;
pub mod values;
