//! Two servers that share a PostgreSQL and not their files.

use fanbase_domain::wire::imports::{ImportResponse, ImportStatus};
use fanbase_tests::{
    Api, Caller as _, Creator, Database, api::Credential, app::on_database, callers::PASSWORD, child::Binary,
    database::TestDatabase, files, poll,
};

#[test]
fn a_server_without_a_file_leaves_its_import_alone() {
    on_database(Database::Postgres, import_beside_another_server);
}

const OWNER: &str = "owner@creators.example";

async fn import_beside_another_server(database: &TestDatabase) {
    let one = Binary::on(database);
    let elsewhere = database.folder.path().join("elsewhere").to_string_lossy().into_owned();
    let two = Binary::on(database).with_data_dir(&elsewhere);
    let _ = one.run(&["user", "create", "--email", OWNER, "--name", "Owner", "--password", PASSWORD]);
    let mut first = one.serve();
    let anonymous = Api::new(first.address().await, Credential::None);
    let owner = Creator::sign_in(&anonymous, OWNER).await;
    let store = owner.store("s1").await;
    let mut second = two.serve();
    let _ = second.address().await;
    let (file, expected, _) = files::sample(5_000, 0, 1);
    for _ in 0..3 {
        let request = store.request(reqwest::Method::POST, "/imports?consent=subscribed");
        let import: ImportResponse = request.body("text/csv", file.clone()).send().await.expect(202).json();
        let done = poll::until("the end of the import", || async {
            let import: ImportResponse =
                store.get(&format!("/imports/{}", import.id)).await.expect(200).json();
            import.status.is_final().then_some(import)
        })
        .await;
        assert_eq!(done.status, ImportStatus::Completed, "{done:?}");
        assert_eq!(done.tally.rows, files::tally(&expected).rows);
    }
    second.kill();
    first.kill();
}
