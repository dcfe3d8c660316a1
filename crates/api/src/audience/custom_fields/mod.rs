//! Custom fields: the labels and values of customers' attributes.

pub mod handlers;
pub mod service;
pub mod values;
