//! Accounts that come from Clerk.

mod accounts;
mod addresses;
mod at_once;
mod events;
mod import;
mod jwks;
mod sessions;
mod shuffled;
mod signatures;

use fanbase_domain::wire::fans::FanResponse;
use fanbase_tests::{Caller as _, Response, Store, TestApp, app::CLERK_SECRETS};
use reqwest::Method;
use sea_orm::{FromQueryResult, Statement};
use serde_json::{Value, json};
use svix::webhooks::Webhook;

const PATH: &str = "/api/v1/webhooks/clerk";

/// Seconds since 1970.
fn now() -> i64 {
    fanbase_api::clock::now().millis() / 1000
}

/// Sends an event as Clerk does, signed now.
async fn deliver(app: &TestApp, id: &str, event: &Value) -> Response {
    let (body, at) = (event.to_string(), now());
    let signature = Webhook::new(CLERK_SECRETS[0]).unwrap().sign(id, at, body.as_bytes()).unwrap();
    app.anonymous()
        .request(Method::POST, PATH)
        .header("svix-id", id)
        .header("svix-timestamp", &at.to_string())
        .header("svix-signature", &signature)
        .body("application/json", body)
        .send()
        .await
}

/// Sends an event that must be taken.
pub(crate) async fn send(app: &TestApp, event: &Value) {
    let id = format!("msg_{}", uuid::Uuid::now_v7().simple());
    let _ = deliver(app, &id, event).await.expect(200);
}

/// An account at one moment; `email` is the primary address, and verified.
fn user(id: &str, updated_at: i64, email: Option<&str>) -> Value {
    let entry = |email| {
        json!([
            {"id": "idn_0", "email_address": "not-primary@x.example", "verification": {"status": "verified"}},
            {"id": "idn_1", "email_address": email, "verification": {"status": "verified"}},
        ])
    };
    json!({
        "id": id, "object": "user", "first_name": "Clerk", "last_name": id, "username": null,
        "image_url": format!("https://img.clerk.com/{id}"),
        "primary_email_address_id": email.map(|_| "idn_1"),
        "email_addresses": email.map_or(json!([]), entry),
        "created_at": 1_700_000_000_000_i64, "updated_at": 1_700_000_000_000 + updated_at,
        "last_sign_in_at": null, "public_metadata": {},
    })
}

fn event(kind: &str, data: &Value) -> Value {
    let at = data["updated_at"].as_i64().unwrap_or(1_700_000_000_000);
    json!({"type": kind, "object": "event", "timestamp": at, "data": data})
}

pub(crate) fn updated(id: &str, updated_at: i64, email: Option<&str>) -> Value {
    event("user.updated", &user(id, updated_at, email))
}

pub(crate) fn deleted(id: &str, at: i64) -> Value {
    let data = json!({"deleted": true, "id": id, "object": "user"});
    json!({"type": "user.deleted", "object": "event", "timestamp": 1_700_000_000_000 + at, "data": data})
}

/// An account as the database has it.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
struct Account {
    id: uuid::Uuid,
    clerk_id: String,
    email: Option<String>,
    email_key: Option<String>,
    name: Option<String>,
    name_sort: Option<String>,
    search_text: String,
    avatar_url: Option<String>,
    is_admin: bool,
    created_at: i64,
    last_sign_in_at: Option<i64>,
    deleted_at: Option<i64>,
}

/// The accounts that come from Clerk, by their id there.
async fn db_accounts(app: &TestApp) -> Vec<Account> {
    let sql = "SELECT u.id, c.clerk_id, u.email, u.email_key, u.name, u.name_sort, u.search_text,
            u.avatar_url, u.is_admin, u.created_at, u.last_sign_in_at, u.deleted_at
        FROM clerk_accounts c JOIN users u ON u.id = c.user_id ORDER BY c.clerk_id";
    let db = app.db().read();
    Account::find_by_statement(Statement::from_string(db.get_database_backend(), sql)).all(db).await.unwrap()
}

async fn db_account(app: &TestApp, clerk_id: &str) -> Account {
    let mut accounts = db_accounts(app).await;
    accounts.retain(|account| account.clerk_id == clerk_id);
    assert_eq!(accounts.len(), 1, "{clerk_id}: {accounts:?}");
    accounts.remove(0)
}

/// The fans of an address.
async fn fans(store: &Store, email: &str) -> Vec<FanResponse> {
    let mut fans = store.fans("").await;
    fans.retain(|fan| fan.email.eq_ignore_ascii_case(email));
    fans
}
