//! Parameters and cursors of the fan list that are not right.

use fanbase_domain::problem::ProblemCode;
use fanbase_tests::{Caller as _, TestApp, audience, on_both_databases};

on_both_databases!(
    wrong_parameters_are_told,
    what_a_route_does_not_take_is_told,
    a_cursor_serves_only_the_list_it_was_made_for,
);

async fn wrong_parameters_are_told(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    for (query, pointer, code) in [
        ("limit=0", "limit", "limit_invalid"),
        ("limit=201", "limit", "limit_invalid"),
        ("limit=-1", "limit", "limit_invalid"),
        ("limit=ten", "limit", "limit_invalid"),
        ("sort=height", "sort", "sort_unknown"),
        ("sort=--name", "sort", "sort_unknown"),
        ("type=king", "type", "unknown_value"),
        ("consent=maybe", "consent", "unknown_value"),
        ("source=moon", "source", "unknown_value"),
        ("status=asleep", "status", "unknown_value"),
        ("has_account=yes", "has_account", "invalid"),
        ("min_spent=1.5", "min_spent", "invalid"),
        ("max_score=99999999999999999999", "max_score", "invalid"),
        ("created_after=soon", "created_after", "invalid"),
        ("created_after=2024-02-30", "created_after", "invalid"),
        ("at=-1", "at", "invalid"),
        ("tag=%20", "tag", "tag_blank"),
        ("colour=red", "colour", "unknown_parameter"),
        ("Limit=5", "Limit", "unknown_parameter"),
        ("at=1&cursor=x", "at", "at_with_cursor"),
    ] {
        for path in ["/fans", "/customers"] {
            store.get(&format!("{path}?{query}")).await.field_errors(&[(pointer, code)]);
        }
        if !["limit", "sort", "at"].contains(&pointer) {
            for path in ["/fans/counts", "/fans/export"] {
                store.get(&format!("{path}?{query}")).await.field_errors(&[(pointer, code)]);
            }
        }
    }
    for query in ["tag=a%00b", "search=a%00b", "search=%00", "tag=%00", "min_spent=-9223372036854775808"] {
        let answer = store.get(&format!("/fans?{query}")).await;
        assert!(matches!(answer.status, 200 | 422), "{query}: {} {}", answer.status, answer.text());
    }
    let long = format!("search={}", "word%20".repeat(500));
    let answer = store.get(&format!("/fans?{long}")).await;
    assert!(matches!(answer.status, 200 | 422), "{} {}", answer.status, answer.text());
}

async fn what_a_route_does_not_take_is_told(app: TestApp) {
    let ava = app.creator("ava").await;
    let store = ava.store("s1").await;
    let customer = store.customer("a@x.example").await;
    let import = store.import("", "Email\nb@x.example\n").await;
    // A count has no order, and neither it nor an export has pages.
    let unknown = "unknown_parameter";
    let counts = store.get("/fans/counts?type=lead&limit=5&sort=name&cursor=x&at=1").await;
    counts.field_errors(&[("limit", unknown), ("sort", unknown), ("cursor", unknown), ("at", unknown)]);
    let export = store.get("/fans/export?type=lead&limit=5&sort=name&cursor=x&at=1").await;
    export.field_errors(&[("limit", unknown), ("cursor", unknown), ("at", unknown)]);
    for path in [
        String::new(),
        format!("/fans/{}", customer.id),
        format!("/customers/{}", customer.id),
        format!("/customers/{}/activity", customer.id),
        format!("/customers/{}/notes", customer.id),
        "/imports".to_owned(),
        format!("/imports/{}", import.id),
        format!("/imports/{}/problems", import.id),
        "/tags".to_owned(),
        "/custom-fields".to_owned(),
        "/api-keys".to_owned(),
    ] {
        store.get(&format!("{path}?sort=name")).await.field_errors(&[("sort", unknown)]);
    }
    ava.get("/api/v1/stores?search=x").await.field_errors(&[("search", unknown)]);
    store
        .post("/tags?dry_run=true", &serde_json::json!({ "name": "vip" }))
        .await
        .field_errors(&[("dry_run", unknown)]);
    assert_eq!(
        store.get("/tags").await.expect(200).json::<Vec<serde_json::Value>>(),
        [] as [serde_json::Value; 0]
    );
}

async fn a_cursor_serves_only_the_list_it_was_made_for(app: TestApp) {
    let store = audience::of_every_kind(&app, 9, 3).await;
    let other = app.creator("bob").await.store("other").await;
    let cursor = store.fans_page("sort=name&limit=2").await.next_cursor.unwrap();
    let _ = store.get(&format!("/fans?sort=name&limit=5&cursor={cursor}")).await.expect(200);
    let mut damaged = cursor.clone();
    damaged.replace_range(3..4, if &cursor[3..4] == "A" { "B" } else { "A" });
    for wrong in [
        format!("/fans?cursor={cursor}"),
        format!("/fans?sort=-name&cursor={cursor}"),
        format!("/fans?sort=name&tag=vip&cursor={cursor}"),
        format!("/customers?sort=name&cursor={cursor}"),
        format!("/fans?sort=name&cursor={damaged}"),
        format!("/fans?sort=name&cursor={}", &cursor[..cursor.len() - 2]),
        "/fans?sort=name&cursor=".to_owned(),
        "/fans?sort=name&cursor=%00".to_owned(),
        format!("/fans?sort=name&cursor={}", "A".repeat(5_000)),
    ] {
        store.get(&wrong).await.problem(400, ProblemCode::InvalidCursor);
    }
    let theirs = other.get(&format!("/fans?sort=name&cursor={cursor}")).await;
    theirs.problem(400, ProblemCode::InvalidCursor);
}
