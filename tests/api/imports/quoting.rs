//! Lines, quotes and sizes of the records of a file: what is wrong is reported with its line, and
//! swallows nothing.

use fanbase_domain::wire::{customers::CustomerResponse, imports::ImportProblemResponse, page::Page};
use fanbase_tests::{Caller as _, Store, TestApp, on_both_databases};

on_both_databases!(
    problems_name_the_line_of_an_editor,
    a_quote_escaped_by_a_backslash_is_broken_quoting,
    a_row_beyond_its_budget_is_left_out_alone,
    an_unclosed_quote_at_the_end_is_one_row,
    quoted_cells_may_be_padded,
);

const LF: &str = include_str!("files/line-numbers-lf.csv");
const CRLF: &str = include_str!("files/line-numbers-crlf.csv");

fn lines(problems: &[ImportProblemResponse]) -> Vec<(u64, &str)> {
    problems.iter().map(|problem| (problem.line, problem.email.as_str())).collect()
}

async fn names(store: &Store) -> Vec<(String, Option<String>)> {
    let page: Page<CustomerResponse> = store.get("/customers?sort=email&limit=200").await.expect(200).json();
    page.items.into_iter().map(|customer| (customer.email, customer.first_name)).collect()
}

async fn problems_name_the_line_of_an_editor(app: TestApp) {
    let ava = app.creator("ava").await;
    for (i, file) in [LF.to_owned(), CRLF.to_owned(), LF.replace('\n', "\r")].into_iter().enumerate() {
        let store = ava.store(&format!("store-{i}")).await;
        let import = store.import("", file).await;
        assert_eq!((import.tally.rows, import.tally.created, import.tally.invalid), (5, 2, 3));
        let problems = store.problems(import.id).await;
        assert_eq!(lines(&problems), [(3, "bad-3"), (6, "bad-6"), (8, "bad-8")], "file {i}");
    }
}

async fn a_quote_escaped_by_a_backslash_is_broken_quoting(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let import = store.import("", include_str!("files/backslash-quotes.csv")).await;
    assert_eq!((import.tally.rows, import.tally.created, import.tally.invalid), (3, 1, 2));
    let problems = store.problems(import.id).await;
    assert_eq!(lines(&problems), [(2, "ann@hunt.example"), (3, "bob@hunt.example")]);
    assert!(problems.iter().all(|problem| problem.code == "broken_quoting"), "{problems:?}");
    assert_eq!(names(&store).await, [("cy@hunt.example".to_owned(), Some("Cy".to_owned()))]);
}

async fn a_row_beyond_its_budget_is_left_out_alone(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let commas = ",".repeat(2 << 20);
    let long = "x".repeat(1_500_000);
    let file = format!("Email,Name\na@x.example,A\nb@x.example{commas}\nc@x.example,{long}\nd@x.example,D\n");
    let import = store.import("", file).await;
    assert_eq!((import.tally.created, import.tally.invalid), (2, 2));
    let problems = store.problems(import.id).await;
    let found: Vec<(u64, &str)> = problems.iter().map(|p| (p.line, p.code.as_str())).collect();
    assert_eq!(found, [(3, "too_many_cells"), (4, "row_too_long")]);
    let header = format!("Email{commas}\na@x.example\n");
    assert!(store.import_to_its_end("", header).await.error.is_some());
}

async fn an_unclosed_quote_at_the_end_is_one_row(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let rest = "more text without an end ".repeat(100_000);
    let import = store.import("", format!("Email,Name\na@x.example,A\nb@x.example,\"{rest}")).await;
    assert_eq!((import.tally.created, import.tally.invalid), (1, 1));
    let problems = store.problems(import.id).await;
    assert_eq!((problems[0].line, problems[0].code.as_str()), (3, "broken_quoting"));
}

async fn quoted_cells_may_be_padded(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    store.import("", "Email, \"First Name\" ,Tags\na@x.example, \"Lee, Ann\" ,vip\n").await;
    assert_eq!(names(&store).await, [("a@x.example".to_owned(), Some("Lee, Ann".to_owned()))]);
}
