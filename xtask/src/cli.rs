//! The command line of `cargo xtask`.

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Builds, runs, tests and measures Fanbase.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Install every tool that the other commands need
    Setup,
    /// Build everything and start Fanbase with a demo store
    Run(RunOptions),
    /// Check everything: format, lints, unit, API and browser tests
    Test(TestOptions),
    /// Measure the speed of the release build
    Bench(BenchOptions),
    /// Prepare what trunk built for browsers; trunk calls it
    #[command(hide = true)]
    FinishWeb,
    /// Start the PostgreSQL that the tests use, for running single tests by hand
    Postgres,
}

/// Options of `run`.
#[derive(Args)]
pub(crate) struct RunOptions {
    /// Build optimised; this is the default
    #[arg(long, conflicts_with = "dev")]
    pub(crate) release: bool,
    /// Build unoptimised: compiles faster, runs slower
    #[arg(long)]
    pub(crate) dev: bool,
    /// Where to listen
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub(crate) listen: String,
    /// The database, relative to the top of the workspace
    #[arg(
        long,
        value_name = "URL",
        env = "FANBASE_DATABASE_URL",
        default_value = "sqlite://var/fanbase.db?mode=rwc"
    )]
    pub(crate) database_url: String,
}

/// Options of `test`.
#[derive(Args)]
pub(crate) struct TestOptions {
    /// Run one part instead of all
    #[arg(long, value_name = "PART")]
    pub(crate) only: Option<Part>,
    /// Passed to the tool that runs the part, for instance a test's name
    #[arg(last = true, requires = "only", value_name = "ARGUMENT")]
    pub(crate) arguments: Vec<String>,
}

/// A part of the whole check, in the order in which they run: what fails fast comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Formatting
    Fmt,
    /// Lints, natively and for WebAssembly
    Lint,
    /// Unit tests and examples in the documentation
    Unit,
    /// Build of the web app
    Web,
    /// Linters of the OpenAPI document, and calls of a client that is generated from it
    Contract,
    /// API tests, on SQLite and PostgreSQL
    Api,
    /// Browser tests
    E2e,
}

/// Options of `bench`.
#[derive(Args)]
pub(crate) struct BenchOptions {
    /// What to measure: `import`, `fans`, `accounts`, `customers`, `webhooks`, `backfill` or `web`
    pub(crate) what: String,
    /// Passed to the benchmark
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub(crate) arguments: Vec<String>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn arguments_after_the_dashes_go_to_the_tool_of_one_part() {
        let parse = |line: &str| Cli::try_parse_from(line.split(' '));
        let cli =
            parse("xtask test --only api -- imports --no-capture").expect("the command line should be right");
        let Command::Test(options) = cli.command else {
            panic!("another command was parsed");
        };
        assert_eq!(options.only, Some(Part::Api));
        assert_eq!(options.arguments, ["imports", "--no-capture"]);
        assert!(parse("xtask test -- imports").is_err());
    }
}
