//! Received events are kept, listed and replayed.

use fanbase_domain::{
    problem::ProblemCode,
    wire::{page::Page, webhooks::WebhookEventResponse},
};
use fanbase_tests::{Caller, Creator, TestApp, on_both_databases};
use reqwest::Method;
use sea_orm::ConnectionTrait as _;
use serde_json::json;

use super::{db_account, db_accounts, deleted, deliver, send, updated};

on_both_databases!(
    an_event_is_dealt_with_once,
    what_cannot_be_understood_is_kept_and_tried_again,
    only_admins_list_and_replay_events,
    events_are_listed_page_by_page,
    an_event_is_applied_again,
    what_deleted_accounts_said_is_emptied,
    events_are_forgotten_after_ninety_days,
);

/// An admin of the platform.
async fn admin(app: &TestApp) -> Creator {
    let admin = app.creator("admin").await;
    let sql = "UPDATE users SET is_admin = TRUE WHERE email_key = 'admin@creators.example'";
    app.db().write().execute_unprepared(sql).await.unwrap();
    admin
}

async fn list(admin: &Creator, query: &str) -> Page<WebhookEventResponse> {
    admin.get(&format!("/api/v1/admin/webhook-events?{query}")).await.expect(200).json()
}

fn summary(event: &WebhookEventResponse) -> (String, String, String, u32) {
    (event.id.clone(), event.r#type.clone(), event.status.to_string(), event.attempts)
}

async fn an_event_is_dealt_with_once(app: TestApp) {
    let admin = admin(&app).await;
    let event = updated("user_1", 1, Some("fan@x.example"));
    for _ in 0..3 {
        let _ = deliver(&app, "msg_1", &event).await.expect(200);
    }
    // Under the same id something else: it was dealt with.
    let _ = deliver(&app, "msg_1", &updated("user_2", 1, None)).await.expect(200);
    assert_eq!(db_accounts(&app).await.len(), 1);
    let events = list(&admin, "").await.items;
    let summaries: Vec<_> = events.iter().map(summary).collect();
    assert_eq!(summaries, [("msg_1".to_owned(), "user.updated".to_owned(), "processed".to_owned(), 1)]);
    assert_eq!(events[0].subject.as_deref(), Some("user_1"));
    assert_eq!(events[0].occurred_at.millis(), 1_700_000_000_001);
}

async fn what_cannot_be_understood_is_kept_and_tried_again(app: TestApp) {
    let admin = admin(&app).await;
    let mut broken = updated("user_1", 1, Some("fan@x.example"));
    broken["data"]["updated_at"] = json!("today");
    for _ in 0..2 {
        deliver(&app, "msg_1", &broken).await.field_errors(&[("/data", "not_understood")]);
    }
    deliver(&app, "msg_2", &json!([1, "\u{0}"])).await.field_errors(&[("/data", "not_understood")]);
    let _ = deliver(&app, "msg_3", &json!({"type": "session.created", "data": {"id": "sess_1"}}))
        .await
        .expect(200);
    send(&app, &updated("user_3", 1, Some("no address"))).await;
    let failed = list(&admin, "status=failed&source=clerk").await.items;
    let summaries: Vec<_> = failed.iter().map(summary).collect();
    let expected = [("msg_2", "unknown", "failed", 1), ("msg_1", "user.updated", "failed", 2)];
    assert_eq!(summaries, expected.map(|(id, kind, status, n)| (id.into(), kind.into(), status.into(), n)));
    assert!(failed.iter().all(|event| event.error.is_some()));
    let ignored = list(&admin, "type=session.created").await.items;
    assert_eq!(ignored[0].status.to_string(), "ignored");
    let noted = list(&admin, "status=processed").await.items;
    assert!(noted[0].error.as_deref().is_some_and(|note| note.contains("left out")), "{noted:?}");
    // Clerk sends it right, under the same id: it is tried again.
    let _ = deliver(&app, "msg_1", &updated("user_1", 1, Some("fan@x.example"))).await.expect(200);
    assert_eq!(db_account(&app, "user_1").await.email.as_deref(), Some("fan@x.example"));
    assert_eq!(list(&admin, "status=failed").await.items.len(), 1);
}

async fn only_admins_list_and_replay_events(app: TestApp) {
    let (admin, bob) = (admin(&app).await, app.creator("bob").await);
    let _ = deliver(&app, "msg_1", &updated("user_1", 1, None)).await.expect(200);
    let key = bob.store("s1").await.key(&["fans:read", "fans:write"]).await;
    for (method, path, right) in [
        (Method::GET, "/api/v1/admin/webhook-events", 200),
        (Method::POST, "/api/v1/admin/webhook-events/clerk/msg_1/replay", 200),
        (Method::POST, "/api/v1/admin/webhook-events/clerk/msg_2/replay", 404),
        (Method::POST, "/api/v1/admin/webhook-events/stripe/msg_1/replay", 404),
        (Method::POST, "/api/v1/admin/webhook-events/other/msg_1/replay", 404),
    ] {
        let ask = async |caller: &dyn Fn() -> fanbase_tests::Api| {
            caller().request(method.clone(), path).send().await
        };
        ask(&|| app.anonymous()).await.problem(401, ProblemCode::Unauthenticated);
        ask(&|| bob.api().clone()).await.problem(403, ProblemCode::Forbidden);
        ask(&|| key.api().clone()).await.problem(403, ProblemCode::Forbidden);
        assert_eq!(ask(&|| admin.api().clone()).await.status, right, "{path}");
    }
}

async fn events_are_listed_page_by_page(app: TestApp) {
    let admin = admin(&app).await;
    for i in 0..53 {
        let _ = deliver(&app, &format!("msg_{i:02}"), &updated("user_1", i, None)).await.expect(200);
    }
    let first = list(&admin, "").await;
    let cursor = first.next_cursor.unwrap();
    let second = list(&admin, &format!("cursor={cursor}")).await;
    assert_eq!((first.items.len(), second.items.len(), second.next_cursor), (50, 3, None));
    let mut ids: Vec<String> = first.items.into_iter().chain(second.items).map(|event| event.id).collect();
    ids.reverse();
    let expected: Vec<String> = (0..53).map(|i| format!("msg_{i:02}")).collect();
    assert_eq!(ids, expected);
    let path = "/api/v1/admin/webhook-events?cursor=x";
    admin.get(path).await.problem(400, ProblemCode::InvalidCursor);
    let path = "/api/v1/admin/webhook-events?status=lost&source=other&colour=red";
    let expected =
        [("status", "unknown_value"), ("source", "unknown_value"), ("colour", "unknown_parameter")];
    admin.get(path).await.field_errors(&expected);
}

async fn an_event_is_applied_again(app: TestApp) {
    let admin = admin(&app).await;
    let store = admin.store("s1").await;
    let customer = store.customer("fan@x.example").await;
    let _ = deliver(&app, "msg_1", &updated("user_1", 1, Some("fan@x.example"))).await.expect(200);
    let before = db_accounts(&app).await;
    let path = "/api/v1/admin/webhook-events/clerk/msg_1/replay";
    let replay = async || -> WebhookEventResponse {
        admin.request(Method::POST, path).send().await.expect(200).json()
    };
    assert_eq!(summary(&replay().await).3, 2);
    assert_eq!(db_accounts(&app).await, before);
    // The account is lost, as after a restored backup: the event brings it back.
    let account = before[0].id;
    for sql in ["DELETE FROM clerk_accounts", "DELETE FROM user_addresses"] {
        app.db().write().execute_unprepared(sql).await.unwrap();
    }
    assert_eq!(summary(&replay().await).3, 3);
    assert_eq!(db_account(&app, "user_1").await.id, account, "by its verified address");
    assert_eq!(store.get_customer(&customer).await.user_id.map(|id| id.uuid()), Some(account));
    store.assert_no_drift().await;
}

async fn what_deleted_accounts_said_is_emptied(app: TestApp) {
    let admin = admin(&app).await;
    let _ = deliver(&app, "msg_1", &updated("user_1", 1, Some("fan@x.example"))).await.expect(200);
    let _ = deliver(&app, "msg_2", &updated("user_2", 1, Some("other@x.example"))).await.expect(200);
    let _ = deliver(&app, "msg_3", &deleted("user_1", 2)).await.expect(200);
    let _ = deliver(&app, "msg_4", &updated("user_1", 1, Some("late@x.example"))).await.expect(200);
    let events = list(&admin, "").await.items;
    let kept: Vec<&str> =
        events.iter().filter(|event| event.has_payload).map(|event| event.id.as_str()).collect();
    assert_eq!((events.len(), kept), (4, vec!["msg_2"]));
    let path = "/api/v1/admin/webhook-events/clerk/msg_1/replay";
    admin.request(Method::POST, path).send().await.problem(409, ProblemCode::Conflict);
}

async fn events_are_forgotten_after_ninety_days(app: TestApp) {
    let admin = admin(&app).await;
    let _ = deliver(&app, "msg_1", &updated("user_1", 1, None)).await.expect(200);
    let day = 24 * 60 * 60 * 1000;
    for (days, left) in [(89, 1), (91, 0)] {
        let then =
            fanbase_domain::time::Timestamp::from_millis(fanbase_api::clock::now().millis() + days * day);
        fanbase_api::jobs::purge_expired::run(app.db(), then).await.unwrap();
        let sql = "UPDATE sessions SET expires_at = 9000000000000";
        app.db().write().execute_unprepared(sql).await.unwrap();
        let events =
            sea_orm::Statement::from_string(app.db().backend(), "SELECT COUNT(*) FROM webhook_events");
        let row = app.db().read().query_one_raw(events).await.unwrap().unwrap();
        assert_eq!(row.try_get_by_index::<i64>(0).unwrap(), left);
    }
    assert_eq!(db_accounts(&app).await.len(), 1);
    drop(admin);
}
