//! Signing in and out, and who is told what.

use fanbase_domain::{
    problem::ProblemCode,
    wire::auth::{MeResponse, SessionResponse},
};
use fanbase_tests::{Caller as _, Creator, TestApp, callers::PASSWORD, on_both_databases};
use reqwest::Method;
use serde_json::json;

on_both_databases!(
    a_creator_signs_in_and_out,
    a_wrong_password_and_an_unknown_address_are_told_alike,
    an_address_that_is_none_cannot_sign_in,
    a_password_is_not_tried_for_ever,
    sign_ins_are_listed_and_ended,
    who_is_suspended_can_do_nothing,
    the_session_cookie_is_for_the_server_alone,
    an_api_key_is_told_its_store,
    a_credential_that_is_none_is_refused,
    an_account_gets_another_name,
    a_new_password_ends_the_other_sessions,
    a_change_that_another_site_requests_is_refused,
);

async fn a_creator_signs_in_and_out(app: TestApp) {
    let ava = app.creator("ava").await;
    let store = ava.store("ava-store").await;
    let me: MeResponse = ava.get("/api/v1/me").await.expect(200).json();
    assert_eq!((me.user_id, me.email.as_deref()), (Some(ava.user_id), Some(ava.email.as_str())));
    assert_eq!(me.stores.iter().map(|store| store.id).collect::<Vec<_>>(), [store.id]);
    let _ = ava.post("/api/v1/auth/logout", &json!({})).await.expect(204);
    ava.get("/api/v1/me").await.problem(401, ProblemCode::Unauthenticated);
    store.get("/fans").await.problem(401, ProblemCode::Unauthenticated);
}

async fn a_wrong_password_and_an_unknown_address_are_told_alike(app: TestApp) {
    let ava = app.creator("ava").await;
    app.db_create_account("bob@creators.example").await;
    let mut told = Vec::new();
    for email in [ava.email.as_str(), "nobody@creators.example", "bob@creators.example"] {
        let login = json!({ "email": email, "password": "wrong" });
        let answer = app.anonymous().post("/api/v1/auth/login", &login).await;
        let problem = answer.problem(401, ProblemCode::Unauthenticated);
        assert_eq!(answer.header("set-cookie"), None);
        told.push((problem.title, problem.detail));
    }
    told.dedup();
    assert_eq!(told.len(), 1, "the answer tells who has an account: {told:?}");
}

async fn an_address_that_is_none_cannot_sign_in(app: TestApp) {
    for email in ["", "nobody", "a@b@c", "a\u{0}b@x.example", &"x".repeat(100_000)] {
        let login = json!({ "email": email, "password": "\u{0}" });
        app.anonymous().post("/api/v1/auth/login", &login).await.problem(401, ProblemCode::Unauthenticated);
    }
    let answer = app.anonymous().post("/api/v1/auth/login", &json!({ "email": "a@x.example" })).await;
    answer.problem(400, ProblemCode::MalformedRequest);
}

async fn a_password_is_not_tried_for_ever(app: TestApp) {
    let (ava, bob) = (app.creator("ava").await, app.creator("bob").await);
    let sign_in = async |email: &str, password: &str| {
        let login = json!({ "email": email, "password": password });
        app.anonymous().post("/api/v1/auth/login", &login).await
    };
    // However the address is written, and whether or not there is an account.
    for email in [ava.email.as_str(), "nobody@creators.example"] {
        for i in 0..10 {
            let email = if i % 2 == 0 { email.to_uppercase() } else { email.to_owned() };
            sign_in(&email, "wrong").await.problem(401, ProblemCode::Unauthenticated);
        }
        let answer = sign_in(email, PASSWORD).await;
        answer.problem(429, ProblemCode::TooManyRequests);
        let seconds: u64 = answer.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=900).contains(&seconds), "{seconds}");
    }
    for _ in 0..12 {
        let _ = sign_in(&bob.email, PASSWORD).await.expect(204);
    }
    // Nor by whoever finds a browser that is signed in.
    let change = |current: &str| json!({ "current_password": current, "new_password": "another password" });
    for _ in 0..10 {
        let answer = ava.post("/api/v1/auth/password", &change("wrong")).await;
        answer.field_errors(&[("/current_password", "wrong_password")]);
    }
    let answer = ava.post("/api/v1/auth/password", &change(PASSWORD)).await;
    answer.problem(429, ProblemCode::TooManyRequests);
    let _ = ava.get("/api/v1/me").await.expect(200);
}

async fn sign_ins_are_listed_and_ended(app: TestApp) {
    let (ava, bob) = (app.creator("ava").await, app.creator("bob").await);
    let elsewhere = Creator::sign_in(&app.anonymous(), &ava.email).await;
    let sessions = async |who: &Creator| -> Vec<SessionResponse> {
        who.get("/api/v1/me/sessions").await.expect(200).json()
    };
    let listed = sessions(&ava).await;
    let current: Vec<bool> = listed.iter().map(|session| session.is_current).collect();
    assert_eq!(current, [false, true], "newest first");
    assert!(listed.iter().all(|session| session.address.as_deref() == Some("127.0.0.1")));
    let path = format!("/api/v1/me/sessions/{}", listed[0].id);
    bob.delete(&path).await.problem(404, ProblemCode::NotFound);
    let _ = elsewhere.get("/api/v1/me").await.expect(200);
    let _ = ava.delete(&path).await.expect(204);
    elsewhere.get("/api/v1/me").await.problem(401, ProblemCode::Unauthenticated);
    assert_eq!(sessions(&ava).await.len(), 1);
    ava.delete(&path).await.problem(404, ProblemCode::NotFound);
}

async fn who_is_suspended_can_do_nothing(app: TestApp) {
    let ava = app.creator("ava").await;
    let store = ava.store("s1").await;
    app.db_suspend(ava.user_id).await;
    ava.get("/api/v1/me").await.problem(403, ProblemCode::Forbidden);
    store.get("/fans").await.problem(403, ProblemCode::Forbidden);
    let login = |password: &str| json!({ "email": ava.email, "password": password });
    let sign_in = async |password: &str| app.anonymous().post("/api/v1/auth/login", &login(password)).await;
    // Only who knows the password is told.
    sign_in("wrong").await.problem(401, ProblemCode::Unauthenticated);
    sign_in(PASSWORD).await.problem(403, ProblemCode::Forbidden);
}

async fn the_session_cookie_is_for_the_server_alone(app: TestApp) {
    let ava = app.creator("ava").await;
    let login = json!({ "email": ava.email.to_uppercase(), "password": PASSWORD });
    let answer = app.anonymous().post("/api/v1/auth/login", &login).await.expect(204);
    let cookie = answer.header("set-cookie").unwrap().to_owned();
    for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age="] {
        assert!(cookie.contains(part), "{cookie} has no {part}");
    }
}

async fn an_api_key_is_told_its_store(app: TestApp) {
    let ava = app.creator("ava").await;
    let (store, _) = (ava.store("one").await, ava.store("two").await);
    let key = store.key(&["fans:read"]).await;
    let me: MeResponse = key.get("/api/v1/me").await.expect(200).json();
    assert_eq!((me.user_id, me.is_admin), (None, false));
    assert_eq!(me.stores.iter().map(|store| store.id).collect::<Vec<_>>(), [store.id]);
    key.get("/api/v1/stores").await.problem(403, ProblemCode::Forbidden);
}

async fn a_credential_that_is_none_is_refused(app: TestApp) {
    for secret in ["", "fb_", "fb_wrong", "Bearer", "\u{e4}", &"x".repeat(4_000)] {
        app.with_key(secret).get("/api/v1/me").await.problem(401, ProblemCode::Unauthenticated);
    }
    for header in ["Basic YTpi", "Bearer", "bearer fb_wrong", ""] {
        let request = app.anonymous().request(reqwest::Method::GET, "/api/v1/me");
        request.header("authorization", header).send().await.problem(401, ProblemCode::Unauthenticated);
    }
    let request = app.anonymous().request(reqwest::Method::GET, "/api/v1/me");
    let answer = request.header("cookie", "fanbase_session=wrong").send().await;
    answer.problem(401, ProblemCode::Unauthenticated);
}

async fn an_account_gets_another_name(app: TestApp) {
    let ava = app.creator("ava").await;
    let store = ava.store("s1").await;
    let name = json!({ "name": " Ava Lindqvist " });
    let me: MeResponse = ava.patch("/api/v1/me", &name).await.expect(200).json();
    assert_eq!(me.name.as_deref(), Some("Ava Lindqvist"));
    let me: MeResponse = ava.patch("/api/v1/me", &json!({ "name": null })).await.expect(200).json();
    assert_eq!(me.name, None);
    let long = ava.patch("/api/v1/me", &json!({ "name": "x".repeat(201) })).await;
    long.field_errors(&[("/name", "too_long")]);
    let key = store.key(&["fans:write"]).await;
    key.patch("/api/v1/me", &name).await.problem(403, ProblemCode::Forbidden);
}

async fn a_new_password_ends_the_other_sessions(app: TestApp) {
    const OLD: &str = fanbase_tests::callers::PASSWORD;
    const NEW: &str = "a new horse for the battery";
    let ava = app.creator("ava").await;
    let other = fanbase_tests::Creator::sign_in(&app.anonymous(), &ava.email).await;
    let change = |current: &str, new: &str| json!({ "current_password": current, "new_password": new });
    let path = "/api/v1/auth/password";
    let wrong = ava.post(path, &change("wrong", NEW)).await;
    wrong.field_errors(&[("/current_password", "wrong_password")]);
    let short = ava.post(path, &change(OLD, "short")).await;
    short.field_errors(&[("/new_password", "password_too_short")]);
    let _ = ava.post(path, &change(OLD, NEW)).await.expect(204);
    let _ = ava.get("/api/v1/me").await.expect(200);
    other.get("/api/v1/me").await.problem(401, ProblemCode::Unauthenticated);
    for (password, status) in [(OLD, 401), (NEW, 204)] {
        let login = json!({ "email": ava.email, "password": password });
        let _ = app.anonymous().post("/api/v1/auth/login", &login).await.expect(status);
    }
}

async fn a_change_that_another_site_requests_is_refused(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let body = json!({ "name": "tag" });
    for (header, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://elsewhere.example"),
        ("origin", "null"),
    ] {
        let request = store.request(Method::POST, "/tags").header(header, value).json(&body);
        request.send().await.problem(403, ProblemCode::Forbidden);
        // Links from other sites lead to the app, so reads are allowed.
        let read = store.request(Method::GET, "/tags").header(header, value).send().await;
        assert!(!read.expect(200).text().contains("tag"), "{header}: {value}");
        // A browser sends no API key on its own.
        let key = store.key(&["fans:write"]).await;
        let by_key = store.seen_by(&app.with_key(&key.secret));
        let request = by_key.request(Method::POST, "/tags").header(header, value).json(&json!({}));
        assert_ne!(request.send().await.status, 403, "{header}: {value}");
    }
    let request = store.request(Method::POST, "/tags").header("sec-fetch-site", "same-origin");
    let _ = request.json(&body).send().await.expect(201);
}
