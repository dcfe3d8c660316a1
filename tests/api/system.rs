//! Health, metrics, request ids, and addresses that lead nowhere.

use fanbase_domain::problem::ProblemCode;
use fanbase_tests::{Caller as _, TestApp, on_both_databases};
use reqwest::Method;

on_both_databases!(
    a_server_that_runs_says_so,
    metrics_count_requests_by_route_and_hold_no_ids,
    every_answer_has_a_request_id,
    unknown_addresses_and_methods_are_problems,
    odd_requests_are_answered,
    invented_methods_share_one_series,
    every_response_has_the_headers_that_protect_it,
    head_is_get_without_the_body,
    a_method_that_is_not_allowed_names_those_that_are,
);

async fn invented_methods_share_one_series(app: TestApp) {
    for i in 0..200 {
        let method = Method::from_bytes(format!("INVENTED{i}").as_bytes()).unwrap();
        let _ = app.anonymous().request(method, "/").send().await.expect(405);
    }
    let metrics = app.anonymous().get("/metrics").await.expect(200).text();
    assert!(metrics.contains("method=\"OTHER\""), "{metrics}");
    assert!(!metrics.contains("INVENTED"), "{metrics}");
    assert!(metrics.contains("http_request_duration_seconds_bucket"), "{metrics}");
}

async fn every_response_has_the_headers_that_protect_it(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    for path in ["/fans", "/fans/export", "/fans/counts", "/fans?limit=wrong", "/customers/none"] {
        let answer = store.get(path).await;
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        let policy = answer.header("content-security-policy").unwrap();
        assert_eq!(policy, "default-src 'none'; frame-ancestors 'none'", "{path}");
    }
    let page = app.anonymous().get("/").await.expect(200);
    let policy = page.header("content-security-policy").unwrap();
    for part in ["default-src 'none';", "script-src 'self' 'wasm-unsafe-eval';", "frame-ancestors 'none'"] {
        assert!(policy.contains(part), "{part} is not in {policy}");
    }
    assert!(!policy.contains("unsafe-inline"), "{policy}");
    let docs = app.anonymous().get("/api/docs/").await.expect(200);
    let policy = docs.header("content-security-policy").unwrap();
    assert!(policy.contains("script-src 'self';") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert_eq!(docs.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(docs.header("strict-transport-security"), None, "the cookie may be sent over HTTP");
}

async fn head_is_get_without_the_body(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    for path in ["/fans", "/fans/counts", "/fans/export", "/customers"] {
        let get = store.get(path).await.expect(200);
        let head = store.request(Method::HEAD, path).send().await.expect(200);
        assert_eq!(head.header("content-type"), get.header("content-type"), "{path}");
        assert!(head.body.is_empty() && !get.body.is_empty(), "{path}");
    }
    let _ = store.request(Method::HEAD, "/customers/none").send().await.expect(404);
}

async fn a_method_that_is_not_allowed_names_those_that_are(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    for (method, path, allowed) in [
        (Method::PUT, "/fans", "GET, HEAD"),
        (Method::TRACE, "/customers", "GET, POST, HEAD"),
        (Method::OPTIONS, "/imports", "GET, POST, HEAD"),
    ] {
        let answer = store.request(method, path).send().await.expect(405);
        assert_eq!(answer.header("allow"), Some(allowed), "{path}");
    }
}

async fn a_server_that_runs_says_so(app: TestApp) {
    for path in ["/healthz", "/readyz"] {
        let _ = app.anonymous().get(path).await.expect(200);
    }
}

async fn metrics_count_requests_by_route_and_hold_no_ids(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let _ = store.get("/fans?search=secret-word").await;
    let _ = app.anonymous().get("/somewhere/else").await;
    let metrics = app.anonymous().get("/metrics").await.expect(200).text();
    assert!(metrics.contains("http_requests_total"), "{metrics}");
    assert!(metrics.contains("/api/v1/stores/{store_id}/fans"), "{metrics}");
    for private in [store.id.to_string().as_str(), "secret-word", "ava@", "somewhere"] {
        assert!(!metrics.contains(private), "{private} is in the metrics: {metrics}");
    }
}

async fn every_answer_has_a_request_id(app: TestApp) {
    let get = |id: &str| app.anonymous().request(Method::GET, "/api/v1/me").header("x-request-id", id).send();
    let answer = get("my-request-1").await;
    answer.problem(401, ProblemCode::Unauthenticated);
    assert_eq!(answer.header("x-request-id"), Some("my-request-1"));
    for odd in ["", "has space", "<script>", &"x".repeat(65)] {
        let answer = get(odd).await;
        assert!(answer.header("x-request-id").is_some_and(|id| id != odd && !id.is_empty()), "{odd:?}");
    }
    let healthy = app.anonymous().get("/healthz").await.expect(200);
    assert!(healthy.header("x-request-id").is_some());
}

async fn unknown_addresses_and_methods_are_problems(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    for path in ["/api/v1/nothing", "/api/v2/stores", "/api/v1/stores/x/y/z", "/api/nothing", "/api/v1/"] {
        app.anonymous().get(path).await.problem(404, ProblemCode::NotFound);
    }
    for (method, path) in [(Method::PUT, "/fans"), (Method::DELETE, "/fans"), (Method::POST, "/fans/counts")]
    {
        let answer = store.request(method.clone(), path).send().await;
        answer.problem(405, ProblemCode::MethodNotAllowed);
    }
}

async fn odd_requests_are_answered(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    for path in ["/fans?%", "/fans?search=%ff%fe", "/fans?=&=", "/fans?&&&", "/fans/%2e%2e", "/fans?search"] {
        let answer = store.get(path).await;
        assert!(answer.status < 500, "{path}: {} {}", answer.status, answer.text());
    }
    let many = (0..2_000).map(|i| format!("tag=t{i}")).collect::<Vec<_>>().join("&");
    let answer = store.get(&format!("/fans?{many}")).await;
    assert!(answer.status < 500, "{} {}", answer.status, answer.text());
}
