//! What every request that writes has: a body that can be read, and perhaps an idempotency key.

use fanbase_api::{clock, jobs};
use fanbase_domain::{problem::ProblemCode, time::Timestamp};
use fanbase_tests::{Caller as _, Response, TestApp, on_both_databases};
use reqwest::Method;
use serde_json::json;

on_both_databases!(
    a_request_that_is_sent_again_gets_the_same_answer,
    a_request_that_failed_can_be_sent_again_with_its_key,
    many_requests_with_one_key_create_one_customer,
    a_key_is_free_again_after_a_day,
    a_body_that_cannot_be_read_is_told_why,
);

async fn a_request_that_is_sent_again_gets_the_same_answer(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let post = |key: &str, email: &str| {
        let request = store.request(Method::POST, "/customers").header("idempotency-key", key);
        request.json(&json!({ "email": email }))
    };
    let first = post("k1", "a@x.example").send().await.expect(201);
    let again = post("k1", "a@x.example").send().await.expect(201);
    assert_eq!(again.body, first.body);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    for header in ["content-type", "location", "etag"] {
        assert_eq!(again.header(header), first.header(header));
    }
    post("k1", "b@x.example").send().await.problem(422, ProblemCode::IdempotencyKeyReused);
    for wrong in ["", "\u{e4}", &"k".repeat(256)] {
        post(wrong, "c@x.example").send().await.problem(422, ProblemCode::ValidationFailed);
    }
    let other = app.creator("bob").await.store("s2").await;
    let request = other.request(Method::POST, "/customers").header("idempotency-key", "k1");
    let theirs = request.json(&json!({ "email": "a@x.example" })).send().await.expect(201);
    assert_ne!(theirs.body, first.body, "keys of another store are other keys");
    assert_eq!(store.counts("").await.lead, 1);
}

async fn a_request_that_failed_can_be_sent_again_with_its_key(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let first = store.customer("a@x.example").await;
    let post = || {
        let request = store.request(Method::POST, "/customers").header("idempotency-key", "k");
        request.json(&json!({ "email": "a@x.example" })).send()
    };
    post().await.problem(409, ProblemCode::EmailTaken);
    store.delete_customer(&first).await;
    let created = post().await.expect(201);
    assert_eq!(created.header("idempotency-replayed"), None);
}

async fn many_requests_with_one_key_create_one_customer(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let answers = futures_util::future::join_all((0..16).map(|_| {
        let request = store.request(Method::POST, "/customers").header("idempotency-key", "k");
        request.json(&json!({ "email": "a@x.example" })).send()
    }))
    .await;
    let replayed = |answer: &&Response| answer.header("idempotency-replayed").is_some();
    assert_eq!(answers.iter().filter(replayed).count(), 15, "one of them is the first");
    for answer in answers.iter().cloned() {
        assert_eq!(answer.expect(201).body, answers[0].body);
    }
    assert_eq!(store.counts("").await.lead, 1);
}

async fn a_key_is_free_again_after_a_day(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let post = |email: &str| {
        let request = store.request(Method::POST, "/customers").header("idempotency-key", "k");
        request.json(&json!({ "email": email })).send()
    };
    let _ = post("a@x.example").await.expect(201);
    let hour = 60 * 60 * 1000;
    let after = |hours: i64| Timestamp::from_millis(clock::now().millis() + hours * hour);
    jobs::purge_expired::run(app.db(), after(23)).await.unwrap();
    post("b@x.example").await.problem(422, ProblemCode::IdempotencyKeyReused);
    jobs::purge_expired::run(app.db(), after(25)).await.unwrap();
    let _ = post("b@x.example").await.expect(201);
    assert_eq!(store.counts("").await.lead, 2);
}

async fn a_body_that_cannot_be_read_is_told_why(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let post = |kind: &str, body: Vec<u8>| store.request(Method::POST, "/customers").body(kind, body).send();
    for body in ["", "{", "[]", "null", "{\"email\": 5}", "{\"email\": \"a@x.example\", \"colour\": 1}"] {
        post("application/json", body.into()).await.problem(400, ProblemCode::MalformedRequest);
    }
    post("application/json", vec![b'{', 0xff, b'}']).await.problem(400, ProblemCode::MalformedRequest);
    let deep = "[".repeat(100_000);
    post("application/json", deep.into()).await.problem(400, ProblemCode::MalformedRequest);
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "json"] {
        let answer = post(kind, b"{\"email\":\"a@x.example\"}".to_vec()).await;
        answer.problem(415, ProblemCode::UnsupportedMediaType);
    }
    let large = format!("{{\"email\": \"{}\"}}", "x".repeat(1 << 20));
    post("application/json", large.into()).await.problem(413, ProblemCode::TooLarge);
    let good = post("application/json; charset=utf-8", b"{\"email\":\"a@x.example\"}".to_vec()).await;
    let _ = good.expect(201);
    assert_eq!(store.counts("").await.total, store.counts("type=user").await.total + 1);
}
