//! Files that are not imported, and why.

use fanbase_domain::{
    import::refusal::RefusalCode,
    problem::ProblemCode,
    wire::imports::{ImportStatus, Severity},
};
use fanbase_tests::{Caller as _, TestApp, app::IMPORT_MAX_BYTES, on_both_databases};
use reqwest::Method;

on_both_databases!(
    a_file_that_is_no_contact_file_fails_with_the_reason,
    a_file_that_is_too_large_is_refused,
    a_body_of_another_kind_is_refused,
    wrong_options_are_told,
    an_import_that_does_not_exist_is_not_found,
    problem_rows_are_downloaded_as_csv,
    an_import_at_whose_start_the_server_crashes_is_given_up,
);

async fn a_file_that_is_no_contact_file_fails_with_the_reason(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let png = [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), (0..=255).cycle().take(4_000).collect()].concat();
    let mut reasons = Vec::new();
    for (what, code, file) in [
        ("empty", RefusalCode::FileEmpty, Vec::new()),
        ("blank lines", RefusalCode::FileEmpty, b"\n\r\n\n".to_vec()),
        ("only a byte order mark", RefusalCode::FileEmpty, b"\xef\xbb\xbf".to_vec()),
        ("a picture", RefusalCode::FileNotText, png),
        ("no e-mail column", RefusalCode::NoEmailColumn, b"Name,Phone\nAva,1\n".to_vec()),
        ("no header", RefusalCode::NoHeader, b"a@x.example,Ava\nb@x.example,Bob\n".to_vec()),
        ("zeros", RefusalCode::FileNotText, vec![0; 1_000]),
        ("JSON", RefusalCode::FileJson, b"{\"contacts\": [1, 2, 3]}".to_vec()),
        (
            "a header with a zero",
            RefusalCode::NoEmailColumn,
            [b"Na\0me,Phone\n", "Ava,1\n".repeat(100).as_bytes()].concat(),
        ),
        ("half a UTF-16 character", RefusalCode::NoEmailColumn, b"\xff\xfeE\0m".to_vec()),
    ] {
        let import = store.import_to_its_end("", file).await;
        assert_eq!(
            (import.status, import.error_code),
            (ImportStatus::Failed, Some(code)),
            "{what}: {import:?}"
        );
        let reason = import.error.unwrap();
        assert!(reason.ends_with('.') && !reason.contains("tmp"), "{what}: {reason}");
        reasons.push(reason);
    }
    assert_eq!(reasons[0], reasons[1], "a file of blank lines is empty");
    assert_eq!(store.counts("").await.lead, 0);
    store.assert_no_drift().await;
}

async fn a_file_that_is_too_large_is_refused(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let line = "a@x.example\n";
    let fits = (IMPORT_MAX_BYTES as usize - "Email\n".len()) / line.len();
    let file = |lines: usize| format!("Email\n{}", line.repeat(lines));
    let answer = store.send_file("", file(fits + 1)).await;
    answer.problem(413, ProblemCode::TooLarge);
    let part = reqwest::multipart::Part::bytes(file(fits + 1).into_bytes());
    let form = reqwest::multipart::Form::new().part("file", part);
    let answer = store.request(Method::POST, "/imports").form(form).send().await;
    answer.problem(413, ProblemCode::TooLarge);
    let none: serde_json::Value = store.get("/imports").await.expect(200).json();
    assert_eq!(none["items"], serde_json::json!([]));
}

async fn a_body_of_another_kind_is_refused(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    for kind in ["application/json", "image/png", "text/html", "nonsense"] {
        let request = store.request(Method::POST, "/imports").body(kind, "Email\na@x.example\n");
        request.send().await.problem(415, ProblemCode::UnsupportedMediaType);
    }
}

async fn wrong_options_are_told(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    for (query, pointer, code) in [
        ("dry_run=maybe", "dry_run", "invalid"),
        ("values=guess", "values", "unknown_value"),
        ("tags=guess", "tags", "unknown_value"),
        ("mapping=nonsense", "mapping", "invalid"),
        ("mapping=%5B%5D", "mapping", "invalid"),
        ("encoding=klingon", "encoding", "encoding_unknown"),
        ("encoding=%00", "encoding", "encoding_unknown"),
        ("encoding=replacement", "encoding", "encoding_unknown"),
        ("decimal=dot", "decimal", "unknown_value"),
        ("colour=red", "colour", "unknown_parameter"),
    ] {
        store.send_file(query, "Email\na@x.example\n").await.field_errors(&[(pointer, code)]);
    }
    for (query, code) in [
        ("mapping=%7B%22Nobody%22%3A%22email%22%7D", Some(RefusalCode::MappingUnknownColumn)),
        ("mapping=%7B%22Email%22%3A%22nonsense%22%7D", Some(RefusalCode::MappingUnknownTarget)),
        (
            "mapping=%7B%22Email%22%3A%22email%22%2C%22Name%22%3A%22email%22%7D",
            Some(RefusalCode::MappingTargetTwice),
        ),
        ("mapping=%7B%22Email%22%3A%22ignore%22%7D", Some(RefusalCode::NoEmailColumn)),
        ("mapping=%7B%22%5Cu0000%22%3A%22email%22%7D", Some(RefusalCode::MappingUnknownColumn)),
        ("file_name=a%00b", None),
    ] {
        let import = store.import_to_its_end(query, "Email,Name\na@x.example,Ava\n").await;
        assert_eq!((import.error_code, import.error.is_some()), (code, code.is_some()), "{query}");
    }
}

async fn an_import_that_does_not_exist_is_not_found(app: TestApp) {
    let ava = app.creator("ava").await;
    let (store, other) = (ava.store("s1").await, ava.store("s2").await);
    let import = store.import("", "Email\na@x.example\n").await;
    for id in ["nonsense".to_owned(), uuid::Uuid::now_v7().to_string(), "%00".to_owned()] {
        for path in ["", "/events", "/problems"] {
            store.get(&format!("/imports/{id}{path}")).await.problem(404, ProblemCode::NotFound);
        }
    }
    for path in ["", "/events", "/problems"] {
        other.get(&format!("/imports/{}{path}", import.id)).await.problem(404, ProblemCode::NotFound);
    }
    let answer = other.request(Method::POST, &format!("/imports/{}/undo", import.id)).send().await;
    answer.problem(404, ProblemCode::NotFound);
    for wrong in ["cursor=nonsense", "cursor=%00", "cursor="] {
        for path in ["/imports".to_owned(), format!("/imports/{}/problems", import.id)] {
            store.get(&format!("{path}?{wrong}")).await.problem(400, ProblemCode::InvalidCursor);
        }
    }
}

async fn an_import_at_whose_start_the_server_crashes_is_given_up(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    for (times, status) in [(9, ImportStatus::Completed), (10, ImportStatus::Failed)] {
        let import = store.import("dry_run=true", "Email\na@x.example\n").await;
        app.db_crash_at_start_of(import.id, times).await;
        // Wakes the worker.
        store.import("dry_run=true", "Email\nb@x.example\n").await;
        let import = store.finished_import(import.id).await;
        assert_eq!(import.status, status, "{import:?}");
    }
}

async fn problem_rows_are_downloaded_as_csv(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let mut file = "Email,Name\n".to_owned();
    for i in 0..450 {
        file.push_str(&format!("nobody{i},=cmd()\n"));
    }
    file.push_str("=nobody,x\na@x.example\n");
    let import = store.import("", file).await;
    let problems = store.problems(import.id).await;
    assert_eq!((problems.len(), import.problems), (452, 452));
    let path = format!("/imports/{}/problems", import.id);
    let answer = store.get(&format!("{path}?format=csv")).await.expect(200);
    assert_eq!(answer.header("content-type"), Some("text/csv; charset=utf-8"));
    let mut reader = csv::Reader::from_reader(answer.body.as_slice());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), problems.len());
    for (row, problem) in rows.iter().zip(&problems) {
        assert_eq!(row[0], problem.line.to_string());
        assert!(row.iter().all(|cell| !cell.starts_with('=')), "a spreadsheet would run {row:?}");
        assert!(row.iter().any(|cell| cell == problem.code), "{row:?}");
    }
    assert_eq!(problems.iter().filter(|problem| problem.severity == Severity::Warning).count(), 1);
    store.get(&format!("{path}?format=xml")).await.field_errors(&[("format", "unknown_value")]);
}
