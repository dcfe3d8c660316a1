//! Links nearly all accounts to customers, past the API: whom a page has to skip.

use sea_orm::{ConnectOptions, ConnectionTrait as _, Database as Connection};

use crate::database::Database;

/// Of a thousand accounts, how many are left without a customer.
const LEFT: u64 = 1;

/// Links all accounts of the platform but one in a thousand to customers of the only store,
/// and sets the counter.
pub(super) async fn db_link(kind: Database, url: &str, accounts: u64) {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    let db = Connection::connect(options).await.unwrap();
    let linked = accounts - accounts * LEFT / 1000;
    let run = async |sql: &str| {
        db.execute_unprepared(sql).await.unwrap();
    };
    run("UPDATE customers SET user_id = NULL WHERE user_id IS NOT NULL").await;
    let numbered = format!(
        "WITH c AS (SELECT store_id, id, ROW_NUMBER() OVER (ORDER BY id) AS n FROM customers),
              u AS (SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS n FROM users WHERE email_key IS NOT NULL)
         UPDATE customers SET user_id = pair.user_id
         FROM (SELECT c.store_id, c.id, u.id AS user_id FROM c JOIN u ON u.n = c.n WHERE u.n <= {linked}) AS pair
         WHERE customers.store_id = pair.store_id AND customers.id = pair.id"
    );
    run(&numbered).await;
    run("DELETE FROM fan_counts WHERE counter = 'linked'").await;
    run("INSERT INTO fan_counts (store_id, counter, slot, n)
         SELECT store_id, 'linked', 0, COUNT(*) FROM customers WHERE user_id IS NOT NULL GROUP BY store_id")
    .await;
    if kind == Database::Postgres {
        run("VACUUM ANALYZE customers").await;
    }
    db.close().await.unwrap();
}
