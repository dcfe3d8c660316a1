//! Addresses that more than one account claims, and links that pass on.

use fanbase_api::accounts::users;
use fanbase_domain::{problem::ProblemCode, wire::customers::CustomerResponse};
use fanbase_tests::{Caller as _, Store};
use fanbase_tests::{Creator, TestApp, callers::PASSWORD, on_both_databases};
use serde_json::json;

use super::{db_account, deleted, event, send, updated, user};

on_both_databases!(
    of_two_that_claim_an_address_the_one_that_changed_last_has_it,
    who_leaves_an_address_leaves_it_to_the_next_that_claims_it,
    a_local_account_of_a_verified_address_becomes_the_one_of_clerk,
    a_local_account_of_an_unverified_address_stays_what_it_is,
    a_password_chosen_by_who_only_claimed_an_address_opens_nothing,
    links_are_those_of_the_right_order,
    a_deletion_passes_links_on,
);

async fn email(app: &TestApp, clerk_id: &str) -> Option<String> {
    db_account(app, clerk_id).await.email
}

async fn linked(app: &TestApp, store: &Store, customer: &CustomerResponse, clerk_id: &str) -> bool {
    let account = db_account(app, clerk_id).await;
    store.get_customer(customer).await.user_id.map(|id| id.uuid()) == Some(account.id)
}

async fn of_two_that_claim_an_address_the_one_that_changed_last_has_it(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    send(&app, &updated("user_1", 5, Some("fan@x.example"))).await;
    send(&app, &updated("user_2", 4, Some("fan@x.example"))).await;
    assert_eq!(email(&app, "user_1").await.as_deref(), Some("fan@x.example"));
    assert_eq!(email(&app, "user_2").await, None);
    assert_eq!(store.counts("").await.user, 1);
    send(&app, &updated("user_2", 6, Some("Fan@x.example"))).await;
    assert_eq!(email(&app, "user_1").await, None);
    assert_eq!(email(&app, "user_2").await.as_deref(), Some("Fan@x.example"));
    // Of the same moment: the greater id.
    send(&app, &updated("user_3", 6, Some("fan@x.example"))).await;
    assert_eq!(email(&app, "user_3").await.as_deref(), Some("fan@x.example"));
    send(&app, &updated("user_1", 6, Some("fan@x.example"))).await;
    assert_eq!(email(&app, "user_1").await, None);
    assert_eq!(store.counts("").await.user, 1);
    store.assert_no_drift().await;
}

async fn who_leaves_an_address_leaves_it_to_the_next_that_claims_it(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    for (id, at) in [("user_1", 1), ("user_2", 2), ("user_3", 3)] {
        send(&app, &updated(id, at, Some("fan@x.example"))).await;
    }
    send(&app, &updated("user_3", 4, Some("new@x.example"))).await;
    assert_eq!(email(&app, "user_2").await.as_deref(), Some("fan@x.example"));
    assert_eq!(email(&app, "user_3").await.as_deref(), Some("new@x.example"));
    send(&app, &deleted("user_2", 5)).await;
    assert_eq!(email(&app, "user_1").await.as_deref(), Some("fan@x.example"));
    store.assert_no_drift().await;
    let customer = store.customer("fan@x.example").await;
    assert!(linked(&app, &store, &customer, "user_1").await);
    store.assert_no_drift().await;
}

async fn a_local_account_of_a_verified_address_becomes_the_one_of_clerk(app: TestApp) {
    let ava = app.creator("ava").await;
    let store = ava.store("s1").await;
    send(&app, &updated("user_1", 1, Some("ava@creators.example"))).await;
    let account = db_account(&app, "user_1").await;
    assert_eq!(account.id, ava.user_id.uuid());
    assert_eq!(account.name.as_deref(), Some("Clerk user_1"));
    // It keeps its password, its session and its store.
    let again = Creator::sign_in(&app.anonymous(), &ava.email).await;
    assert_eq!(again.user_id, ava.user_id);
    let login = json!({ "email": ava.email, "password": PASSWORD });
    let _ = app.anonymous().post("/api/v1/auth/login", &login).await.expect(204);
    let _ = ava.open(store.id).get("/fans").await.expect(200);
    store.assert_no_drift().await;
    send(&app, &updated("user_1", 2, Some("new@x.example"))).await;
    assert_eq!(email(&app, "user_1").await.as_deref(), Some("new@x.example"));
    store.assert_no_drift().await;
}

async fn a_local_account_of_an_unverified_address_stays_what_it_is(app: TestApp) {
    let ava = app.creator("ava").await;
    let store = ava.store("s1").await;
    let mut claim = user("user_1", 1, Some("ava@creators.example"));
    claim["email_addresses"][1]["verification"] = json!({ "status": "unverified" });
    send(&app, &event("user.created", &claim)).await;
    let account = db_account(&app, "user_1").await;
    assert_ne!(account.id, ava.user_id.uuid());
    assert_eq!(account.email, None);
    store.assert_no_drift().await;
    // Once the address is free, it is theirs.
    app.db_delete_account(ava.user_id).await;
    assert_eq!(email(&app, "user_1").await.as_deref(), Some("ava@creators.example"));
    let bob = app.creator("bob").await;
    bob.store("s2").await.assert_no_drift().await;
}

async fn links_are_those_of_the_right_order(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let (a, b) = (store.customer("a@x.example").await, store.customer("b@x.example").await);
    // In the right order user_1 is linked to a, moves to b and stays linked to a; user_2 gets b.
    send(&app, &updated("user_2", 3, Some("b@x.example"))).await;
    assert!(linked(&app, &store, &b, "user_2").await);
    send(&app, &updated("user_1", 2, Some("b@x.example"))).await;
    assert!(linked(&app, &store, &b, "user_1").await, "user_1 had the address before");
    send(&app, &updated("user_1", 1, Some("a@x.example"))).await;
    assert!(linked(&app, &store, &a, "user_1").await);
    assert!(linked(&app, &store, &b, "user_2").await);
    store.assert_no_drift().await;
}

async fn a_deletion_passes_links_on(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let customer = store.customer("a@x.example").await;
    send(&app, &updated("user_1", 1, Some("a@x.example"))).await;
    send(&app, &updated("user_1", 2, Some("b@x.example"))).await;
    send(&app, &updated("user_2", 3, Some("a@x.example"))).await;
    assert!(linked(&app, &store, &customer, "user_1").await, "a link survives");
    send(&app, &deleted("user_1", 4)).await;
    assert!(linked(&app, &store, &customer, "user_2").await);
    store.assert_no_drift().await;
}

/// Somebody signs up here with a stranger's address; then the stranger comes from Clerk.
async fn a_password_chosen_by_who_only_claimed_an_address_opens_nothing(app: TestApp) {
    let thief = app.creator("victim").await;
    users::writes::doubt(app.db().write(), thief.user_id).await.unwrap();
    let _ = thief.get("/api/v1/me").await.expect(200);
    send(&app, &event("user.created", &user("user_1", 1, Some(&thief.email)))).await;
    assert_eq!(db_account(&app, "user_1").await.id, thief.user_id.uuid());
    thief.get("/api/v1/me").await.problem(401, ProblemCode::Unauthenticated);
    let login = json!({ "email": thief.email, "password": PASSWORD });
    app.anonymous().post("/api/v1/auth/login", &login).await.problem(401, ProblemCode::Unauthenticated);
}
