//! How much anybody may send.

use fanbase_domain::problem::ProblemCode;
use fanbase_tests::{
    Api, Caller as _, Creator, Response, api::Credential, callers::PASSWORD, child::Binary,
    database::TestDatabase, on_both_databases_alone,
};
use serde_json::json;

on_both_databases_alone!(who_sends_too_much_has_to_wait);

const OWNER: &str = "owner@creators.example";

fn refused(answer: &Response, policy: &str) {
    answer.problem(429, ProblemCode::TooManyRequests);
    assert_eq!(answer.header("ratelimit-policy"), Some(policy));
    assert!(answer.header("ratelimit").unwrap().contains(";r=0;"));
    let seconds: u64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
}

async fn who_sends_too_much_has_to_wait(database: &TestDatabase) {
    // Few enough that none comes back while the test runs.
    let binary = Binary::on(database).with(&["--rate-limit", "4", "--rate-limit-address", "3"]);
    let _ = binary.run(&["user", "create", "--email", OWNER, "--name", "Owner", "--password", PASSWORD]);
    let mut server = binary.serve();
    let anonymous = Api::new(server.address().await, Credential::None);
    // One of the address's three requests; then two of the session's four.
    let owner = Creator::sign_in(&anonymous, OWNER).await;
    let store = owner.store("s1").await;
    let key = store.key(&["fans:read"]).await;
    let fans = format!("/api/v1/stores/{}/fans", store.id);
    let first = key.get(&fans).await.expect(200);
    assert_eq!(first.header("ratelimit-policy"), Some("\"credential\";q=4;w=60"));
    assert_eq!(first.header("ratelimit"), Some("\"credential\";r=3;t=15"));
    for _ in 0..3 {
        let _ = key.get(&fans).await.expect(200);
    }
    refused(&key.get(&fans).await, "\"credential\";q=4;w=60");
    // Each credential is counted for itself.
    let _ = owner.get("/api/v1/me").await.expect(200);
    // Wrong keys are counted by address, however many there are.
    for _ in 0..2 {
        anonymous
            .with(Credential::Bearer("fb_wrong".to_owned()))
            .get(&fans)
            .await
            .problem(401, ProblemCode::Unauthenticated);
    }
    let another = anonymous.with(Credential::Bearer("fb_another".to_owned()));
    refused(&another.get(&fans).await, "\"address\";q=3;w=60");
    let login = json!({ "email": OWNER, "password": PASSWORD });
    refused(&anonymous.post("/api/v1/auth/login", &login).await, "\"address\";q=3;w=60");
    // What is not the API is not counted.
    let _ = anonymous.get("/healthz").await.expect(200);
}
