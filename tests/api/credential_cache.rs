//! Credentials are cached for a few seconds: what this server revokes ends at once, what another process
//! revokes a few seconds later.

use fanbase_api::db::connect::connect;
use fanbase_domain::problem::ProblemCode;
use fanbase_tests::{Caller as _, TestApp, on_both_databases, poll};
use futures_util::future::join_all;
use sea_orm::ConnectionTrait as _;

on_both_databases!(
    lists_and_counts_are_never_cached,
    what_another_process_revokes_ends_after_some_seconds,
    what_one_role_sees_another_does_not,
    many_who_read_and_one_who_writes_see_every_change,
    what_this_server_revokes_ends_at_once_under_load,
);

async fn lists_and_counts_are_never_cached(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    store.customer("a@x.example").await;
    let name = async || store.fans("").await[0].name.clone();
    assert_eq!((name().await, name().await), (None, None));
    let other = connect(app.database_url(), None).await.unwrap();
    other.write().execute_unprepared("UPDATE customers SET first_name = 'Ava'").await.unwrap();
    assert_eq!(name().await.as_deref(), Some("Ava"));
    let change = "UPDATE fan_counts SET n = n + 4 WHERE counter = 'type:lead'";
    other.write().execute_unprepared(change).await.unwrap();
    assert_eq!(store.counts("").await.lead, 5);
    other.close().await.unwrap();
}

async fn what_another_process_revokes_ends_after_some_seconds(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let key = store.seen_by(&store.key(&["fans:read"]).await);
    let other = connect(app.database_url(), None).await.unwrap();
    let write = async |sql: &str| {
        other.write().execute_unprepared(sql).await.unwrap();
    };
    let key_ends = async |status: u16| {
        poll::until("the key's change", async || {
            let response = key.get("/fans").await;
            (response.status == status).then_some(response)
        })
        .await
    };
    let person_ends = async |status: u16| {
        poll::until("the person's change", async || {
            let response = store.get("/fans").await;
            (response.status == status).then_some(response)
        })
        .await
    };
    let _ = key.get("/fans").await.expect(200);
    write("UPDATE api_keys SET scopes = 'events:write'").await;
    key_ends(403).await.problem(403, ProblemCode::Forbidden);
    write("UPDATE api_keys SET scopes = 'fans:read', revoked_at = 1").await;
    key_ends(401).await.problem(401, ProblemCode::Unauthenticated);
    let _ = store.get("/fans").await.expect(200);
    write("UPDATE users SET suspended_at = 1").await;
    person_ends(403).await.problem(403, ProblemCode::Forbidden);
    write("UPDATE users SET suspended_at = NULL").await;
    person_ends(200).await;
    write("DELETE FROM store_members").await;
    person_ends(404).await.problem(404, ProblemCode::NotFound);
    write("DELETE FROM sessions").await;
    person_ends(401).await.problem(401, ProblemCode::Unauthenticated);
    other.close().await.unwrap();
}

async fn what_one_role_sees_another_does_not(app: TestApp) {
    let ava = app.creator("ava").await;
    let (store, other) = (ava.store("s1").await, ava.store("s2").await);
    store.import("", "Email,Total Spent\na@x.example,7.77\n").await;
    let guest = store.seen_by(&store.member(&app, "mira", "SUBACCOUNT_GUEST").await);
    for _ in 0..2 {
        assert_eq!(store.fans("type=lead").await[0].total_spent, Some(777));
        assert_eq!(guest.fans("type=lead").await[0].total_spent, None);
        assert_eq!(other.fans("type=lead").await.len(), 0);
        guest.get("/fans?sort=-total_spent").await.problem(403, ProblemCode::Forbidden);
        let _ = store.get("/fans?sort=-total_spent").await.expect(200);
    }
}

async fn many_who_read_and_one_who_writes_see_every_change(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let leads = async || store.counts("").await.lead;
    for known in 0..30 {
        // Reads during the write see the state before it or after it; later reads see the state after it.
        let reads = join_all((0..8).map(|_| leads()));
        let email = format!("a{known}@x.example");
        let (counts, _) = tokio::join!(reads, store.customer(&email));
        assert!(counts.iter().all(|leads| [known, known + 1].contains(leads)), "{counts:?} of {known}");
        assert_eq!(leads().await, known + 1);
    }
}

async fn what_this_server_revokes_ends_at_once_under_load(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    for _ in 0..10 {
        let created = store.key(&["fans:read"]).await;
        let key = store.seen_by(&created);
        let _ = key.get("/fans/counts").await.expect(200);
        // Reads under way when the key is revoked must not put it back into the cache.
        let reads = join_all((0..16).map(|_| key.get("/fans/counts")));
        let path = format!("/api-keys/{}", created.id);
        let (_, revoked) = tokio::join!(reads, store.delete(&path));
        let _ = revoked.expect(204);
        key.get("/fans/counts").await.problem(401, ProblemCode::Unauthenticated);
    }
}
