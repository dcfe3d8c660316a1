//! How much anybody may send.

use fanbase_domain::problem::ProblemCode;
use fanbase_tests::{
    Api, Caller as _, Creator, Response, api::Credential, callers::PASSWORD, child::Binary,
    database::TestDatabase, on_both_databases_alone,
};
use serde_json::json;

on_both_databases_alone!(
    a_client_that_sends_too_much_has_to_wait,
    a_made_up_credential_does_not_lift_the_limit_of_a_network,
);

const OWNER: &str = "owner@creators.example";

fn refused(answer: &Response, policy: &str) {
    answer.problem(429, ProblemCode::TooManyRequests);
    assert_eq!(answer.header("ratelimit-policy"), Some(policy));
    assert!(answer.header("ratelimit").unwrap().contains(";r=0;"));
    let seconds: u64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
}

async fn a_client_that_sends_too_much_has_to_wait(database: &TestDatabase) {
    // Few enough that none comes back while the test runs.
    let binary = Binary::on(database).with(&["--rate-limit", "4", "--rate-limit-address", "6"]);
    let _ = binary.run(&["user", "create", "--email", OWNER, "--name", "Owner", "--password", PASSWORD]);
    let mut server = binary.serve();
    let anonymous = Api::new(server.address().await, Credential::None);
    // The network's requests: signing in, the first one of the session, the first one of the key.
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
    // Wrong keys count against the network, however many there are.
    for i in 0..3 {
        let wrong = anonymous.with(Credential::Bearer(format!("fb_wrong{i}")));
        wrong.get(&fans).await.problem(401, ProblemCode::Unauthenticated);
    }
    let another = anonymous.with(Credential::Bearer("fb_another".to_owned()));
    refused(&another.get(&fans).await, "\"address\";q=6;w=60");
    let login = json!({ "email": OWNER, "password": PASSWORD });
    refused(&anonymous.post("/api/v1/auth/login", &login).await, "\"address\";q=6;w=60");
    // Each credential is counted for itself, and one that was accepted before is no guess.
    let _ = owner.get("/api/v1/me").await.expect(200);
    // What is not the API is not counted.
    let _ = anonymous.get("/healthz").await.expect(200);
}

async fn a_made_up_credential_does_not_lift_the_limit_of_a_network(database: &TestDatabase) {
    let limits = ["--rate-limit-address", "5", "--sign-up", "open"];
    let binary = Binary::on(database).with(&limits);
    let _ = binary.run(&["user", "create", "--email", OWNER, "--name", "Owner", "--password", PASSWORD]);
    let mut server = binary.serve();
    let anonymous = Api::new(server.address().await, Credential::None);
    let made_up = |i: u32| match i % 2 {
        0 => anonymous.with(Credential::Bearer(format!("fb_{i}"))),
        _ => anonymous.with(Credential::Cookie(format!("fanbase_session={i}"))),
    };
    let right = json!({ "email": OWNER, "password": PASSWORD });
    for i in 0..5 {
        let sign_up = json!({ "email": format!("a{i}@x.example"), "name": "A", "password": PASSWORD });
        let _ = made_up(i).post("/api/v1/auth/sign-up", &sign_up).await.expect(204);
    }
    for i in 0..4 {
        refused(&made_up(i).post("/api/v1/auth/login", &right).await, "\"address\";q=5;w=60");
    }
    let sign_up = json!({ "email": "b@x.example", "name": "B", "password": PASSWORD });
    refused(&made_up(9).post("/api/v1/auth/sign-up", &sign_up).await, "\"address\";q=5;w=60");
}
