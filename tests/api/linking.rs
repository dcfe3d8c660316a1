//! Customers and accounts of the same address: one person, shown once.

use fanbase_api::{
    accounts::users::{self, service::NewUser},
    clock,
};
use fanbase_domain::{email::Email, fan::FanType, wire::fans::FanResponse};
use fanbase_tests::{Store, TestApp, on_both_databases};
use serde_json::json;

on_both_databases!(
    a_customer_meets_an_account_that_is_there,
    an_account_meets_customers_that_are_there,
    an_import_meets_accounts_that_are_there,
    a_deleted_customer_with_an_account_is_a_registered_user_again,
    a_deleted_account_leaves_its_customers,
    a_new_address_meets_the_account_that_has_it,
    a_link_survives_a_new_address,
    an_account_is_linked_to_one_customer_of_a_store,
    when_the_linked_customer_goes_another_of_the_address_takes_its_place,
    when_the_linked_account_goes_the_account_of_the_address_takes_its_place,
    sixty_four_clients_on_one_address_leave_no_drift,
);

async fn fans(store: &Store, email: &str) -> Vec<FanResponse> {
    let mut fans = store.fans("").await;
    fans.retain(|fan| fan.email.eq_ignore_ascii_case(email));
    fans
}

async fn the_fan(store: &Store, email: &str) -> FanResponse {
    let mut fans = fans(store, email).await;
    assert_eq!(fans.len(), 1, "a person is shown once: {fans:?}");
    fans.remove(0)
}

async fn a_customer_meets_an_account_that_is_there(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let user = app.db_create_account("Fan@X.example").await;
    assert_eq!(the_fan(&store, "fan@x.example").await.r#type, FanType::User);
    let customer = store.create_customer(&json!({ "email": "fan@x.example", "first_name": "Fay" })).await;
    assert_eq!(customer.user_id, Some(user.id));
    let fan = the_fan(&store, "fan@x.example").await;
    assert_eq!((fan.r#type, fan.name.as_deref(), fan.has_account), (FanType::Lead, Some("Fay"), true));
    assert_eq!(fan.avatar_url, user.avatar_url, "the account's picture is shown");
    store.assert_no_drift().await;
}

async fn an_account_meets_customers_that_are_there(app: TestApp) {
    let ava = app.creator("ava").await;
    let (one, two) = (ava.store("s1").await, ava.store("s2").await);
    let (first, second) = (one.customer("FAN@x.example").await, two.customer("fan@x.example").await);
    assert_eq!(first.user_id, None);
    let user = app.db_create_account("fan@X.EXAMPLE.").await;
    for (store, customer) in [(&one, &first), (&two, &second)] {
        let linked = store.get_customer(customer).await;
        assert_eq!(linked.user_id, Some(user.id));
        assert_eq!(the_fan(store, "fan@x.example").await.id, customer.id.into());
        store.assert_no_drift().await;
    }
}

async fn an_import_meets_accounts_that_are_there(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let user = app.db_create_account("fan@x.example").await;
    app.db_create_account("bob@x.example").await;
    store.import("", "Email,Type\nFAN@x.example,lead\nbob@x.example,user\n").await;
    assert_eq!(the_fan(&store, "fan@x.example").await.user_id, Some(user.id));
    let bob = the_fan(&store, "bob@x.example").await;
    assert_eq!(bob.r#type, FanType::User, "a mere account that is imported stays one");
    store.assert_no_drift().await;
}

async fn a_deleted_customer_with_an_account_is_a_registered_user_again(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let user = app.db_create_account("fan@x.example").await;
    let customer = store.customer("fan@x.example").await;
    store.delete_customer(&customer).await;
    let fan = the_fan(&store, "fan@x.example").await;
    assert_eq!((fan.r#type, fan.id), (FanType::User, user.id.into()));
    store.assert_no_drift().await;
}

async fn a_deleted_account_leaves_its_customers(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let customer = store.customer("fan@x.example").await;
    let user = app.db_create_account("fan@x.example").await;
    app.db_delete_account(user.id).await;
    assert_eq!(store.get_customer(&customer).await.user_id, None);
    assert!(!the_fan(&store, "fan@x.example").await.has_account);
    let another = app.db_create_account("fan@x.example").await;
    assert_eq!(store.get_customer(&customer).await.user_id, Some(another.id));
    let unused = app.db_create_account("unused@x.example").await;
    app.db_delete_account(unused.id).await;
    assert_eq!(fans(&store, "unused@x.example").await, []);
    store.assert_no_drift().await;
}

async fn a_new_address_meets_the_account_that_has_it(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let user = app.db_create_account("fan@x.example").await;
    let customer = store.customer("old@x.example").await;
    let _ = store.patch_customer(&customer, &json!({ "email": "fan@x.example" })).await.expect(200);
    assert_eq!(the_fan(&store, "fan@x.example").await.user_id, Some(user.id));
    store.assert_no_drift().await;
}

async fn a_link_survives_a_new_address(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let user = app.db_create_account("fan@x.example").await;
    app.db_create_account("other@x.example").await;
    let customer = store.customer("fan@x.example").await;
    let _ = store.patch_customer(&customer, &json!({ "email": "other@x.example" })).await.expect(200);
    assert_eq!(store.get_customer(&customer).await.user_id, Some(user.id));
    assert_eq!(fans(&store, "fan@x.example").await, []);
    store.assert_no_drift().await;
}

async fn an_account_is_linked_to_one_customer_of_a_store(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let user = app.db_create_account("fan@x.example").await;
    let first = store.customer("fan@x.example").await;
    let _ = store.patch_customer(&first, &json!({ "email": "moved@x.example" })).await.expect(200);
    let second = store.customer("fan@x.example").await;
    assert_eq!((store.get_customer(&first).await.user_id, second.user_id), (Some(user.id), None));
    store.import("", "Email,Score\nfan@x.example,1\nmoved@x.example,2\n").await;
    let users = async |customer| store.get_customer(customer).await.user_id;
    assert_eq!((users(&first).await, users(&second).await), (Some(user.id), None));
    store.assert_no_drift().await;
}

async fn when_the_linked_customer_goes_another_of_the_address_takes_its_place(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let user = app.db_create_account("fan@x.example").await;
    let first = store.customer("fan@x.example").await;
    let _ = store.patch_customer(&first, &json!({ "email": "moved@x.example" })).await.expect(200);
    let second = store.customer("fan@x.example").await;
    store.delete_customer(&first).await;
    assert_eq!(the_fan(&store, "fan@x.example").await.id, second.id.into());
    assert_eq!(store.get_customer(&second).await.user_id, Some(user.id));
    store.assert_no_drift().await;
}

async fn when_the_linked_account_goes_the_account_of_the_address_takes_its_place(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let user = app.db_create_account("fan@x.example").await;
    let other = app.db_create_account("moved@x.example").await;
    let customer = store.customer("fan@x.example").await;
    let _ = store.patch_customer(&customer, &json!({ "email": "moved@x.example" })).await.expect(200);
    app.db_delete_account(user.id).await;
    assert_eq!(the_fan(&store, "moved@x.example").await.id, customer.id.into());
    assert_eq!(store.get_customer(&customer).await.user_id, Some(other.id));
    store.assert_no_drift().await;
}

async fn sixty_four_clients_on_one_address_leave_no_drift(app: TestApp) {
    let ava = app.creator("ava").await;
    let mut stores = Vec::new();
    for i in 0..15 {
        stores.push(ava.store(&format!("store-{i}")).await);
    }
    for round in 0..8 {
        let email = format!("fan{round}@x.example");
        // In each store, two clients create the customer and two import it; four register the account.
        let clients = (0..64).map(|client| {
            let (app, email) = (app.clone(), email.clone());
            let store = stores.get(client / 4).cloned();
            tokio::spawn(async move {
                match (store, client % 4) {
                    (None, _) => register(&app, &email).await,
                    (Some(store), 0 | 1) => create(&store, &email).await,
                    (Some(store), _) => {
                        let _ = store.send_file("", format!("Email\n{email}\n")).await.expect(202);
                    }
                }
            })
        });
        for outcome in futures_util::future::join_all(clients).await {
            outcome.unwrap();
        }
    }
    for store in &stores {
        let page: fanbase_domain::wire::page::Page<fanbase_domain::wire::imports::ImportResponse> =
            fanbase_tests::Caller::get(store, "/imports").await.expect(200).json();
        for import in page.items {
            store.finished_import(import.id).await;
        }
        store.assert_no_drift().await;
        let customers = store.fans("type=lead").await;
        assert_eq!(customers.len(), 8);
        assert!(customers.iter().all(|fan| fan.user_id.is_some()), "a link was missed: {customers:?}");
        let counts = store.counts("").await;
        assert_eq!((counts.lead, counts.user), (8, 0));
    }
}

async fn create(store: &Store, email: &str) {
    let answer = fanbase_tests::Caller::post(store, "/customers", &json!({ "email": email })).await;
    assert!(matches!(answer.status, 201 | 409), "{} {}", answer.status, answer.text());
}

async fn register(app: &TestApp, email: &str) {
    let new = NewUser {
        email: Email::parse(email).unwrap(),
        name: None,
        avatar_url: None,
        password_hash: None,
        is_admin: false,
        created_at: clock::now(),
        last_sign_in_at: None,
    };
    match users::service::create(app.db(), new).await {
        Ok(_) | Err(fanbase_api::error::ApiError::EmailTaken) => {}
        Err(error) => panic!("{error}"),
    }
}
