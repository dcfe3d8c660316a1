//! Imports of contact files.

pub mod batch;
mod batch_size;
mod encoding;
pub mod file;
pub mod fold;
mod formats;
pub mod handlers;
mod lease;
mod pipeline;
pub mod preview;
pub mod progress;
pub mod queries;
pub mod reader;
pub mod records;
pub mod runner;
mod separator;
pub mod service;
pub mod undo;
pub mod upload;
pub mod worker;
