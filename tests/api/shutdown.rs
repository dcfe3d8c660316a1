//! The real binary, asked to end while it works: it ends cleanly, and the next one goes on.

use std::time::{Duration, Instant};

use fanbase_domain::wire::imports::{ImportResponse, ImportStatus};
use fanbase_tests::{
    Api, Caller as _, Creator, api::Credential, callers::PASSWORD, child::Binary, database::TestDatabase,
    files, on_both_databases_alone,
};
use sea_orm::{ConnectionTrait as _, Statement};

on_both_databases_alone!(a_server_that_is_asked_to_end_leaves_its_import_to_the_next);

const ROWS: u64 = 20_000;
const OWNER: &str = "owner@creators.example";
/// Far less than a server may take to end.
const SOON: Duration = Duration::from_secs(15);

/// Where the only import of a database stands, without a server.
async fn stored_import(database: &TestDatabase) -> (String, i64) {
    let db = sea_orm::Database::connect(&database.url).await.unwrap();
    let query = Statement::from_string(db.get_database_backend(), "SELECT status, row_count FROM imports");
    let row = db.query_one_raw(query).await.unwrap().unwrap();
    let found = (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap());
    db.close().await.unwrap();
    found
}

async fn a_server_that_is_asked_to_end_leaves_its_import_to_the_next(database: &TestDatabase) {
    let binary = Binary::on(database);
    let _ = binary.run(&["user", "create", "--email", OWNER, "--name", "Owner", "--password", PASSWORD]);
    let mut server = binary.serve();
    let anonymous = Api::new(server.address().await, Credential::None);
    let owner = Creator::sign_in(&anonymous, OWNER).await;
    let store = owner.store("store").await;
    let (file, expected, _) = files::sample(ROWS, 0, 5);
    let queued: ImportResponse = store.send_file("", file).await.expect(202).json();
    // An open stream must not hold up the end.
    let events = format!("/imports/{}/events", queued.id);
    let follower = store.clone();
    let follower = tokio::spawn(async move { follower.get(&events).await.text() });
    let mut written = 0;
    loop {
        // Whoever writes makes the import commit what it has.
        store.customer(&format!("meanwhile{written}@x.example")).await;
        written += 1;
        let import: ImportResponse = store.get(&format!("/imports/{}", queued.id)).await.expect(200).json();
        assert!(!import.status.is_final(), "the import was over before the server was asked to end");
        if import.tally.rows > 0 {
            break;
        }
    }
    let asked = Instant::now();
    assert_eq!(server.terminate(), Some(0));
    assert!(asked.elapsed() < SOON, "it took {:?} to end", asked.elapsed());
    assert!(follower.await.unwrap().contains("event: progress"));
    let (status, rows) = stored_import(database).await;
    assert_eq!(status, "running");
    assert!(rows > 0 && (rows as u64) < ROWS, "{rows} of {ROWS}");

    let mut server = binary.serve();
    let store = owner.at(server.address().await).open(store.id);
    let import = store.finished_import(queued.id).await;
    assert_eq!((import.status, import.tally), (ImportStatus::Completed, files::tally(&expected)));
    assert_eq!(
        store.counts("type=lead&type=paying&type=subscription").await.total,
        expected.created + written
    );
    store.assert_no_drift().await;
    assert_eq!(server.terminate(), Some(0));
}
