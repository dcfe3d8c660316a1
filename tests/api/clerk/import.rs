//! Accounts that Clerk has already.

use fanbase_tests::{app, child::Binary, database::TestDatabase, on_both_databases_alone};
use serde_json::json;

use super::{db_account, db_accounts, send, updated, user};

on_both_databases_alone!(accounts_of_clerk_are_imported_once);

async fn accounts_of_clerk_are_imported_once(database: &TestDatabase) {
    let file = database.folder.path().join("users.json");
    let users = json!([user("user_1", 5, Some("fan@x.example")), user("user_2", 5, None), {"id": "user_3"}]);
    std::fs::write(&file, users.to_string()).unwrap();
    let fanbase = Binary::on(database);
    for _ in 0..2 {
        let told = fanbase.run(&["user", "import-clerk", &file.to_string_lossy()]);
        assert_eq!(told, json!({"accounts": 3, "invalid": 1}));
    }
    app::serve(
        database,
        |_| {},
        async |app| {
            assert_eq!(db_accounts(&app).await.len(), 2);
            // Events that are older than the list change nothing.
            send(&app, &updated("user_1", 4, Some("old@x.example"))).await;
            assert_eq!(db_account(&app, "user_1").await.email.as_deref(), Some("fan@x.example"));
        },
    )
    .await;
}
