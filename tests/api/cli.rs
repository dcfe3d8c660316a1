//! The command line of the real binary: what it prints, and how it ends.

use fanbase_api::db::{connect::connect, sql::Sql};
use fanbase_tests::{
    Api, Caller as _, Database,
    api::Credential,
    app::on_database,
    child::{Binary, Told},
    database::TestDatabase,
    on_both_databases_alone, poll,
};
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};

on_both_databases_alone!(
    wrong_values_end_with_status_2_and_change_nothing,
    what_cannot_be_done_ends_with_status_1,
    a_lost_password_is_replaced,
    a_store_gets_another_owner,
    a_store_is_set_up_filled_and_emptied_into_a_file,
    rows_that_were_not_imported_are_written_to_a_file,
    the_demo_store_has_an_audience_that_buys,
    a_migration_says_what_it_did,
    a_server_listens_at_a_name,
);

const AVA: &str = "ava@x.example";
const BOB: &str = "bob@x.example";

/// Fails unless the command ended so, with a sentence and without the words of the libraries.
#[track_caller]
fn refused(told: &Told, status: i32, sentence: &str) {
    assert_eq!(told.status, Some(status), "{told:?}");
    assert!(told.error.contains(sentence), "{sentence:?} is not in {:?}", told.error);
    for words in ["Error:", "error:  ", "Err(", "panicked", "DbErr"] {
        assert!(!told.error.contains(words), "{words:?} is in {:?}", told.error);
    }
    assert_eq!(told.text, "");
}

fn user<'a>(email: &'a str, name: &'a str, password: &'a str) -> Vec<&'a str> {
    vec!["user", "create", "--email", email, "--name", name, "--password", password]
}

fn store<'a>(name: &'a str, slug: &'a str, currency: &'a str, owner: &'a str) -> Vec<&'a str> {
    vec!["store", "create", "--name", name, "--slug", slug, "--currency", currency, "--owner", owner]
}

/// Registers Ava, and opens her store.
fn open_store(fanbase: &Binary) -> Value {
    let _ = fanbase.run(&user(AVA, "Ava", "12345678"));
    fanbase.run(&store("Store", "s-s", "USD", AVA))
}

async fn wrong_values_end_with_status_2_and_change_nothing(database: &TestDatabase) {
    let fanbase = Binary::on(database);
    let _ = fanbase.run(&user(AVA, "Ava", "12345678"));
    let long = "x".repeat(201);
    for (arguments, sentence) in [
        (user("nobody", "Bob", "12345678"), "This is not an e-mail address."),
        (user(" ", "Bob", "12345678"), "The e-mail address is missing."),
        (user(BOB, " ", "12345678"), "An account needs a name."),
        (user(BOB, &long, "12345678"), "At most 200 characters."),
        (user(BOB, "Bob", "1234567"), "A password has at least 8 characters."),
        (user(BOB, "Bob", ""), "A password has at least 8 characters."),
        (store(" ", "s-s", "USD", AVA), "A store needs a name."),
        (store("S", "Not A Slug", "USD", AVA), "2 to 60 lower-case letters, digits and inner hyphens."),
        (store("S", "s-s", "XYZ", AVA), "ISO 4217"),
        (store("S", "s-s", "USD", "nobody"), "This is not an e-mail address."),
        (vec!["key", "create", "--store", "s", "--scope", "fans:admire"], "known scopes are"),
        (vec!["import", "--store", "s", "--map", "nonsense", "x.csv"], "HEADER=FIELD"),
        (vec!["import", "--store", "s", "--delimiter", "ab", "x.csv"], "one character"),
        (vec!["serve", "--listen", "8080"], "localhost:8080"),
        (vec!["conquer"], "conquer"),
    ] {
        let told = fanbase.tell(&arguments);
        assert_eq!((told.status, told.text.as_str()), (Some(2), ""), "{arguments:?}: {told:?}");
        assert!(told.error.contains(sentence), "{arguments:?}: {sentence:?} is not in {}", told.error);
    }
    let told = fanbase.at("mysql://localhost/x").tell(&["migrate"]);
    refused(&told, 2, "The database URL must start with sqlite:// or postgres://.");
    let told = fanbase.tell(&store("S", "s-s", "USD", BOB));
    refused(&told, 1, "There is no account bob@x.example.");
}

async fn what_cannot_be_done_ends_with_status_1(database: &TestDatabase) {
    let fanbase = Binary::on(database);
    let _ = open_store(&fanbase);
    let told = fanbase.tell(&user("AVA@x.example", "Ava", "12345678"));
    refused(&told, 1, "Another account has this address.");
    refused(&fanbase.tell(&store("S", "s-s", "USD", AVA)), 1, "Another store has this slug.");
    refused(&fanbase.tell(&["export", "--store", "nowhere"]), 1, "There is no such store.");
    let connect = ["store", "connect", "--store", "s-s", "--stripe-account"];
    let connected = fanbase.run(&[&connect[..], &["acct_1", "--platform-events", "true"]].concat());
    assert_eq!(
        (&connected["stripe_account"], &connected["takes_platform_events"]),
        (&json!("acct_1"), &json!(true))
    );
    assert_eq!(fanbase.run(&[&connect[..], &[""]].concat())["stripe_account"], Value::Null);
    refused(&fanbase.tell(&[&connect[..], &["sk_live_1"]].concat()), 2, "starts with acct_");
    let missing = database.folder.path().join("missing.csv");
    let told = fanbase.tell(&["import", "--store", "s-s", &missing.to_string_lossy()]);
    refused(&told, 1, "missing.csv cannot be read");
    let no_contacts = database.folder.path().join("no.csv");
    std::fs::write(&no_contacts, "Name\nAva\n").unwrap();
    let told = fanbase.tell(&["import", "--store", "s-s", &no_contacts.to_string_lossy()]);
    refused(&told, 1, "The file has no e-mail column.");
    let unreachable = match database.url.starts_with("sqlite:") {
        true => "sqlite:///dev/null/fanbase.db",
        false => "postgres://nobody@127.0.0.1:1/nothing",
    };
    let told = fanbase.at(unreachable).tell(&["migrate"]);
    refused(&told, 1, "The database failed: ");
}

async fn a_lost_password_is_replaced(database: &TestDatabase) {
    let fanbase = Binary::on(database);
    let _ = open_store(&fanbase);
    let password = |email, password| ["user", "password", "--email", email, "--password", password];
    refused(&fanbase.tell(&password(BOB, "another horse")), 1, "There is no account bob@x.example.");
    refused(&fanbase.tell(&password(AVA, "short")), 2, "A password has at least 8 characters.");
    let mut server = fanbase.serve();
    let anonymous = Api::new(server.address().await, Credential::None);
    let login = async |password: &str, status| {
        let body = json!({"email": AVA, "password": password});
        anonymous.post("/api/v1/auth/login", &body).await.expect(status)
    };
    let answer = login("12345678", 204).await;
    let cookie = answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let ava = anonymous.with(Credential::Cookie(cookie));
    let _ = ava.get("/api/v1/me").await.expect(200);
    assert_eq!(fanbase.run(&password(AVA, "another horse"))["password"], "another horse");
    let _ = login("12345678", 401).await;
    // The command is another process: the server caches the session for some seconds more.
    poll::until("the end of the session", async || (ava.get("/api/v1/me").await.status == 401).then_some(()))
        .await;
    let _ = login("another horse", 204).await;
    server.kill();
    let made = fanbase.run(&["user", "password", "--email", AVA]);
    assert!(made["password"].as_str().unwrap().len() >= 8);
}

async fn a_store_gets_another_owner(database: &TestDatabase) {
    let fanbase = Binary::on(database);
    let _ = open_store(&fanbase);
    let owner = |store, email| ["store", "owner", "--store", store, "--owner", email];
    refused(&fanbase.tell(&owner("s-s", BOB)), 1, "There is no account bob@x.example.");
    let _ = fanbase.run(&user(BOB, "Bob", "12345678"));
    refused(&fanbase.tell(&owner("nowhere", BOB)), 1, "There is no such store.");
    for _ in 0..2 {
        let member = fanbase.run(&owner("s-s", BOB));
        assert_eq!((&member["email"], &member["role"]), (&json!(BOB), &json!("AGENCY_OWNER")));
    }
}

async fn a_store_is_set_up_filled_and_emptied_into_a_file(database: &TestDatabase) {
    let fanbase = Binary::on(database);
    let bob = fanbase.run(&user(BOB, "Bob", "password of Bob"));
    assert_eq!((&bob["email"], &bob["password"]), (&json!(BOB), &json!("password of Bob")));
    let store = open_store(&fanbase);
    assert_eq!(store["slug"], "s-s");
    let key = fanbase.run(&["key", "create", "--store", "s-s", "--scope", "fans:read", "fans:write"]);
    assert!(key["secret"].as_str().unwrap().starts_with("fb_"), "{key}");
    let file = database.folder.path().join("contacts.csv");
    std::fs::write(&file, "Email;Name\na@x.example;Ava\nb@x.example;Bob\nnobody;x\n").unwrap();
    let report = fanbase.run(&["import", "--store", "s-s", &file.to_string_lossy()]);
    let outcomes = ["rows", "created", "updated", "unchanged", "duplicate_in_file", "invalid"];
    let outcomes: Vec<&Value> = outcomes.iter().map(|name| &report[*name]).collect();
    assert_eq!(outcomes, [&json!(3), &json!(2), &json!(0), &json!(0), &json!(0), &json!(1)]);
    let export = fanbase.tell(&["export", "--store", store["id"].as_str().unwrap()]);
    // Accounts that are no customers are fans as well, but for owners of stores.
    assert_eq!(export.text.lines().count(), 1 + 2 + 1, "{}", export.text);
    let recount = fanbase.run(&["recount", "--store", "s-s"]);
    assert_eq!((&recount["drift"], &recount["counts"]["lead"]), (&json!({}), &json!(2)));
}

async fn rows_that_were_not_imported_are_written_to_a_file(database: &TestDatabase) {
    let fanbase = Binary::on(database);
    let _ = open_store(&fanbase);
    let (file, problems) =
        (database.folder.path().join("a.csv"), database.folder.path().join("problems.csv"));
    std::fs::write(&file, "Email,Score\nnobody,1\na@x.example,many\nb@x.example,2\n").unwrap();
    let import =
        ["import", "--store", "s-s", &file.to_string_lossy(), "--problems", &problems.to_string_lossy()];
    let told = fanbase.tell(&import);
    assert_eq!(told.status, Some(0), "rows that were invalid do not make an import fail: {told:?}");
    let mut reader = csv::Reader::from_path(&problems).unwrap();
    assert_eq!(reader.headers().unwrap(), ["line", "email", "severity", "code", "reason"].as_slice());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let rows: Vec<(&str, &str, &str)> = rows.iter().map(|row| (&row[0], &row[2], &row[3])).collect();
    assert_eq!(rows, [("2", "error", "email_invalid"), ("3", "warning", "unreadable_number")]);
}

async fn a_migration_says_what_it_did(database: &TestDatabase) {
    let fanbase = Binary::on(database);
    let first = fanbase.run(&["migrate"]);
    let applied = first["applied"].as_array().unwrap().len();
    // The databases of the tests are cloned from one that is up to date.
    let is_new = database.url.starts_with("sqlite:");
    assert!(!is_new || applied > 3, "{first}");
    assert_eq!(fanbase.run(&["migrate"]), json!({ "applied": [] }));
    assert_eq!(fanbase.tell(&["migrate"]).text.lines().count(), 1);
}

async fn a_server_listens_at_a_name(database: &TestDatabase) {
    let mut server = Binary::on(database).serve_at("localhost:0");
    let address = server.address().await;
    assert!(address.ip().is_loopback(), "{address}");
    let _ = Api::new(address, Credential::None).get("/healthz").await.expect(200);
    server.kill();
}

async fn tables(path: &std::path::Path) -> Vec<String> {
    let db = sea_orm::Database::connect(format!("sqlite://{}", path.display())).await.unwrap();
    let all = "SELECT name FROM sqlite_master WHERE type = 'table'";
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), all)).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

#[test]
fn a_backup_is_the_database_as_it_was() {
    on_database(Database::Sqlite, async |database| {
        let old = database.folder.path().join("old.db");
        let url = format!("sqlite://{}", old.display());
        let db = sea_orm::Database::connect(format!("{url}?mode=rwc")).await.unwrap();
        db.execute_unprepared("CREATE TABLE of_an_older_release (x)").await.unwrap();
        db.close().await.unwrap();
        let fanbase = Binary::on(database).at(&url);
        let copy = database.folder.path().join("copy.db");
        let told = fanbase.run(&["backup", &copy.to_string_lossy()]);
        assert_eq!(told["file"], json!(copy));
        assert_eq!(told["bytes"], json!(std::fs::metadata(&copy).unwrap().len()));
        assert_eq!(tables(&copy).await, ["of_an_older_release"]);
        assert_eq!(tables(&old).await, ["of_an_older_release"], "a backup changes nothing");
        refused(&fanbase.tell(&["backup", &copy.to_string_lossy()]), 1, "exists already");
        let missing = database.folder.path().join("missing.db");
        let fanbase = fanbase.at(&format!("sqlite://{}", missing.display()));
        refused(&fanbase.tell(&["backup", "copy2.db"]), 1, "There is no database");
        assert!(!missing.exists());
    });
}

async fn the_demo_store_has_an_audience_that_buys(database: &TestDatabase) {
    let fanbase = Binary::on(database);
    let contacts = ["demo", "--rows", "2000", "--accounts", "20", "--without-sales"];
    let store = fanbase.run(&contacts);
    let db = connect(&database.url, None).await.unwrap();
    let counts = async || {
        let mut counts = Vec::new();
        for table in
            ["customers", "enrollments", "purchases", "refunds", "subscriptions", "payments", "audit_log"]
        {
            let sql = Sql::new(&format!("SELECT COUNT(*) FROM {table}"));
            counts.push(sql.number(db.read()).await.unwrap());
        }
        counts
    };
    let before = counts().await;
    assert_eq!(before[1..6], [0; 5]);
    // What is not there yet is added, once.
    assert_eq!(fanbase.run(&contacts[..5]), store);
    let after = counts().await;
    assert_eq!(after[0], before[0], "whoever buys is in the audience");
    assert!(after[1..6].iter().all(|count| *count > 0), "{after:?}");
    assert!(after[6] - before[6] < 20, "the log tells of the catalogue, not of each sale: {after:?}");
    assert_eq!(fanbase.run(&contacts[..5]), store);
    assert_eq!(counts().await, after);
    let drift = fanbase.run(&["recount", "--store", "pause-play-repeat"]);
    let counts = &drift["counts"];
    assert!(counts["paying"].as_u64() > Some(10) && counts["subscription"].as_u64() > Some(2), "{drift}");
    db.close().await.unwrap();
}
