//! `cargo xtask bench import|fans|accounts|customers|webhooks|backfill`: measures on this machine, as ratios within one run.
#![expect(clippy::print_stdout, reason = "prints tables for people")]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on has to stop")]

use fanbase_tests::{bench, database::Database};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let size = |i: usize, default: u64| arguments.get(i).and_then(|n| n.parse().ok()).unwrap_or(default);
    let on = match arguments.last().map(String::as_str) {
        Some("sqlite") => vec![Database::Sqlite],
        Some("postgres") => vec![Database::Postgres],
        _ => vec![Database::Sqlite, Database::Postgres],
    };
    fanbase_api::tls::install();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    match arguments.first().map(String::as_str) {
        Some("import") => runtime.block_on(bench::import::run(size(1, 47_344))),
        Some("fans") => runtime.block_on(bench::fans::run(&on, size(1, 50_000), size(2, 25_000))),
        Some("accounts") => runtime.block_on(bench::accounts::run(&on, size(1, 50_000), size(2, 25_000))),
        Some("customers") => {
            let sizes = (size(1, 50_000), size(2, 150_000), size(3, 500_000));
            runtime.block_on(bench::customers::run(&on, sizes.0, sizes.1, sizes.2));
        }
        Some("webhooks") => runtime.block_on(bench::webhooks::run(size(1, 40_000), size(2, 0))),
        Some("backfill") => runtime.block_on(bench::backfill::run(size(1, 100_000), size(2, 40_000))),
        _ => println!(
            "usage: cargo xtask bench import [ROWS] | fans|accounts [CUSTOMERS] [ACCOUNTS] [sqlite|postgres]
                 | customers [CUSTOMERS] [ENROLMENTS] [ACTIVITIES] [sqlite|postgres]
                 | webhooks [EVENTS] [CUSTOMERS] | backfill [ENROLMENTS] [PEOPLE]"
        ),
    }
}
