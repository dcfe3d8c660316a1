//! Files of every kind: delimiters, encodings, quotes, and the ways to send them.

use fanbase_domain::{
    problem::ProblemCode,
    wire::{customers::CustomerResponse, imports::ImportResponse, page::Page},
};
use fanbase_tests::{Caller as _, Store, TestApp, on_both_databases};
use reqwest::Method;

on_both_databases!(
    a_store_has_a_budget_of_imports_that_wait,
    delimiters_are_recognised_or_given,
    encodings_are_recognised_or_given,
    line_ends_and_quotes_are_read_as_they_are_written,
    an_unclosed_quote_is_reported_and_swallows_nothing,
    a_header_may_hold_anything,
    a_file_is_sent_as_a_form,
    a_form_without_a_file_is_refused,
    a_file_that_is_sent_again_with_its_key_is_imported_once,
);

async fn names(store: &Store) -> Vec<(String, Option<String>)> {
    let page: Page<CustomerResponse> = store.get("/customers?sort=email&limit=200").await.expect(200).json();
    page.items.into_iter().map(|customer| (customer.email, customer.first_name)).collect()
}

fn person(email: &str, name: &str) -> (String, Option<String>) {
    (email.to_owned(), Some(name.to_owned()))
}

async fn delimiters_are_recognised_or_given(app: TestApp) {
    let ava = app.creator("ava").await;
    for (i, (delimiter, query)) in
        [(",", ""), (";", ""), ("\t", ""), ("|", ""), (";", "delimiter=%3B"), ("\t", "delimiter=tab")]
            .into_iter()
            .enumerate()
    {
        let store = ava.store(&format!("store-{i}")).await;
        let file = format!("First Name{delimiter}Email\n\"Lind, A;b|c\"{delimiter}a@x.example\n");
        let import = store.import(query, file).await;
        assert_eq!(import.shape.unwrap().delimiter, delimiter);
        assert_eq!(names(&store).await, [person("a@x.example", "Lind, A;b|c")]);
    }
    let store = ava.store("store-wrong").await;
    for wrong in ["delimiter=x", "delimiter=", "delimiter=%2C%2C", "delimiter=%00", "delimiter=%C3%A4"] {
        let answer = store.send_file(wrong, "Email\na@x.example\n").await.expect(422);
        assert!(answer.text().contains("delimiter"), "{}", answer.text());
    }
}

async fn encodings_are_recognised_or_given(app: TestApp) {
    let ava = app.creator("ava").await;
    let text = "Email,First Name\na@x.example,Zoë Ørsted\nb@x.example,Émile\n";
    let utf16 = |order: fn(u16) -> [u8; 2], bom: bool| {
        let bom = bom.then_some(0xfeff);
        bom.into_iter().chain(text.encode_utf16()).flat_map(order).collect::<Vec<u8>>()
    };
    let (windows, ..) = encoding_rs::WINDOWS_1252.encode(text);
    for (i, (file, query, encoding)) in [
        (text.as_bytes().to_vec(), "", "utf-8"),
        ([b"\xef\xbb\xbf", text.as_bytes()].concat(), "", "utf-8"),
        (utf16(u16::to_le_bytes, true), "", "utf-16le"),
        (utf16(u16::to_be_bytes, true), "", "utf-16be"),
        (utf16(u16::to_le_bytes, false), "", "utf-16le"),
        (utf16(u16::to_le_bytes, false), "encoding=utf-16le", "utf-16le"),
        (windows.to_vec(), "", "windows-1252"),
        (windows.to_vec(), "encoding=windows-1252", "windows-1252"),
    ]
    .into_iter()
    .enumerate()
    {
        let store = ava.store(&format!("store-{i}")).await;
        let import = store.import(query, file).await;
        assert_eq!(import.shape.unwrap().encoding, encoding, "file {i}");
        let expected = [person("a@x.example", "Zoë Ørsted"), person("b@x.example", "Émile")];
        assert_eq!(names(&store).await, expected, "file {i}");
    }
}

async fn line_ends_and_quotes_are_read_as_they_are_written(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let file = "Email,First Name\r\n\r\na@x.example,\"two\r\nlines\"\r\nb@x.example,\"say \"\"hi\"\"\"\n\n\
                c@x.example,5\" disk\nd@x.example,last";
    store.import("", file).await;
    let expected = [
        person("a@x.example", "two\r\nlines"),
        person("b@x.example", "say \"hi\""),
        person("c@x.example", "5\" disk"),
        person("d@x.example", "last"),
    ];
    assert_eq!(names(&store).await, expected);
}

async fn an_unclosed_quote_is_reported_and_swallows_nothing(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let file = "Email,First Name\na@x.example,Ava\nb@x.example,\"Bob\nc@x.example,Cat\nd@x.example,Dan\n";
    let import = store.import("", file).await;
    let problems = store.problems(import.id).await;
    assert_eq!((import.tally.created, import.tally.invalid), (3, 1), "{problems:?}");
    assert_eq!((problems[0].line, problems[0].code.as_str()), (3, "broken_quoting"));
}

async fn a_header_may_hold_anything(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let long = "x".repeat(20_000);
    let header = format!("Email,Na\0me,{long},{long},=1+1,\"two\nlines\",\u{202e}\n");
    let rows: String = (0..200).map(|i| format!("c{i}@x.example,1,2,3,4,5,6\n")).collect();
    let import = store.import("", header + &rows).await;
    assert_eq!((import.tally.created, import.problems), (200, 0), "{:?}", store.problems(import.id).await);
    let page: Page<CustomerResponse> = store.get("/customers?limit=1").await.expect(200).json();
    let customer = &page.items[0];
    assert_eq!((customer.name.as_deref(), customer.attributes.len()), (Some("1"), 5), "{customer:?}");
}

async fn a_file_is_sent_as_a_form(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let part = reqwest::multipart::Part::bytes(b"Email\na@x.example\n".to_vec());
    let form =
        reqwest::multipart::Form::new().text("note", "x").part("file", part.file_name("kontakte äö.csv"));
    let answer = store.request(Method::POST, "/imports").form(form).send().await.expect(202);
    let queued: ImportResponse = answer.json();
    assert_eq!(queued.file_name, "kontakte äö.csv");
    let location = format!("/api/v1/stores/{}/imports/{}", store.id, queued.id);
    assert_eq!(answer.header("location"), Some(location.as_str()));
    assert_eq!(store.finished_import(queued.id).await.tally.created, 1);
}

async fn a_form_without_a_file_is_refused(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let form = reqwest::multipart::Form::new().text("other", "x");
    let answer = store.request(Method::POST, "/imports").form(form).send().await;
    answer.field_errors(&[("/file", "required")]);
    for body in ["", "--x", "--x\r\nnonsense", "--x\r\n\r\nabc\r\n--x--\r\n"] {
        let request = store.request(Method::POST, "/imports").body("multipart/form-data; boundary=x", body);
        let answer = request.send().await;
        assert!(matches!(answer.status, 400 | 422), "{body:?}: {} {}", answer.status, answer.text());
    }
}

async fn a_file_that_is_sent_again_with_its_key_is_imported_once(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let send = |file: &'static str| {
        let request = store.request(Method::POST, "/imports").header("idempotency-key", "k");
        request.body("text/csv", file).send()
    };
    let first: ImportResponse = send("Email\na@x.example\n").await.expect(202).json();
    let again = send("Email\na@x.example\n").await.expect(202);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(again.json::<ImportResponse>().id, first.id);
    let other = send("Email\nb@x.example\n").await;
    other.problem(422, fanbase_domain::problem::ProblemCode::IdempotencyKeyReused);
    assert_eq!(store.finished_import(first.id).await.tally.created, 1);
    let all: Page<ImportResponse> = store.get("/imports").await.expect(200).json();
    assert_eq!(all.items.len(), 1);
}

async fn a_store_has_a_budget_of_imports_that_wait(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let file = b"Email\na@x.example\n".to_vec();
    let send = || store.request(Method::POST, "/imports").body("text/csv", file.clone());
    let mut sent = Vec::new();
    for _ in 0..100 {
        sent.push(send().send().await.expect(202).json::<ImportResponse>().id);
    }
    for import in sent {
        let _ = store.finished_import(import).await;
    }
    app.db_hold_imports().await;
    send().send().await.problem(409, ProblemCode::Conflict);
    let other = app.creator("bob").await.store("s2").await;
    let request = other.request(Method::POST, "/imports");
    let _ = request.body("text/csv", file.clone()).send().await.expect(202);
}
