//! Prints tables as Markdown, ready for docs/BENCHMARKS.md.
#![expect(clippy::print_stdout, reason = "prints tables for people")]

/// The head of a table.
pub(super) fn head(columns: &[&str]) {
    println!("| {} |", columns.join(" | "));
    println!("|{}", "---|".repeat(columns.len()));
}

/// A row of it.
pub(super) fn row(cells: &[String]) {
    println!("| {} |", cells.join(" | "));
}

/// A line between tables.
pub(super) fn title(text: &str) {
    println!("\n### {text}\n");
}
