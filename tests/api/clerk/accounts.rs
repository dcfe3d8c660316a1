//! What events make of accounts and their links.

use fanbase_domain::wire::{activities::ActivityResponse, customers::CustomerResponse, page::Page};
use fanbase_tests::{Caller as _, Store, TestApp, on_both_databases};
use serde_json::json;

use super::{db_account, db_accounts, deleted, event, fans, send, updated, user};

on_both_databases!(
    an_account_is_created_changed_and_deleted,
    an_account_without_an_address_is_no_fan_until_it_has_one,
    an_address_that_is_none_is_left_out,
    a_link_keeps_when_and_whence_the_customer_came,
    what_is_known_already_changes_nothing,
    a_deletion_that_comes_first_wins,
    a_name_that_was_changed_here_stays_until_it_changes_there,
    a_local_account_that_is_deleted_leaves_a_tombstone,
);

async fn activities(store: &Store, customer: &CustomerResponse) -> Vec<(String, Option<String>, i64)> {
    let path = format!("/customers/{}/activity", customer.id);
    let page: Page<ActivityResponse> = store.get(&path).await.expect(200).json();
    let mut all = Vec::new();
    for activity in page.items {
        all.push((activity.kind.to_string(), activity.detail, activity.at.millis() - 1_700_000_000_000));
    }
    all.retain(|(kind, ..)| kind.starts_with("account_"));
    all
}

async fn an_account_is_created_changed_and_deleted(app: TestApp) {
    let ava = app.creator("ava").await;
    let (one, two) = (ava.store("s1").await, ava.store("s2").await);
    let (first, second) = (one.customer("fan@x.example").await, two.customer("FAN@x.example").await);
    let before = one.counts("").await;

    send(&app, &event("user.created", &user("user_1", 1, Some("Fan@X.example")))).await;
    let account = db_account(&app, "user_1").await;
    assert_eq!(account.email.as_deref(), Some("Fan@X.example"));
    assert_eq!(account.name.as_deref(), Some("Clerk user_1"));
    for (store, customer) in [(&one, &first), (&two, &second)] {
        let linked = store.get_customer(customer).await;
        assert_eq!(linked.user_id.map(|id| id.uuid()), Some(account.id));
        let fan = fans(store, "fan@x.example").await.remove(0);
        assert_eq!(fan.avatar_url.as_deref(), Some("https://img.clerk.com/user_1"));
        store.assert_no_drift().await;
    }
    assert_eq!(one.counts("").await, before, "a customer who registers is the same fan");

    // Another address: the link survives, and the account can be found under the new one.
    send(&app, &updated("user_1", 2, Some("new@x.example"))).await;
    assert_eq!(db_account(&app, "user_1").await.email.as_deref(), Some("new@x.example"));
    assert_eq!(one.get_customer(&first).await.user_id.map(|id| id.uuid()), Some(account.id));
    let three = ava.store("s3").await;
    assert_eq!(three.counts("search=new@x").await.user, 1);
    assert_eq!(three.counts("search=fan@x").await.user, 0);
    three.assert_no_drift().await;

    send(&app, &deleted("user_1", 3)).await;
    let tombstone = db_account(&app, "user_1").await;
    assert_eq!((tombstone.id, tombstone.deleted_at), (account.id, Some(1_700_000_000_003)));
    let personal = (&tombstone.email, &tombstone.email_key, &tombstone.name, &tombstone.avatar_url);
    assert_eq!(personal, (&None, &None, &None, &None));
    assert_eq!((tombstone.name_sort.as_deref(), tombstone.search_text.as_str()), (None, ""));
    for (store, customer) in [(&one, &first), (&two, &second)] {
        assert_eq!(store.get_customer(customer).await.user_id, None);
        store.assert_no_drift().await;
    }
    assert_eq!(three.counts("search=new@x").await.user, 0);
    assert_eq!(three.counts("").await.user, 0);
    let kinds: Vec<String> = activities(&one, &first).await.into_iter().map(|(kind, ..)| kind).collect();
    assert_eq!(kinds, ["account_unlinked", "account_linked"]);

    // It does not come back.
    send(&app, &updated("user_1", 9, Some("fan@x.example"))).await;
    assert_eq!(db_account(&app, "user_1").await, tombstone);
    assert_eq!(one.get_customer(&first).await.user_id, None);
}

async fn an_account_without_an_address_is_no_fan_until_it_has_one(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    send(&app, &updated("user_1", 1, None)).await;
    assert_eq!(db_account(&app, "user_1").await.email, None);
    assert_eq!(store.counts("").await.user, 0);
    store.assert_no_drift().await;
    send(&app, &updated("user_1", 2, Some("fan@x.example"))).await;
    assert_eq!(store.counts("").await.user, 1);
    assert_eq!(fans(&store, "fan@x.example").await.len(), 1);
    store.assert_no_drift().await;
    send(&app, &updated("user_1", 3, None)).await;
    assert_eq!(fans(&store, "fan@x.example").await, []);
    store.assert_no_drift().await;
}

async fn an_address_that_is_none_is_left_out(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    send(&app, &updated("user_1", 1, Some("no address"))).await;
    assert_eq!(db_account(&app, "user_1").await.email, None);
    let mut odd = user("user_2", 1, Some("fan@x.example"));
    odd["first_name"] = json!("A\u{0}va");
    odd["last_name"] = json!("x".repeat(5_000));
    odd["image_url"] = json!("javascript:alert(1)");
    send(&app, &event("user.created", &odd)).await;
    let account = db_account(&app, "user_2").await;
    assert!(account.name.is_some_and(|name| name.starts_with("Ava x") && name.len() == 200));
    assert_eq!(account.avatar_url, None);
    store.assert_no_drift().await;
}

async fn a_link_keeps_when_and_whence_the_customer_came(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let customer = store.customer("fan@x.example").await;
    send(&app, &updated("user_1", 7, Some("fan@x.example"))).await;
    let linked = ("account_linked".to_owned(), Some("manual".to_owned()), 7);
    assert_eq!(activities(&store, &customer).await, [linked]);
}

async fn what_is_known_already_changes_nothing(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let customer = store.customer("fan@x.example").await;
    for at in [5, 5, 3, 1] {
        send(&app, &updated("user_1", at, Some("fan@x.example"))).await;
    }
    let mut older = user("user_1", 4, Some("older@x.example"));
    older["first_name"] = json!("Older");
    send(&app, &event("user.updated", &older)).await;
    let account = db_account(&app, "user_1").await;
    assert_eq!(account.email.as_deref(), Some("fan@x.example"));
    assert_eq!(account.name.as_deref(), Some("Clerk user_1"));
    assert_eq!(activities(&store, &customer).await.len(), 1, "it is linked once");
    store.assert_no_drift().await;
}

async fn a_deletion_that_comes_first_wins(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let customer = store.customer("fan@x.example").await;
    send(&app, &deleted("user_1", 5)).await;
    send(&app, &updated("user_1", 2, Some("fan@x.example"))).await;
    send(&app, &deleted("user_1", 4)).await;
    let tombstone = db_account(&app, "user_1").await;
    assert_eq!((tombstone.email, tombstone.deleted_at), (None, Some(1_700_000_000_004)));
    assert_eq!(tombstone.created_at, 1_700_000_000_000);
    assert_eq!(store.get_customer(&customer).await.user_id, None);
    store.assert_no_drift().await;
}

async fn a_name_that_was_changed_here_stays_until_it_changes_there(app: TestApp) {
    let ava = app.creator("ava").await;
    let owner = updated("user_1", 1, Some("ava@creators.example"));
    send(&app, &owner).await;
    let _ = ava.patch("/api/v1/me", &json!({ "name": "Ava here" })).await.expect(200);
    send(&app, &updated("user_1", 2, Some("ava@creators.example"))).await;
    assert_eq!(db_account(&app, "user_1").await.name.as_deref(), Some("Ava here"));
    let mut renamed = user("user_1", 3, Some("ava@creators.example"));
    renamed["first_name"] = json!("Ava there");
    send(&app, &event("user.updated", &renamed)).await;
    assert_eq!(db_account(&app, "user_1").await.name.as_deref(), Some("Ava there user_1"));
}

async fn a_local_account_that_is_deleted_leaves_a_tombstone(app: TestApp) {
    let (ava, bob) = (app.creator("ava").await, app.creator("bob").await);
    let store = ava.store("s1").await;
    app.db_delete_account(bob.user_id).await;
    assert_eq!(bob.get("/api/v1/me").await.status, 401, "its sessions have ended");
    assert_eq!(fans(&store, &bob.email).await, []);
    assert_eq!(store.counts("search=bob").await.user, 0);
    store.assert_no_drift().await;
    let again = app.db_create_account(&bob.email).await;
    assert_ne!(again.id, bob.user_id, "the address is free");
    store.assert_no_drift().await;
    assert_eq!(db_accounts(&app).await, []);
}
