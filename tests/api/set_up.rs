//! The first account of an empty server.

use fanbase_domain::{
    problem::ProblemCode,
    role::Role,
    wire::auth::{AuthOptionsResponse, MeResponse},
};
use fanbase_tests::{Api, Caller as _, Response, TestApp, api::Credential, on_both_databases};
use serde_json::{Value, json};

on_both_databases!(
    the_link_makes_the_first_account_once,
    a_link_is_void_when_another_was_made,
    there_is_no_link_once_there_is_an_account,
    everything_that_is_wrong_is_told_at_once,
    two_who_follow_the_link_at_once_make_one_account,
    a_server_for_many_creators_shows_nobody_the_accounts_of_others,
);

fn request(token: &str) -> Value {
    json!({
        "token": token, "email": "owner@x.example", "password": "correct horse", "name": "Olga",
        "store": { "name": "Studio", "slug": "studio" },
    })
}

async fn set_up(app: &TestApp, request: &Value) -> Response {
    app.anonymous().post("/api/v1/auth/set-up", request).await
}

async fn options(app: &TestApp) -> AuthOptionsResponse {
    app.anonymous().get("/api/v1/auth/options").await.expect(200).json()
}

async fn the_link_makes_the_first_account_once(app: TestApp) {
    assert!(options(&app).await.needs_set_up);
    let token = app.db_set_up_token().await.unwrap();
    set_up(&app, &request("guessed")).await.problem(404, ProblemCode::NotFound);
    let answer = set_up(&app, &request(&token)).await.expect(204);
    let cookie = answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let owner: Api = app.anonymous().with(Credential::Cookie(cookie));
    let me: MeResponse = owner.get("/api/v1/me").await.expect(200).json();
    assert!(me.is_admin);
    assert_eq!((me.stores[0].slug.as_str(), me.stores[0].role), ("studio", Some(Role::AgencyOwner)));
    set_up(&app, &request(&token)).await.problem(404, ProblemCode::NotFound);
    assert!(!options(&app).await.needs_set_up);
}

async fn a_link_is_void_when_another_was_made(app: TestApp) {
    let first = app.db_set_up_token().await.unwrap();
    let second = app.db_set_up_token().await.unwrap();
    set_up(&app, &request(&first)).await.problem(404, ProblemCode::NotFound);
    let _ = set_up(&app, &request(&second)).await.expect(204);
}

async fn there_is_no_link_once_there_is_an_account(app: TestApp) {
    let token = app.db_set_up_token().await.unwrap();
    app.db_create_account("first@x.example").await;
    assert_eq!(app.db_set_up_token().await, None);
    set_up(&app, &request(&token)).await.problem(404, ProblemCode::NotFound);
}

async fn everything_that_is_wrong_is_told_at_once(app: TestApp) {
    let token = app.db_set_up_token().await.unwrap();
    let wrong = json!({
        "token": token, "email": "nobody", "password": "short", "store": { "name": " ", "slug": "A B" },
    });
    set_up(&app, &wrong).await.field_errors(&[
        ("/email", "email_invalid"),
        ("/password", "password_too_short"),
        ("/store/name", "required"),
        ("/store/slug", "slug_invalid"),
    ]);
    let _ = set_up(&app, &request(&token)).await.expect(204);
}

async fn two_who_follow_the_link_at_once_make_one_account(app: TestApp) {
    let token = app.db_set_up_token().await.unwrap();
    let (one, two) = (
        request(&token),
        json!({ "email": "other@x.example", "token": token,
        "password": "correct horse", "store": { "name": "Other", "slug": "other" } }),
    );
    let (a, b) = tokio::join!(set_up(&app, &one), set_up(&app, &two));
    let mut statuses = [a.status, b.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 404]);
}

async fn a_server_for_many_creators_shows_nobody_the_accounts_of_others(app: TestApp) {
    let token = app.db_set_up_token().await.unwrap();
    let wrong = json!({ "creators": "some", "token": token, "email": "owner@x.example",
        "password": "correct horse", "store": { "name": "Studio", "slug": "studio" } });
    set_up(&app, &wrong).await.problem(400, ProblemCode::MalformedRequest);
    let many = json!({ "creators": "many", "token": token, "email": "owner@x.example",
        "password": "correct horse", "store": { "name": "Studio", "slug": "studio" } });
    let _ = set_up(&app, &many).await.expect(204);
    app.db_create_account("somebody@x.example").await;
    let store = app.creator("ava").await.store("s1").await;
    assert_eq!(store.counts("").await.total, 0);
    let shown = store.patch("", &json!({ "shows_accounts": true })).await;
    shown.problem(409, ProblemCode::Conflict);
    // An account with a tie is its customer.
    let _ = store.customer("somebody@x.example").await;
    assert_eq!(store.counts("has_account=true").await.total, 1);
}
