//! A new store beside a large one: PostgreSQL's statistics do not know it, and its look-ups must take the
//! right index all the same (docs/adr/0016-lookups-hide-the-store.md).

use fanbase_api::db::sql::{Each, Sql};
use fanbase_domain::ids::StoreId;
use fanbase_tests::{Database, TestApp, app};
use sea_orm::ConnectionTrait as _;
use uuid::Uuid;

#[test]
fn look_ups_of_a_store_that_the_statistics_do_not_know_take_the_index_of_their_column() {
    app::run(Database::Postgres, look_up_in_a_new_store);
}

async fn look_up_in_a_new_store(app: TestApp) {
    let store = app.creator("ava").await.store("large").await;
    let rows: String = (0..5_000).map(|i| format!("c{i}@x.example,tag{}\n", i % 7)).collect();
    store.import("", format!("Email,Tags\n{rows}")).await;
    let db = app.db().read();
    let _ = app.db().write().execute_unprepared("ANALYZE").await.unwrap();
    let new = StoreId::new(Uuid::now_v7());
    let plan = async |each: &Each<'_>| {
        let mut sql = Sql::new(&format!("SELECT {0}.* FROM ", each.table));
        sql.each(db, each);
        let rows = sql.around("EXPLAIN ", "").all(db).await.unwrap();
        rows.iter().map(|row| row.try_get_by_index::<String>(0).unwrap()).collect::<Vec<_>>().join("\n")
    };
    let names = ["a@x.example", "b@x.example"];
    let found = plan(&Each { lock: false, ..Each::named("customers", new, "email_key", &names) }).await;
    assert!(found.contains("customers_email"), "{found}");
    let ids = [Uuid::now_v7(), Uuid::now_v7()];
    let found = plan(&Each::of_customers("customer_tags", new, &ids)).await;
    assert!(found.contains("customer_tags_pkey"), "{found}");
}
