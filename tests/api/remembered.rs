//! What is kept while nothing is committed: nobody may notice.

use fanbase_api::db::connect::connect;
use fanbase_domain::{
    problem::ProblemCode,
    wire::fans::{FanCountsResponse, FanPage},
};
use fanbase_tests::{Caller as _, TestApp, on_both_databases};
use futures_util::future::join_all;
use sea_orm::ConnectionTrait as _;

on_both_databases!(
    a_version_lasts_until_somebody_commits,
    what_another_process_commits_is_told_at_once,
    what_one_role_was_told_another_is_not,
    many_who_ask_and_one_who_writes_see_every_change,
);

async fn a_version_lasts_until_somebody_commits(app: TestApp) {
    let versions = || async { app.db().version().await.unwrap() };
    let first = versions().await;
    assert_eq!(first, versions().await);
    let all = join_all((0..100).map(|_| versions())).await;
    assert!(all.iter().all(|version| *version == first));
    let other = connect(app.database_url(), None).await.unwrap();
    for db in [app.db(), &other] {
        let before = versions().await;
        db.write()
            .execute_unprepared("INSERT INTO user_counts (slot, with_email) VALUES (7, 0)")
            .await
            .unwrap();
        let after = versions().await;
        assert_ne!(before, after);
        db.write().execute_unprepared("DELETE FROM user_counts WHERE slot = 7").await.unwrap();
        assert!(![before, after].contains(&versions().await), "a version never comes back");
    }
    other.close().await.unwrap();
}

async fn what_another_process_commits_is_told_at_once(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let fan = store.customer("a@x.example").await;
    let key = store.seen_by(&store.key(&["fans:read"]).await);
    let name = async || -> Option<String> {
        let page: FanPage = key.get("/fans").await.expect(200).json();
        page.items[0].name.clone()
    };
    assert_eq!((name().await, name().await), (None, None));
    let other = connect(app.database_url(), None).await.unwrap();
    let write = async |sql: &str| {
        other.write().execute_unprepared(sql).await.unwrap();
    };
    write("UPDATE customers SET first_name = 'Ava'").await;
    assert_eq!(name().await.as_deref(), Some("Ava"));
    write("UPDATE fan_counts SET n = n + 4 WHERE counter = 'type:lead'").await;
    let counts: FanCountsResponse = key.get("/fans/counts").await.expect(200).json();
    assert_eq!(counts.lead, 5);
    write("UPDATE api_keys SET scopes = 'events:write'").await;
    key.get("/fans").await.problem(403, ProblemCode::Forbidden);
    write("UPDATE api_keys SET scopes = 'fans:read', expires_at = 1").await;
    key.get("/fans").await.problem(401, ProblemCode::Unauthenticated);
    write("UPDATE api_keys SET expires_at = NULL").await;
    let _ = key.get("/fans").await.expect(200);
    write("UPDATE api_keys SET revoked_at = 1").await;
    key.get("/fans").await.problem(401, ProblemCode::Unauthenticated);
    let _ = store.get(&format!("/fans/{}", fan.id)).await.expect(200);
    write("UPDATE users SET suspended_at = 1").await;
    store.get("/fans").await.problem(403, ProblemCode::Forbidden);
    write("UPDATE users SET suspended_at = NULL").await;
    write("DELETE FROM store_members").await;
    store.get("/fans").await.problem(404, ProblemCode::NotFound);
    write("DELETE FROM sessions").await;
    store.get("/fans").await.problem(401, ProblemCode::Unauthenticated);
    other.close().await.unwrap();
}

async fn what_one_role_was_told_another_is_not(app: TestApp) {
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

async fn many_who_ask_and_one_who_writes_see_every_change(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let leads = async || store.counts("").await.lead;
    for known in 0..30 {
        // Who asks while it is written is told one or the other; who asks afterwards, the new.
        let asked = join_all((0..8).map(|_| leads()));
        let email = format!("a{known}@x.example");
        let (told, _) = tokio::join!(asked, store.customer(&email));
        assert!(told.iter().all(|leads| [known, known + 1].contains(leads)), "{told:?} of {known}");
        assert_eq!(leads().await, known + 1);
    }
}
