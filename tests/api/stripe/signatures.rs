//! Only who knows a secret can send events.

use std::collections::BTreeSet;

use fanbase_domain::problem::ProblemCode;
use fanbase_tests::{
    Caller as _, Response, TestApp, app, app::STRIPE_SECRETS, database::TestDatabase, on_both_databases,
    on_both_databases_alone,
};
use reqwest::Method;

use super::{Generation, PATH, connected, connected_store, deliver, fixture, now, sign};

on_both_databases!(
    events_are_taken_that_a_secret_signed_just_now,
    events_are_refused_that_are_not_signed_as_they_must_be,
    a_body_has_a_limit,
);

on_both_databases_alone!(without_a_secret_nothing_is_taken);

async fn post(app: &TestApp, signature: Option<&str>, body: &str) -> Response {
    let request = app.anonymous().request(Method::POST, PATH);
    let request = match signature {
        Some(signature) => request.header("stripe-signature", signature),
        None => request,
    };
    request.body("application/json", body.to_owned()).send().await
}

async fn events_are_taken_that_a_secret_signed_just_now(app: TestApp) {
    let (store, _) = connected_store(&app).await;
    let body = connected(&fixture(Generation::New, "checkout-payment")).to_string();
    let wrong = sign("whsec_not_ours", now(), &body);
    let wrong = wrong.split(',').nth(1).unwrap();
    for secret in STRIPE_SECRETS {
        for shift in [0, -290, 290] {
            let right = sign(secret, now() + shift, &body);
            for signature in [right.clone(), format!("{right},{wrong}"), format!("{right},v0=00,v1=not hex")]
            {
                let answer = post(&app, Some(&signature), &body).await;
                assert_eq!(answer.status, 200, "{signature}: {}", answer.text());
            }
        }
    }
    assert_eq!(store.counts("type=paying").await.total, 1);
}

async fn events_are_refused_that_are_not_signed_as_they_must_be(app: TestApp) {
    let (store, admin) = connected_store(&app).await;
    let body = connected(&fixture(Generation::New, "checkout-payment")).to_string();
    let right = sign(STRIPE_SECRETS[0], now(), &body);
    let mut sentences = BTreeSet::new();
    for signature in [
        None,
        Some(String::new()),
        Some(right.replace("t=", "t=1")),
        Some(right.replace("v1=", "v0=")),
        Some(right[..right.len() - 2].to_owned()),
        Some(sign("whsec_not_ours", now(), &body)),
        Some(sign(STRIPE_SECRETS[0], now() - 310, &body)),
        Some(sign(STRIPE_SECRETS[0], now() + 310, &body)),
        Some(sign(STRIPE_SECRETS[0], now(), "{}")),
        // The key is the whole text.
        Some(sign(STRIPE_SECRETS[0].trim_start_matches("whsec_"), now(), &body)),
    ] {
        let answer = post(&app, signature.as_deref(), &body).await;
        sentences.insert(answer.problem(401, ProblemCode::Unauthenticated).detail);
    }
    assert_eq!(sentences.len(), 1, "a stranger learns which part was wrong: {sentences:?}");
    assert_eq!(store.counts("type=paying").await.total, 0);
    assert_eq!(super::received(&admin, "").await, []);
    let _ = post(&app, Some(&right), &body).await.expect(200);
}

async fn a_body_has_a_limit(app: TestApp) {
    let mut event = fixture(Generation::New, "checkout-payment");
    event["data"]["object"]["metadata"]["notes"] = "x".repeat(1 << 20).into();
    deliver(&app, &event).await.problem(413, ProblemCode::TooLarge);
}

async fn without_a_secret_nothing_is_taken(database: &TestDatabase) {
    let none = |settings: &mut fanbase_api::config::Settings| settings.stripe_webhook_secrets = None;
    app::serve(database, none, async |app| {
        let answer = deliver(&app, &fixture(Generation::New, "checkout-payment")).await;
        let problem = answer.problem(503, ProblemCode::NotConfigured);
        assert!(problem.detail.contains("stripe_webhook_secrets"), "{problem:?}");
    })
    .await;
}
