//! A backfill that is killed goes on where it was.

use fanbase_domain::ids::StoreId;
use fanbase_tests::{
    Api, Caller as _, Creator, Database, api::Credential, app::on_database, callers::PASSWORD, child::Binary,
    poll, schema,
};
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};

const OWNER: &str = "owner@creators.example";
const ENROLLMENTS: u64 = 12_000;
const PEOPLE: u64 = 5_000;
const KILLS: usize = 4;

mod crash_and_a_backfill_goes_on_where_it_was {
    use fanbase_tests::Database;

    #[test]
    fn sqlite() {
        super::kill_and_go_on(Database::Sqlite);
    }

    #[test]
    fn postgres() {
        super::kill_and_go_on(Database::Postgres);
    }
}

fn kill_and_go_on(kind: Database) {
    on_database(kind, async |database| {
        let binary = Binary::on(database);
        let store = set_up(&binary);
        db_load(kind, &database.url).await;
        let dry = binary.run(&["backfill", "courses", "--store", "store", "--dry-run"]);
        let mut server = binary.serve();
        let anonymous = Api::new(server.address().await, Credential::None);
        let owner = Creator::sign_in(&anonymous, OWNER).await;
        let at = owner.open(store);
        let started: Value = at.post("/backfills", &json!({ "what": "courses" })).await.expect(202).json();
        let path = format!("/backfills/{}", started["id"].as_str().unwrap());
        server.kill();
        let mut reached = 0;
        for _ in 0..KILLS {
            let mut server = binary.serve();
            let at = owner.at(server.address().await).open(store);
            // Once it has got on, in the middle of whatever it does.
            let now: Value = poll::until("the backfill to get on", || async {
                let now: Value = at.get(&path).await.expect(200).json();
                (now["found"].as_u64() > Some(reached) || now["status"] == "completed").then_some(now)
            })
            .await;
            reached = now["found"].as_u64().unwrap();
            server.kill();
        }
        let mut server = binary.serve();
        let at = owner.at(server.address().await).open(store);
        let done: Value = poll::until("the backfill", || async {
            let now: Value = at.get(&path).await.expect(200).json();
            (now["status"] == "completed").then_some(now)
        })
        .await;
        for number in ["found", "created", "updated", "errors"] {
            assert_eq!(done[number], dry[number], "{number}: {done} {dry}");
        }
        assert_eq!(done["found"], ENROLLMENTS);
        at.assert_no_drift().await;
        assert_eq!(at.counts("type=lead").await.total, PEOPLE);
        let left = binary.run(&["backfill", "courses", "--store", "store"]);
        assert_eq!(left["found"], 0, "{left}");
        server.kill();
    });
}

/// Nobody else has the database open, so that the command does without the indexes that only lists read.
#[test]
fn crash_and_a_backfill_in_bulk_leaves_all_indexes() {
    on_database(Database::Sqlite, async |database| {
        let binary = Binary::on(database);
        let _ = set_up(&binary);
        db_load(Database::Sqlite, &database.url).await;
        let db = schema::open(&database.url).await;
        let before = schema::indexes(&db).await;
        let command = ["backfill", "courses", "--store", "store"];
        let backfill = binary.begin(&command);
        poll::until("the load", async || {
            (!schema::indexes(&db).await.contains_key("activities_time")).then_some(())
        })
        .await;
        backfill.kill();
        let recount = binary.run(&["recount", "--store", "store"]);
        assert_eq!(recount["drift"], json!({}), "{recount}");
        assert_eq!(schema::indexes(&db).await, before);
        // The one that was killed goes on first.
        let again = binary.run(&command);
        assert_eq!(again["found"], 0, "{again}");
        assert_eq!(schema::indexes(&db).await, before);
        let statement = "SELECT COUNT(*) AS n FROM customers";
        let statement = Statement::from_string(db.get_database_backend(), statement);
        let customers: i64 = db.query_one_raw(statement).await.unwrap().unwrap().try_get("", "n").unwrap();
        assert_eq!(customers.unsigned_abs(), PEOPLE);
    });
}

/// Makes a store.
fn set_up(binary: &Binary) -> StoreId {
    let _ = binary.run(&["user", "create", "--email", OWNER, "--name", "Owner", "--password", PASSWORD]);
    let store = binary.run(&["store", "create", "--name", "Store", "--slug", "store", "--owner", OWNER]);
    store["id"].as_str().unwrap().parse().unwrap()
}

async fn db_load(kind: Database, url: &str) {
    let (id, rows) = match kind {
        Database::Sqlite => (
            "randomblob(16)",
            format!(
                "WITH RECURSIVE r (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM r WHERE n + 1 < {ENROLLMENTS})"
            ),
        ),
        Database::Postgres => (
            "gen_random_uuid()",
            format!("WITH r (n) AS (SELECT generate_series(0, {ENROLLMENTS}::bigint - 1))"),
        ),
    };
    let db = schema::open(url).await;
    let course = format!(
        "INSERT INTO courses (store_id, id, reference, title, created_at) SELECT id, {id}, 'c', 'C', 0 FROM stores"
    );
    db.execute_unprepared(&course).await.unwrap();
    let enrollments = format!(
        "INSERT INTO enrollments (store_id, id, reference, course_id, enrolled_at, email)
         {rows} SELECT c.store_id, {id}, 'e' || r.n, c.id, 1700000000000 + r.n,
             'fan' || (r.n % {PEOPLE}) || '@x.example' FROM r CROSS JOIN courses c"
    );
    db.execute_unprepared(&enrollments).await.unwrap();
    db.close().await.unwrap();
}
