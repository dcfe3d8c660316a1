//! Creating, reading, changing and deleting customers by hand.

use fanbase_domain::{
    consent::Consent,
    problem::ProblemCode,
    source::Source,
    wire::{activities::ActivityResponse, customers::CustomerResponse, page::Page},
};
use fanbase_tests::{Caller as _, TestApp, on_both_databases};
use reqwest::Method;
use serde_json::json;

on_both_databases!(
    a_customer_is_created_read_changed_and_deleted,
    every_wrong_field_is_told_and_nothing_is_written,
    no_text_that_a_client_sends_breaks_the_server,
    an_address_belongs_to_one_customer_of_a_store,
    in_a_patch_what_is_absent_stays_and_null_clears,
    what_every_customer_has_cannot_be_cleared,
    a_customer_changes_only_in_the_version_that_was_read,
    a_change_that_changes_nothing_keeps_the_version,
    customers_are_listed_without_accounts,
    what_happens_to_a_customer_is_in_the_timeline,
    a_customer_of_another_store_does_not_exist,
    consent_may_be_raised_by_hand,
);

async fn a_customer_is_created_read_changed_and_deleted(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let request = json!({
        "email": " Ava.Lind@Example.com ", "first_name": "Ava", "last_name": " Lind ", "phone": "+46 1",
        "alias": "DJ Ava", "consent": "subscribed", "tags": ["VIP", "edm", "vip"], "score": 7,
        "attributes": { "daw": "Live", "genres": ["house", "techno"] },
    });
    let answer = store.post("/customers", &request).await.expect(201);
    let created: CustomerResponse = answer.json();
    assert_eq!((created.email.as_str(), created.name.as_deref()), ("Ava.Lind@Example.com", Some("Ava Lind")));
    assert_eq!(
        (created.source, created.consent, created.score),
        (Source::Manual, Consent::Subscribed, Some(7))
    );
    assert_eq!(created.tags.len(), 2, "{:?}", created.tags);
    let location = format!("/api/v1/stores/{}/customers/{}", store.id, created.id);
    assert_eq!(answer.header("location"), Some(location.as_str()));
    assert_eq!(store.get_customer(&created).await, created);
    let patched = store.patch_customer(&created, &json!({ "email": "ava@new.example", "score": 9 })).await;
    let patched: CustomerResponse = patched.expect(200).json();
    assert_eq!((patched.email.as_str(), patched.score, patched.version), ("ava@new.example", Some(9), 2));
    assert_eq!(store.get_customer(&created).await, patched);
    store.delete_customer(&created).await;
    store.get(&format!("/customers/{}", created.id)).await.problem(404, ProblemCode::NotFound);
    store.delete(&format!("/customers/{}", created.id)).await.problem(404, ProblemCode::NotFound);
    store.patch_customer(&created, &json!({})).await.problem(404, ProblemCode::NotFound);
    store.assert_no_drift().await;
}

async fn every_wrong_field_is_told_and_nothing_is_written(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let request = json!({
        "email": "nobody", "first_name": "x".repeat(201), "phone": "1\u{7}", "tags": ["ok", " "],
        "attributes": { "Bad Key": "x" },
    });
    store.post("/customers", &request).await.field_errors(&[
        ("/email", "email_invalid"),
        ("/first_name", "too_long"),
        ("/phone", "control_character"),
        ("/tags/1", "tag_blank"),
        ("/attributes/Bad Key", "attribute_key_invalid"),
    ]);
    assert_eq!(store.counts("").await.lead, 0);
    let tags: Vec<serde_json::Value> = store.get("/tags").await.expect(200).json();
    assert_eq!(tags.len(), 0, "a refused request left tags: {tags:?}");
}

async fn no_text_that_a_client_sends_breaks_the_server(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let customer = store.customer("kept@x.example").await;
    for odd in [
        "\u{0}",
        "a\u{0}b",
        "\u{feff}",
        "\u{202e}abc",
        "'; DROP TABLE customers; --",
        "%",
        "_",
        "\u{10ffff}",
        "\\",
    ] {
        for (field, value) in [
            ("email", json!(odd)),
            ("first_name", json!(odd)),
            ("alias", json!(odd)),
            ("tags", json!([odd])),
            ("attributes", json!({ "daw": odd })),
            ("attributes", json!({ "daw": [odd, odd] })),
            ("attributes", json!({ odd: "x" })),
        ] {
            let mut request = json!({ "email": format!("{}@x.example", uuid::Uuid::now_v7().simple()) });
            request[field] = value;
            let created = store.post("/customers", &request).await;
            assert!(matches!(created.status, 201 | 422), "{request}: {} {}", created.status, created.text());
            let mut patch = request.clone();
            patch.as_object_mut().unwrap().remove("email");
            patch[field] = request[field].clone();
            let patched = store.patch_customer(&customer, &patch).await;
            assert!(matches!(patched.status, 200 | 422), "{patch}: {} {}", patched.status, patched.text());
        }
    }
    store.assert_no_drift().await;
}

async fn an_address_belongs_to_one_customer_of_a_store(app: TestApp) {
    let ava = app.creator("ava").await;
    let (store, other) = (ava.store("s1").await, ava.store("s2").await);
    let first = store.customer("Ava@Example.com").await;
    let second = store.customer("bob@example.com").await;
    for same in ["ava@example.com", "AVA@EXAMPLE.COM.", "\u{200b}ava@example.com\u{a0}"] {
        let again = store.post("/customers", &json!({ "email": same })).await;
        again.problem(409, ProblemCode::EmailTaken);
        let changed = store.patch_customer(&second, &json!({ "email": same })).await;
        changed.problem(409, ProblemCode::EmailTaken);
    }
    let _ = store.patch_customer(&first, &json!({ "email": "AVA@example.com" })).await.expect(200);
    store.customer("ava+news@example.com").await;
    other.customer("ava@example.com").await;
    assert_eq!(store.counts("").await.lead, 3);
    store.assert_no_drift().await;
}

async fn in_a_patch_what_is_absent_stays_and_null_clears(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let request = json!({
        "email": "ava@x.example", "first_name": "Ava", "last_name": "Lind", "alias": "DJ", "score": 3,
        "tags": ["a", "b"], "attributes": { "daw": "Live", "genre": "edm" },
    });
    let before = store.create_customer(&request).await;
    let patch = json!({ "first_name": null, "score": null, "attributes": { "daw": null, "level": "pro" } });
    let after: CustomerResponse = store.patch_customer(&before, &patch).await.expect(200).json();
    assert_eq!((after.first_name.as_deref(), after.last_name.as_deref()), (None, Some("Lind")));
    assert_eq!((after.alias.as_deref(), after.score), (Some("DJ"), None));
    assert_eq!(after.attributes.keys().collect::<Vec<_>>(), ["genre", "level"]);
    assert_eq!(after.tags, before.tags);
    let after: CustomerResponse =
        store.patch_customer(&before, &json!({ "tags": ["c"] })).await.expect(200).json();
    assert_eq!(after.tags, ["c"]);
    assert_eq!(store.get_customer(&before).await, after);
}

async fn what_every_customer_has_cannot_be_cleared(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let before = store.create_customer(&json!({ "email": "ava@x.example", "tags": ["a"] })).await;
    for field in ["email", "consent", "status", "tags", "attributes"] {
        let answer = store.patch_customer(&before, &json!({ field: null, "first_name": "Eve" })).await;
        answer.field_errors(&[(&format!("/{field}"), "required")]);
    }
    assert_eq!(store.get_customer(&before).await, before);
    store.patch("", &json!({ "name": null })).await.field_errors(&[("/name", "required")]);
}

async fn a_customer_changes_only_in_the_version_that_was_read(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let customer = store.customer("ava@x.example").await;
    let path = format!("/customers/{}", customer.id);
    let etag = store.get(&path).await.expect(200).header("etag").unwrap().to_owned();
    let patch = |alias: &str| store.request(Method::PATCH, &path).json(&json!({ "alias": alias }));
    patch("none").send().await.problem(428, ProblemCode::VersionRequired);
    let changed = patch("one").header("if-match", &etag).send().await.expect(200);
    patch("two").header("if-match", &etag).send().await.problem(412, ProblemCode::VersionMismatch);
    let stale = store.request(Method::DELETE, &path).header("if-match", &etag).send().await;
    stale.problem(412, ProblemCode::VersionMismatch);
    let weak = format!("W/{}", changed.header("etag").unwrap());
    let _ = patch("three").header("if-match", &weak).send().await.expect(200);
    assert_eq!(store.get_customer(&customer).await.alias.as_deref(), Some("three"));
}

async fn a_change_that_changes_nothing_keeps_the_version(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let before = store.create_customer(&json!({ "email": "a@x.example", "tags": ["Vip"] })).await;
    for patch in
        [json!({}), json!({ "alias": null }), json!({ "tags": ["Vip"] }), json!({ "email": "a@x.example" })]
    {
        let after: CustomerResponse = store.patch_customer(&before, &patch).await.expect(200).json();
        assert_eq!(after, before, "{patch}");
    }
}

async fn customers_are_listed_without_accounts(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    app.db_create_account("user@x.example").await;
    let mut expected = Vec::new();
    for i in 0..7 {
        expected.push(store.customer(&format!("c{i}@x.example")).await);
    }
    let mut listed = Vec::new();
    let mut path = "/customers?sort=email&limit=3".to_owned();
    loop {
        let page: Page<CustomerResponse> = store.get(&path).await.expect(200).json();
        listed.extend(page.items);
        let Some(cursor) = page.next_cursor else { break };
        path = format!("/customers?sort=email&limit=3&cursor={cursor}");
    }
    assert_eq!(listed, expected);
    let none: Page<CustomerResponse> = store.get("/customers?type=user").await.expect(200).json();
    assert_eq!(none.items, []);
    store.get("/customers?at=1").await.field_errors(&[("at", "unknown_parameter")]);
}

async fn what_happens_to_a_customer_is_in_the_timeline(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let customer = store.customer("a@x.example").await;
    let _ = store.patch_customer(&customer, &json!({ "alias": "DJ", "tags": ["a"] })).await.expect(200);
    let user = app.db_create_account("a@x.example").await;
    app.db_delete_account(user.id).await;
    let path = format!("/customers/{}/activity", customer.id);
    let page: Page<ActivityResponse> = store.get(&path).await.expect(200).json();
    let kinds: Vec<&str> = page.items.iter().rev().map(|activity| activity.kind.as_str()).collect();
    assert_eq!(kinds, ["created", "edited", "account_linked", "account_unlinked"]);
    assert_eq!(page.items[2].detail.as_deref(), Some("alias, tags"));
    for i in 0..60 {
        let _ = store.patch_customer(&customer, &json!({ "score": i })).await.expect(200);
    }
    let first: Page<ActivityResponse> = store.get(&path).await.expect(200).json();
    let cursor = first.next_cursor.unwrap();
    let second: Page<ActivityResponse> =
        store.get(&format!("{path}?cursor={cursor}")).await.expect(200).json();
    assert_eq!((first.items.len(), second.items.len(), second.next_cursor), (50, 14, None));
    for wrong in ["x", "1.x", "%00", "99999999999999999999.0", ""] {
        let answer = store.get(&format!("{path}?cursor={wrong}")).await;
        answer.problem(400, ProblemCode::InvalidCursor);
    }
}

async fn a_customer_of_another_store_does_not_exist(app: TestApp) {
    let ava = app.creator("ava").await;
    let (store, other) = (ava.store("s1").await, ava.store("s2").await);
    let customer = store.customer("a@x.example").await;
    for path in ["", "/activity", "/notes"] {
        let answer = other.get(&format!("/customers/{}{path}", customer.id)).await;
        answer.problem(404, ProblemCode::NotFound);
    }
    other.patch_customer(&customer, &json!({ "alias": "x" })).await.problem(404, ProblemCode::NotFound);
    other.delete(&format!("/customers/{}", customer.id)).await.problem(404, ProblemCode::NotFound);
    other.get(&format!("/fans/{}", customer.id)).await.problem(404, ProblemCode::NotFound);
    for nonsense in ["nonsense", "%00", "00000000-0000-0000-0000-000000000000"] {
        store.get(&format!("/customers/{nonsense}")).await.problem(404, ProblemCode::NotFound);
    }
    assert_eq!(store.get_customer(&customer).await, customer);
}

async fn consent_may_be_raised_by_hand(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let customer = store.create_customer(&json!({ "email": "a@x.example", "consent": "unsubscribed" })).await;
    let patched = store.patch_customer(&customer, &json!({ "consent": "subscribed" })).await.expect(200);
    assert_eq!(patched.json::<CustomerResponse>().consent, Consent::Subscribed);
    store.assert_no_drift().await;
}
