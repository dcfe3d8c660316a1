//! Nothing holds the address of somebody who was deleted, and who left stays out.

use fanbase_api::db::{is_sqlite, sql::Sql};
use fanbase_domain::{problem::ProblemCode, wire::customers::CustomerResponse};
use fanbase_tests::{Caller as _, Store, TestApp, on_both_databases};
use reqwest::Method;
use serde_json::json;

use crate::{
    clerk,
    facts::{customer, report},
    stripe::{self, Generation, connected, fixture},
};

on_both_databases!(
    no_table_holds_the_address_of_a_deleted_customer,
    a_bulk_deletion_erases_as_well,
    no_table_holds_the_address_of_a_deleted_account,
    who_left_and_was_deleted_stays_out,
    who_is_subscribed_by_hand_may_be_deleted_and_come_again,
);

const AVA: &str = "ava.lindqvist@example.com";

/// The columns of all tables that hold a text, and where they hold it.
async fn db_places_of(app: &TestApp, text: &str) -> Vec<String> {
    let db = app.db().read();
    let columns = match is_sqlite(db) {
        true => {
            "SELECT m.name, c.name, c.type FROM sqlite_master m JOIN pragma_table_info(m.name) c
             WHERE m.type = 'table' AND m.name NOT LIKE '%\\_search%' ESCAPE '\\'"
        }
        false => {
            "SELECT table_name::text, column_name::text, data_type::text FROM information_schema.columns
             WHERE table_schema = current_schema()"
        }
    };
    let mut places = Vec::new();
    for row in Sql::new(columns).all(db).await.unwrap() {
        let cell = |i: usize| row.try_get_by_index::<String>(i).unwrap();
        let (table, column) = (cell(0), cell(1));
        let value = match (is_sqlite(db), cell(2).as_str()) {
            (true, _) => format!("CAST(\"{column}\" AS TEXT)"),
            (false, "bytea") => format!("encode(\"{column}\", 'escape')"),
            (false, _) => format!("\"{column}\"::text"),
        };
        let mut sql = Sql::new(&format!("SELECT COUNT(*) FROM \"{table}\" WHERE lower({value}) LIKE "));
        sql.bind(format!("%{text}%"));
        if sql.number(db).await.unwrap() > 0 {
            places.push(format!("{table}.{column}"));
        }
    }
    places
}

/// A customer whose address stands in many places.
async fn busy_customer(app: &TestApp) -> (Store, CustomerResponse) {
    let (store, _) = stripe::connected_store(app).await;
    let create = store
        .request(Method::POST, "/customers")
        .header("idempotency-key", "k1")
        .json(&json!({ "email": AVA, "consent": "subscribed" }));
    let _ = create.send().await.expect(201);
    for name in ["checkout-payment", "checkout-subscription", "invoice-paid", "charge-refunded"] {
        stripe::send(app, &connected(&fixture(Generation::New, name))).await;
    }
    let mut ignored = connected(&fixture(Generation::New, "checkout-payment"));
    (ignored["id"], ignored["type"]) = (json!("evt_ignored"), json!("customer.created"));
    stripe::send(app, &ignored).await;
    let file = format!("Email,Score,First Name\n{AVA},many,Ava\n");
    store.import("", file).await;
    let ava = customer(&store, AVA).await;
    let _ =
        store.post(&format!("/customers/{}/notes", ava.id), &json!({ "text": format!("Mail {AVA}") })).await;
    let _ = store.get(&format!("/fans/export?search={AVA}")).await.expect(200);
    let _ = store.patch_customer(&ava, &json!({ "consent": "unsubscribed" })).await.expect(200);
    (store, ava)
}

async fn no_table_holds_the_address_of_a_deleted_customer(app: TestApp) {
    let (store, ava) = busy_customer(&app).await;
    assert!(!db_places_of(&app, AVA).await.is_empty(), "the search finds what is there");
    store.delete_customer(&ava).await;
    assert_eq!(db_places_of(&app, AVA).await, [""; 0]);
    let log = store.audit_log("action=customer.deleted").await;
    assert_eq!(log[0].before.as_ref().unwrap()["email_hashes"].as_array().unwrap().len(), 1);
    // The events are still listed, and cannot be applied once more.
    let admin = app.admin("root2").await;
    let replay = admin.post("/api/v1/admin/webhook-events/stripe/evt_cs_paid/replay", &json!({})).await;
    replay.problem(409, ProblemCode::Conflict);
    store.assert_no_drift().await;
}

async fn a_bulk_deletion_erases_as_well(app: TestApp) {
    let (store, _) = busy_customer(&app).await;
    let _ = store.post("/fans/bulk", &json!({ "action": "delete" })).await.expect(200);
    assert_eq!(db_places_of(&app, AVA).await, [""; 0]);
    store.assert_no_drift().await;
}

async fn no_table_holds_the_address_of_a_deleted_account(app: TestApp) {
    let store = app.creator("eve").await.store("s1").await;
    clerk::send(&app, &clerk::updated("user_1", 1, Some("old@x.example"))).await;
    clerk::send(&app, &clerk::updated("user_1", 2, Some("new@x.example"))).await;
    store.invite("new@x.example", "SUBACCOUNT_USER").await;
    clerk::send(&app, &clerk::deleted("user_1", 9)).await;
    for address in ["old@x.example", "new@x.example"] {
        assert_eq!(db_places_of(&app, address).await, [""; 0], "{address}");
    }
    store.assert_no_drift().await;
}

async fn who_left_and_was_deleted_stays_out(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let other = app.creator("bob").await.store("s2").await;
    for (consent, email) in
        [("unsubscribed", "u@x.example"), ("bounced", "b@x.example"), ("complained", "c@x.example")]
    {
        let request = json!({ "email": email, "consent": consent });
        let customer = store.create_customer(&request).await;
        store.delete_customer(&customer).await;
        let file = format!("Email,Consent\n{},subscribed\n", email.to_uppercase());
        let dry = store.import("dry_run=true", file.clone()).await;
        let import = store.import("", file.clone()).await;
        assert_eq!((dry.kept_unsubscribed, import.kept_unsubscribed), (1, 1), "{email}");
        let again = self::customer(&store, email).await;
        assert_eq!(again.consent.as_str(), consent, "by import");
        store.delete_customer(&again).await;
        let again = store.create_customer(&json!({ "email": email, "consent": "subscribed" })).await;
        assert_eq!(again.consent.as_str(), consent, "by the API");
        store.delete_customer(&again).await;
        let purchase =
            json!({ "reference": format!("o-{email}"), "customer": {"email": email}, "title": "Pack" });
        report(&store, "/purchases", &purchase).await;
        assert_eq!(self::customer(&store, email).await.consent.as_str(), consent, "by a purchase");
        // Another store has nothing to do with it.
        other.import("", file).await;
        assert_eq!(self::customer(&other, email).await.consent.as_str(), "subscribed");
    }
    store.assert_no_drift().await;
}

async fn who_is_subscribed_by_hand_may_be_deleted_and_come_again(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let ava = store.create_customer(&json!({ "email": AVA, "consent": "unsubscribed" })).await;
    store.delete_customer(&ava).await;
    let ava = store.create_customer(&json!({ "email": AVA })).await;
    let _ = store.patch_customer(&ava, &json!({ "consent": "subscribed" })).await.expect(200);
    store.delete_customer(&ava).await;
    store.import("", format!("Email,Consent\n{AVA},subscribed\n")).await;
    assert_eq!(customer(&store, AVA).await.consent.as_str(), "subscribed");
}
