//! The command line takes the same files as the API, with the same results.

use fanbase_tests::{child::Binary, database::TestDatabase, on_both_databases_alone};
use serde_json::Value;

on_both_databases_alone!(contact_files_are_imported_by_the_command_line);

const FILES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/api/imports/files/");

/// A store of its own, and imports into it.
struct Store<'a> {
    fanbase: &'a Binary,
    slug: String,
}

impl Store<'_> {
    fn import(&self, file: &str, options: &[&str]) -> Value {
        let path = format!("{FILES}{file}");
        self.fanbase.run(&[&["import", "--store", &self.slug, &path], options].concat())
    }

    fn export(&self) -> Vec<csv::StringRecord> {
        let told = self.fanbase.tell(&["export", "--store", &self.slug]);
        assert_eq!(told.status, Some(0), "{}", told.error);
        csv::Reader::from_reader(told.text.as_bytes()).into_records().map(Result::unwrap).collect()
    }

    /// A column of the export: the cells that are not blank, in alphabetical order.
    fn column(&self, index: usize) -> Vec<String> {
        let export = self.export();
        let mut cells: Vec<String> = export
            .iter()
            .filter(|row| row[0].contains("@hunt.example"))
            .map(|row| row[index].to_owned())
            .collect();
        cells.sort_unstable();
        cells
    }
}

const FIRST_NAME: usize = 1;
const CONSENT: usize = 7;
const TAGS: usize = 11;

fn tally(import: &Value) -> [u64; 3] {
    ["rows", "created", "invalid"].map(|name| import[name].as_u64().unwrap())
}

async fn contact_files_are_imported_by_the_command_line(database: &TestDatabase) {
    let fanbase = Binary::on(database);
    let _ = fanbase.run(&[
        "user",
        "create",
        "--email",
        "ava@x.example",
        "--name",
        "Ava",
        "--password",
        "12345678",
    ]);
    let store = |slug: &str| {
        let arguments = ["store", "create", "--name", "S", "--slug", slug, "--owner", "ava@x.example"];
        let _ = fanbase.run(&arguments);
        Store { fanbase: &fanbase, slug: slug.to_owned() }
    };

    let lines = store("lines");
    for file in ["line-numbers-lf.csv", "line-numbers-crlf.csv"] {
        let problems = tempfile::NamedTempFile::new().unwrap();
        lines.import(file, &["--problems", problems.path().to_str().unwrap()]);
        let rows = csv::Reader::from_path(problems.path()).unwrap().into_records();
        let found: Vec<String> = rows.map(|row| row.unwrap()[0].to_owned()).collect();
        assert_eq!(found, ["3", "6", "8"], "{file}");
    }
    assert_eq!(tally(&store("quotes").import("backslash-quotes.csv", &[])), [3, 1, 2]);
    assert_eq!(tally(&store("marks").import("invisible-marks.csv", &[])), [5, 1, 0]);
    assert_eq!(tally(&store("dates").import("dates.csv", &[])), [13, 13, 0]);
    assert_eq!(tally(&store("long").import("long-values.csv", &[])), [4, 4, 0]);
    assert_eq!(tally(&store("sep").import("sep-line-semicolon.csv", &[])), [2, 2, 0]);

    let pages = store("pages");
    pages.import("code-page-macintosh.csv", &["--encoding", "macintosh"]);
    pages.import("code-page-shift-jis.csv", &["--encoding", "shift_jis"]);
    assert_eq!(pages.column(FIRST_NAME), ["José", "Zoë", "太郎", "花子"]);
    let guessed = store("guessed").import("code-page-windows-1251.csv", &[]);
    assert_eq!(
        (guessed["shape"]["encoding_guessed"].as_bool(), guessed["problems"].as_u64()),
        (Some(true), Some(1))
    );

    let tags = store("tags");
    tags.import("tags-with-signs.csv", &[]);
    assert_eq!(tags.column(TAGS), ["\"12\"\" vinyl\",R&D,vip", "AC/DC,R&D,rock 'n' roll"]);

    let mailchimp = store("mailchimp");
    for file in ["subscribed", "unsubscribed", "cleaned"] {
        mailchimp.import(&format!("mailchimp-{file}.csv"), &[]);
    }
    assert_eq!(
        mailchimp.column(CONSENT),
        ["bounced", "bounced", "subscribed", "unsubscribed", "unsubscribed"]
    );

    let crm = store("crm");
    crm.import("crm-before.csv", &["--consent", "subscribed"]);
    crm.import("crm-status.csv", &[]);
    assert_eq!(crm.column(CONSENT), ["subscribed", "subscribed", "unconfirmed"]);
    let path = format!("{FILES}crm-before.csv");
    let told = fanbase.tell(&["import", "--store", "crm", &path, "--consent", "perhaps"]);
    assert_eq!(told.status, Some(2));
    assert!(told.error.contains("subscribed or unconfirmed"), "{}", told.error);
    let told = fanbase.tell(&["import", "--store", "lines", &path]);
    assert!(told.text.contains("unconfirmed (if they did: --consent subscribed)"), "{}", told.text);
}
