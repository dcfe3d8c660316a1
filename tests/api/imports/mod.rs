//! Importing contact files.

mod again;
mod bulk;
mod command_line;
mod consent;
mod files;
mod preview;
mod progress;
mod quoting;
mod refusals;
mod round_trip;
mod rules;
mod sample;
mod two_servers;
mod undo;
mod values;
