//! Values as spreadsheets and services write them: code pages, dates, numbers, tags, marks, lengths.

use fanbase_domain::{
    import::refusal::RefusalCode,
    wire::{
        customers::CustomerResponse,
        imports::{ImportPreviewResponse, ImportStatus},
        page::Page,
    },
};
use fanbase_tests::{Caller as _, Store, TestApp, on_both_databases};
use reqwest::Method;
use serde_json::json;

on_both_databases!(
    code_pages_are_named_or_guessed_and_a_guess_is_reported,
    a_line_that_names_the_separator_is_no_header,
    dates_are_read_right_or_left_out,
    tags_keep_their_signs,
    marks_that_nobody_sees_are_no_part_of_an_address,
    a_value_that_is_too_long_is_cut_off_with_a_warning,
    decimals_are_read_by_the_mark_of_their_column,
    letters_have_one_form,
    the_later_name_is_shown,
    an_apostrophe_that_a_spreadsheet_needs_is_taken_away,
    headers_are_understood_in_several_languages,
    columns_without_name_and_value_make_no_field,
    other_formats_are_refused_with_a_way_out,
    a_store_has_a_bound_of_fields,
);

async fn all(store: &Store) -> Vec<CustomerResponse> {
    let page: Page<CustomerResponse> = store.get("/customers?sort=email&limit=200").await.expect(200).json();
    page.items
}

async fn first_names(store: &Store) -> Vec<String> {
    let mut names: Vec<String> = all(store).await.into_iter().filter_map(|one| one.first_name).collect();
    names.sort_unstable();
    names
}

async fn code_pages_are_named_or_guessed_and_a_guess_is_reported(app: TestApp) {
    let ava = app.creator("ava").await;
    for (i, (name, file, expected)) in [
        ("macintosh", &include_bytes!("files/code-page-macintosh.csv")[..], ["José", "Zoë"]),
        ("windows-1250", include_bytes!("files/code-page-windows-1250.csv"), ["Ondřej", "Łukasz"]),
        ("windows-1251", include_bytes!("files/code-page-windows-1251.csv"), ["Іван", "Ольга"]),
        ("shift_jis", include_bytes!("files/code-page-shift-jis.csv"), ["太郎", "花子"]),
    ]
    .into_iter()
    .enumerate()
    {
        let store = ava.store(&format!("named-{i}")).await;
        let import = store.import(&format!("encoding={name}"), file).await;
        assert_eq!((import.tally.created, import.problems), (2, 0), "{name}");
        let shape = import.shape.unwrap();
        assert_eq!((shape.encoding.as_str(), shape.encoding_guessed), (name, false));
        let mut expected = expected.map(str::to_owned);
        expected.sort_unstable();
        assert_eq!(first_names(&store).await, expected, "{name}");

        let store = ava.store(&format!("guessed-{i}")).await;
        let checked = store.import("dry_run=true", file).await;
        let path = format!("/imports/{}", checked.id);
        let preview: ImportPreviewResponse = store.get(&format!("{path}/preview")).await.expect(200).json();
        assert!(preview.encoding_guessed && checked.shape.unwrap().encoding_guessed, "{name}");
        let again = store.request(Method::POST, &format!("{path}/again?dry_run=true")).send().await;
        let again = store
            .finished_import(
                again.expect(202).json::<serde_json::Value>()["id"].as_str().unwrap().parse().unwrap(),
            )
            .await;
        assert_eq!(again.shape.unwrap().encoding, preview.encoding, "what was guessed stays");
        let problems = store.problems(checked.id).await;
        assert_eq!((problems[0].line, problems[0].code.as_str()), (1, "encoding_guessed"), "{name}");
    }
}

async fn a_line_that_names_the_separator_is_no_header(app: TestApp) {
    let ava = app.creator("ava").await;
    for (i, (file, delimiter)) in
        [(include_str!("files/sep-line-semicolon.csv"), ";"), (include_str!("files/sep-line-comma.csv"), ",")]
            .into_iter()
            .enumerate()
    {
        let store = ava.store(&format!("store-{i}")).await;
        let import = store.import("", file.to_owned() + "nobody\r\n").await;
        assert_eq!((import.tally.rows, import.tally.created, import.tally.invalid), (3, 2, 1));
        assert_eq!(import.shape.unwrap().delimiter, delimiter);
        assert_eq!(store.problems(import.id).await[0].line, 5);
        let people = all(&store).await;
        assert_eq!(
            (people[0].first_name.as_deref(), people[0].tags.clone()),
            (Some("Ann"), vec!["vip".to_owned()])
        );
        assert_eq!((people[1].first_name.as_deref(), people[1].tags.len()), (Some("Bob"), 0));
    }
}

async fn dates_are_read_right_or_left_out(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let import = store.import("", include_str!("files/dates.csv")).await;
    assert_eq!((import.tally.rows, import.tally.created), (13, 13));
    let started = import.started_at.unwrap();
    let problems = store.problems(import.id).await;
    let left_out: Vec<&str> = problems.iter().map(|p| p.email.split('@').next().unwrap()).collect();
    assert_eq!(left_out, ["d1", "d3", "d4", "d5", "d7", "d12"]);
    assert!(problems.iter().all(|problem| problem.code == "unreadable_date"));
    let people = all(&store).await;
    for (name, expected) in [
        ("d0", Some("2026-01-12T00:00:00.000Z")),
        ("d2", Some("2025-12-31T00:00:00.000Z")),
        ("d6", None),
        ("d8", Some("2019-10-16T15:27:52.000Z")),
        ("d9", Some("2024-03-01T10:20:30.123Z")),
        ("d10", Some("2024-03-01T10:20:30.000Z")),
        ("d11", Some("2024-03-01T22:20:00.000Z")),
        ("d1", None),
        ("d4", None),
    ] {
        let person = people.iter().find(|one| one.email == format!("{name}@hunt.example")).unwrap();
        let expected = expected.map_or(started.to_rfc3339(), |date| Some(date.to_owned()));
        assert_eq!(person.created_at.to_rfc3339(), expected, "{name}");
    }
}

async fn tags_keep_their_signs(app: TestApp) {
    let ava = app.creator("ava").await;
    let (store, copy) = (ava.store("s1").await, ava.store("s2").await);
    let file = include_str!("files/tags-with-signs.csv");
    store.import("", file).await;
    let again = store.import("", file).await;
    assert_eq!(again.tally.unchanged, 2);
    copy.import("", store.export().await).await;
    for store in [&store, &copy] {
        let people = all(store).await;
        assert_eq!(people[0].tags, ["12\" vinyl", "R&D", "vip"]);
        assert_eq!(people[1].tags, ["AC/DC", "R&D", "rock 'n' roll"]);
        let tags: Vec<serde_json::Value> = store.get("/tags").await.expect(200).json();
        assert_eq!(tags.len(), 5);
    }
}

async fn marks_that_nobody_sees_are_no_part_of_an_address(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let import = store.import("", include_str!("files/invisible-marks.csv")).await;
    assert_eq!((import.tally.rows, import.tally.created, import.tally.duplicate_in_file), (5, 1, 4));
    assert_eq!(all(&store).await[0].email.chars().count(), 16);
}

async fn a_value_that_is_too_long_is_cut_off_with_a_warning(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let import = store.import("", include_str!("files/long-values.csv")).await;
    assert_eq!((import.tally.created, import.tally.invalid), (4, 0));
    let problems = store.problems(import.id).await;
    assert!(problems.len() == 3 && problems.iter().all(|one| one.code == "value_cut_off"), "{problems:?}");
    for person in all(&store).await {
        let name = person.first_name.clone().or(person.name.clone()).unwrap();
        assert!(name.chars().count() <= 200, "{}", person.email);
        let patch = json!({ "first_name": name, "score": 1 });
        let _ = store.patch_customer(&person, &patch).await.expect(200);
    }
    for sort in ["name", "-name"] {
        let mut path = format!("/fans?type=lead&limit=1&sort={sort}");
        let mut seen = 0;
        loop {
            let page: Page<serde_json::Value> = store.get(&path).await.expect(200).json();
            seen += page.items.len();
            let Some(cursor) = page.next_cursor else { break };
            path = format!("/fans?type=lead&limit=1&sort={sort}&cursor={cursor}");
        }
        assert_eq!(seen, 4);
    }
}

async fn decimals_are_read_by_the_mark_of_their_column(app: TestApp) {
    let ava = app.creator("ava").await;
    for (i, (query, file, decimal, expected)) in [
        (
            "",
            "Email;Total Spent\na@x.example;1.234,50\nb@x.example;12,00\nc@x.example;1.000\n",
            "comma",
            [123_450, 1_200, 100_000],
        ),
        (
            "",
            "Email,Total Spent\na@x.example,\"1,234.50\"\nb@x.example,$12\nc@x.example,0.99\n",
            "point",
            [123_450, 1_200, 99],
        ),
        (
            "decimal=comma",
            "Email,Total Spent\na@x.example,\"1,5\"\nb@x.example,2.000\nc@x.example,3\n",
            "comma",
            [150, 200_000, 300],
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let store = ava.store(&format!("store-{i}")).await;
        let import = store.import(query, file).await;
        assert_eq!(import.problems, 0, "{:?}", store.problems(import.id).await);
        assert_eq!(import.shape.unwrap().decimal.unwrap().as_str(), decimal);
        let spent: Vec<i64> = all(&store).await.iter().map(|one| one.total_spent.unwrap()).collect();
        assert_eq!(spent, expected, "{file}");
    }
}

async fn letters_have_one_form(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let file = "Email,First Name,Tags,Stil\na@x.example,Zoe\u{308},Cafe\u{301},Fu\u{308}ll\nb@x.example,Zoë,Café,Füll\n";
    store.import("", file).await;
    let people = all(&store).await;
    assert_eq!((&people[0].first_name, &people[0].tags), (&people[1].first_name, &people[1].tags));
    assert_eq!(people[0].attributes, people[1].attributes);
    let tags: Vec<serde_json::Value> = store.get("/tags").await.expect(200).json();
    assert_eq!(tags.len(), 1);
}

async fn the_later_name_is_shown(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    for (file, expected) in [
        ("Email,Name\na@x.example,Ann Lee\n", "Ann Lee"),
        ("Email,First Name,Last Name\na@x.example,Ann,Stone\n", "Ann Stone"),
        ("Email,Name\na@x.example,Ann Moon\n", "Ann Moon"),
        ("Email,First Name\na@x.example,Ann\n", "Ann Moon"),
        ("Email,First Name\na@x.example,Bea\n", "Bea"),
    ] {
        store.import("", file).await;
        assert_eq!(all(&store).await[0].name.as_deref(), Some(expected), "{file}");
    }
}

async fn an_apostrophe_that_a_spreadsheet_needs_is_taken_away(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let file = "Email,Phone,Last Name,Zip Code,Score,Date Created\n'a@x.example,'0049 123,'t Hooft,'01234,'7,'2024-03-01\n";
    let import = store.import("", file).await;
    assert_eq!(import.problems, 0, "{:?}", store.problems(import.id).await);
    let ava = &all(&store).await[0];
    assert_eq!((ava.email.as_str(), ava.phone.as_deref()), ("a@x.example", Some("0049 123")));
    assert_eq!((ava.last_name.as_deref(), ava.score), (Some("'t Hooft"), Some(7)));
    assert_eq!(serde_json::to_value(&ava.attributes).unwrap(), json!({ "zip_code": "01234" }));
}

async fn headers_are_understood_in_several_languages(app: TestApp) {
    let ava = app.creator("ava").await;
    for (i, header) in [
        "E-Mail-Adresse;Vorname;Nachname;Telefonnummer",
        "E-Mail;Vorname;Name;Handy",
        "Adresse e-mail;Prénom;Nom;Téléphone",
        "Correo electrónico;Nombre;Apellidos;Teléfono",
        "Endereço de e-mail;Nome;Sobrenome;Telefone",
        "Indirizzo e-mail;Nome;Cognome;Telefono",
    ]
    .into_iter()
    .enumerate()
    {
        let store = ava.store(&format!("store-{i}")).await;
        store.import("", format!("{header}\na@x.example;Ana;Lima;0123\n")).await;
        let one = &all(&store).await[0];
        let found = (one.first_name.as_deref(), one.last_name.as_deref(), one.phone.as_deref());
        assert_eq!(found, (Some("Ana"), Some("Lima"), Some("0123")), "{header}");
    }
}

async fn columns_without_name_and_value_make_no_field(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    store.import("", "Email,,,DAW\na@x.example,, ,Live\nb@x.example,,x,\n").await;
    let fields: Vec<serde_json::Value> = store.get("/custom-fields").await.expect(200).json();
    let mut keys: Vec<&str> = fields.iter().map(|field| field["key"].as_str().unwrap()).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["column_3", "daw"]);
}

async fn other_formats_are_refused_with_a_way_out(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    for (code, word, file) in [
        (RefusalCode::FileSpreadsheet, "spreadsheet", &b"PK\x03\x04\x14\0\x06\0[Content_Types].xml"[..]),
        (RefusalCode::FileCompressed, "Unpack", b"\x1f\x8b\x08\0\0\0\0\0\0\x03"),
        (RefusalCode::FileJson, "JSON", b"[{\"email\": \"a@x.example\"}]"),
        (RefusalCode::FileVcard, "vCard", b"BEGIN:VCARD\r\nVERSION:3.0\r\n"),
        (RefusalCode::FileMarkup, "web page", b"<!DOCTYPE html><html>"),
    ] {
        let import = store.import_to_its_end("", file).await;
        assert_eq!((import.status, import.error_code), (ImportStatus::Failed, Some(code)));
        let reason = import.error.unwrap();
        assert!(reason.contains(word) && reason.contains("import"), "{reason}");
    }
}

async fn a_store_has_a_bound_of_fields(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let columns = |range: std::ops::Range<usize>| range.map(|i| format!(",field {i}")).collect::<String>();
    let wide = store.import_to_its_end("", format!("Email{}\na@x.example\n", columns(0..500))).await;
    assert_eq!(wide.error_code, Some(RefusalCode::TooManyColumns));
    store.import("", format!("Email{}\na@x.example,1\n", columns(0..400))).await;
    for dry_run in ["dry_run=true", ""] {
        let more =
            store.import_to_its_end(dry_run, format!("Email{}\nb@x.example\n", columns(300..600))).await;
        assert_eq!(more.error_code, Some(RefusalCode::TooManyFields));
    }
    let fields: Vec<serde_json::Value> = store.get("/custom-fields").await.expect(200).json();
    assert_eq!(fields.len(), 400);
    let attributes: serde_json::Map<String, serde_json::Value> =
        (0..101).map(|i| (format!("extra_{i}"), json!("x"))).collect();
    let request = json!({ "email": "c@x.example", "attributes": attributes });
    store.post("/customers", &request).await.field_errors(&[("/attributes", "too_many_fields")]);
}
