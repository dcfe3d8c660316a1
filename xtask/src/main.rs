//! Builds, runs, tests and measures Fanbase: `cargo xtask <command>`.
//!
//! A machine with nothing but a Rust toolchain is enough to start with: every command first sees
//! to it that the tools it needs are there (`setup`).

#![expect(clippy::print_stdout, reason = "a command-line program talks on standard output")]

#[cfg(not(unix))]
compile_error!("xtask needs a Unix-like system; on Windows, use the Windows Subsystem for Linux.");

mod bench;
mod bundle;
mod cargo_tools;
mod cli;
mod contract;
mod e2e;
mod npm_tools;
mod parts;
mod postgres;
mod run;
mod setup;
mod shell;
mod styles;
mod system;
mod test;
mod wasm_opt;
mod watchdog;
mod web;
mod workspace;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command};

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Setup => setup::ensure(&setup::Need::ALL),
        Command::Run(options) => run::run(&options),
        Command::Test(options) => test::test(&options),
        Command::Bench(options) => bench::bench(&options),
        Command::FinishWeb => web::finish(),
        Command::Postgres => postgres::serve_until_enter(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("\nxtask: {sentence}");
            ExitCode::FAILURE
        }
    }
}
