//! The real binary, killed again and again while it imports and takes edits: nothing that was
//! acknowledged is lost, nothing is done twice, and the counters are exact.

mod ledger;
mod webhooks;
mod work;

use std::time::Duration;

use fanbase_domain::wire::imports::ImportStatus;
use fanbase_tests::{
    Api, Caller as _, Creator, Database, api::Credential, app::on_database, callers::PASSWORD, child::Binary,
    database::TestDatabase, files,
};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde_json::json;
use work::Work;

const KILLS: usize = 50;
const ROWS: u64 = 20_000;
const OWNER: &str = "owner@creators.example";

mod crash_and_nothing_acknowledged_is_lost_or_doubled {
    use fanbase_tests::Database;

    #[test]
    fn sqlite() {
        super::kill_again_and_again(Database::Sqlite);
    }

    #[test]
    fn postgres() {
        super::kill_again_and_again(Database::Postgres);
    }
}

fn kill_again_and_again(kind: Database) {
    on_database(kind, async |database| {
        let binary = Binary::on(database);
        let owner = sign_in(&binary).await;
        let (file, expected, _) = files::sample(ROWS, 0, 1);
        let mut work = Work::new(file, StdRng::seed_from_u64(1));
        let mut rng = StdRng::seed_from_u64(2);
        for _ in 0..KILLS {
            kill_at_a_random_moment(&binary, &owner, &mut work, &mut rng).await;
        }
        finish(database, &binary, &owner, &work, &files::tally(&expected)).await;
    });
}

/// Registers the owner of all stores and signs them in; the session outlives every server.
async fn sign_in(binary: &Binary) -> Creator {
    let _ = binary.run(&["user", "create", "--email", OWNER, "--name", "Owner", "--password", PASSWORD]);
    let mut server = binary.serve();
    let anonymous = Api::new(server.address().await, Credential::None);
    Creator::sign_in(&anonymous, OWNER).await
}

/// Starts a server and kills it: one time in five before it listens, else amid a request, after so much was
/// done that the kill has something to destroy, however slow the machine is.
async fn kill_at_a_random_moment(binary: &Binary, owner: &Creator, work: &mut Work, rng: &mut StdRng) {
    let mut server = binary.serve();
    if rng.random_ratio(1, 5) {
        tokio::time::sleep(Duration::from_millis(rng.random_range(0..150))).await;
        return server.kill();
    }
    let owner = owner.at(server.address().await);
    let enough = work.acknowledged() + rng.random_range(3..10);
    work.go_on(&owner, enough).await;
    let moment = tokio::time::sleep(Duration::from_millis(rng.random_range(0..50)));
    tokio::select! {
        () = work.go_on(&owner, usize::MAX) => unreachable!("the work never ends by itself"),
        () = moment => {}
    }
    server.kill();
}

async fn finish(
    database: &TestDatabase,
    binary: &Binary,
    owner: &Creator,
    work: &Work,
    expected: &fanbase_domain::merge::Tally,
) {
    let mut server = binary.serve();
    let owner = owner.at(server.address().await);
    let jobs = work.jobs();
    let acknowledged = work.acknowledged();
    assert!(acknowledged > 2 * KILLS, "only {acknowledged} edits were acknowledged, which shows little");
    assert!(jobs.len() < KILLS / 2, "{} imports: few of them were killed", jobs.len());
    for job in jobs {
        let store = owner.open(job.store);
        let Some(id) = job.import else { continue };
        let import = store.finished_import(id).await;
        assert_eq!((import.status, import.tally), (ImportStatus::Completed, *expected), "{import:?}");
        let listed: serde_json::Value = store.get("/imports").await.expect(200).json();
        assert_eq!(listed["items"].as_array().map(Vec::len), Some(1), "one file, one import: {listed}");
        let found = job.ledger.check(&store.export().await);
        let customers = store.counts("type=lead&type=paying&type=subscription").await.total;
        assert_eq!(customers, expected.created + found, "in {}", database.url);
        // Writing goes on as if nothing had happened.
        let _ = store.create_customer(&json!({ "email": "after@all.example" })).await;
    }
    server.kill();
    for job in jobs {
        let recount = binary.run(&["recount", "--store", &job.store.to_string()]);
        assert_eq!((&recount["drift"], &recount["accounts_drift"]), (&json!({}), &json!(0)), "{recount}");
    }
}
