//! Imports of contact files.

pub mod batch;
pub mod file;
pub mod fold;
pub mod progress;
pub mod reader;
pub mod runner;
pub mod service;
pub mod undo;
