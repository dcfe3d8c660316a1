//! Only who knows a secret can send events.

use fanbase_domain::problem::ProblemCode;
use fanbase_tests::{
    Caller as _, Response, TestApp, app, app::CLERK_SECRETS, database::TestDatabase, on_both_databases,
    on_both_databases_alone,
};
use reqwest::Method;
use svix::webhooks::Webhook;

use super::{PATH, db_accounts, deliver, now, updated};

on_both_databases!(
    events_are_taken_that_a_secret_signed_just_now,
    events_are_refused_that_are_not_signed_as_they_must_be,
    a_body_has_a_limit,
);

on_both_databases_alone!(without_a_secret_nothing_is_taken);

/// The signature that Svix's own library makes.
fn sign(secret: &str, id: &str, at: i64, body: &str) -> String {
    Webhook::new(secret).unwrap().sign(id, at, body.as_bytes()).unwrap()
}

async fn post(app: &TestApp, headers: &[(&str, &str)], body: &str) -> Response {
    let request = app.anonymous().request(Method::POST, PATH);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(name, value));
    request.body("application/json", body.to_owned()).send().await
}

async fn events_are_taken_that_a_secret_signed_just_now(app: TestApp) {
    let body = updated("user_1", 1, None).to_string();
    let wrong = sign("whsec_bm90IG91cnM=", "msg", now(), &body);
    for (i, (prefix, secret, shift)) in [
        ("svix", CLERK_SECRETS[0], 0),
        ("svix", CLERK_SECRETS[1], 0),
        ("webhook", CLERK_SECRETS[0], 0),
        ("svix", CLERK_SECRETS[0], -290),
        ("svix", CLERK_SECRETS[0], 290),
    ]
    .into_iter()
    .enumerate()
    {
        let (id, at) = (format!("msg_{i}"), now() + shift);
        let signature = sign(secret, &id, at, &body);
        for (n, signatures) in [
            signature.clone(),
            format!("{wrong} {signature}"),
            format!("v2,AAAA v1,not-base64! {signature} {wrong}"),
        ]
        .iter()
        .enumerate()
        {
            let headers = [
                (format!("{prefix}-id"), id.as_str()),
                (format!("{prefix}-timestamp"), &at.to_string()),
                (format!("{prefix}-signature"), signatures),
            ];
            let headers: Vec<(&str, &str)> =
                headers.iter().map(|(name, value)| (name.as_str(), *value)).collect();
            let answer = post(&app, &headers, &body).await;
            assert_eq!(answer.status, 200, "{i} {n}: {}", answer.text());
        }
    }
    assert_eq!(db_accounts(&app).await.len(), 1);
}

async fn events_are_refused_that_are_not_signed_as_they_must_be(app: TestApp) {
    let body = updated("user_1", 1, None).to_string();
    let (at, text) = (now(), now().to_string());
    let right = sign(CLERK_SECRETS[0], "msg", at, &body);
    let (old, early) = ((at - 310).to_string(), (at + 310).to_string());
    let signed_old = sign(CLERK_SECRETS[0], "msg", at - 310, &body);
    let signed_early = sign(CLERK_SECRETS[0], "msg", at + 310, &body);
    let foreign = sign("whsec_bm90IG91cnM=", "msg", at, &body);
    let cut = &right[..right.len() - 4];
    let long = "m".repeat(256);
    let signed_long = sign(CLERK_SECRETS[0], &long, at, &body);
    let mut sentences = std::collections::BTreeSet::new();
    for (id, timestamp, signature) in [
        (None, Some(text.as_str()), Some(right.as_str())),
        (Some("msg"), None, Some(&right)),
        (Some("msg"), Some(&text), None),
        (Some("other"), Some(&text), Some(&right)),
        (Some("msg"), Some(&old), Some(&right)),
        (Some("msg"), Some(&old), Some(&signed_old)),
        (Some("msg"), Some(&early), Some(&signed_early)),
        (Some("msg"), Some("today"), Some(&right)),
        (Some("msg"), Some("9223372036854775807"), Some(&right)),
        (Some("msg"), Some("-9223372036854775808"), Some(&right)),
        (Some("msg"), Some(&text), Some(&foreign)),
        (Some("msg"), Some(&text), Some(cut)),
        (Some("msg"), Some(&text), Some(right.trim_start_matches("v1,"))),
        (Some("msg"), Some(&text), Some("v1,")),
        (Some("msg"), Some(&text), Some("")),
        (Some(&long), Some(&text), Some(&signed_long)),
    ] {
        let headers: Vec<(&str, &str)> =
            [("svix-id", id), ("svix-timestamp", timestamp), ("svix-signature", signature)]
                .into_iter()
                .filter_map(|(name, value)| Some((name, value?)))
                .collect();
        let problem = post(&app, &headers, &body).await.problem(401, ProblemCode::Unauthenticated);
        sentences.insert(problem.detail);
    }
    let headers = [("svix-id", "msg"), ("svix-timestamp", text.as_str()), ("svix-signature", right.as_str())];
    let changed = body.replace("user_1", "user_2");
    let problem = post(&app, &headers, &changed).await.problem(401, ProblemCode::Unauthenticated);
    sentences.insert(problem.detail);
    assert_eq!(sentences.len(), 1, "a stranger learns which part was wrong: {sentences:?}");
    assert_eq!(db_accounts(&app).await, []);
    let _ = post(&app, &headers, &body).await.expect(200);
}

async fn a_body_has_a_limit(app: TestApp) {
    let mut event = updated("user_1", 1, None);
    event["data"]["public_metadata"]["notes"] = "x".repeat(1 << 20).into();
    deliver(&app, "msg_1", &event).await.problem(413, ProblemCode::TooLarge);
    event["data"]["public_metadata"]["notes"] = "x".repeat((1 << 20) - 2_000).into();
    let _ = deliver(&app, "msg_1", &event).await.expect(200);
}

async fn without_a_secret_nothing_is_taken(database: &TestDatabase) {
    let none = |settings: &mut fanbase_api::config::Settings| settings.clerk_webhook_secrets = None;
    app::serve(database, none, async |app| {
        let answer = deliver(&app, "msg_1", &updated("user_1", 1, None)).await;
        let problem = answer.problem(503, ProblemCode::NotConfigured);
        assert!(problem.detail.contains("clerk_webhook_secrets"), "{problem:?}");
    })
    .await;
}
