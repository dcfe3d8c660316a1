//! The binary `fanbase`. See [`fanbase_api::cli`].

use std::process::ExitCode;

use clap::Parser as _;
use fanbase_api::cli::{self, Cli};

#[actix_web::main]
async fn main() -> ExitCode {
    match cli::run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            use std::io::Write as _;
            let _ = writeln!(std::io::stderr(), "fanbase: {}", failure.message);
            if failure.is_usage { ExitCode::from(2) } else { ExitCode::FAILURE }
        }
    }
}
