//! Who calls the API.

use std::net::SocketAddr;

use fanbase_domain::{
    ids::{ApiKeyId, StoreId, UserId},
    wire::{
        api_keys::CreatedApiKeyResponse,
        audit::AuditEntryResponse,
        auth::MeResponse,
        customers::CustomerResponse,
        fans::{FanCountsResponse, RecountResponse},
        members::CreatedInvitationResponse,
        page::Page,
        stores::StoreResponse,
    },
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    TestApp,
    api::{Api, Caller, Credential},
    response::Response,
};

/// The password of every creator.
pub const PASSWORD: &str = "correct horse battery staple";

/// A person who is signed in.
#[derive(Clone, Debug)]
pub struct Creator {
    pub(crate) api: Api,
    /// The account.
    pub user_id: UserId,
    /// Its address.
    pub email: String,
}

/// A tool with an API key.
#[derive(Clone, Debug)]
pub struct ApiKey {
    api: Api,
    /// The key.
    pub id: ApiKeyId,
    /// Its secret.
    pub secret: String,
}

/// A store, as its owner sees it; paths are below it.
#[derive(Clone, Debug)]
pub struct Store {
    api: Api,
    root: Api,
    /// The store.
    pub id: StoreId,
}

impl Caller for Creator {
    fn api(&self) -> &Api {
        &self.api
    }
}

impl Caller for ApiKey {
    fn api(&self) -> &Api {
        &self.api
    }
}

impl Caller for Store {
    fn api(&self) -> &Api {
        &self.api
    }
}

impl Creator {
    /// Signs in somebody who has an account with [`PASSWORD`].
    ///
    /// # Panics
    /// When that is not possible.
    pub async fn sign_in(anonymous: &Api, email: &str) -> Self {
        let login = json!({ "email": email, "password": PASSWORD });
        let answer = anonymous.post("/api/v1/auth/login", &login).await.expect(204);
        let cookie = answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
        let api = anonymous.with(Credential::Cookie(cookie));
        let me: MeResponse = api.get("/api/v1/me").await.expect(200).json();
        Self { api, user_id: me.user_id.unwrap(), email: email.to_owned() }
    }

    /// The same person at another server of the same database.
    #[must_use]
    pub fn at(&self, address: SocketAddr) -> Self {
        Self { api: self.api.at(address), ..self.clone() }
    }

    /// Opens a store.
    pub async fn store(&self, slug: &str) -> Store {
        let request = json!({ "name": format!("Store {slug}"), "slug": slug });
        let store: StoreResponse = self.post("/api/v1/stores", &request).await.expect(201).json();
        self.open(store.id)
    }

    /// A store as this person sees it, be it theirs or not.
    #[must_use]
    pub fn open(&self, id: StoreId) -> Store {
        Store { api: self.api.below(&format!("/api/v1/stores/{id}")), root: self.api.clone(), id }
    }
}

impl Store {
    /// Creates an API key of the store.
    pub async fn key(&self, scopes: &[&str]) -> ApiKey {
        let request = json!({ "name": "Test", "scopes": scopes });
        let created: CreatedApiKeyResponse = self.post("/api-keys", &request).await.expect(201).json();
        let api = self.root.with(Credential::Bearer(created.secret.clone()));
        ApiKey { api, id: created.key.id, secret: created.secret }
    }

    /// A new person with an account who accepted an invitation to the store.
    pub async fn member(&self, app: &TestApp, name: &str, role: &str) -> Creator {
        let creator = app.creator(name).await;
        let invitation = self.invite(&creator.email, role).await;
        let accept = json!({ "token": invitation.token });
        let _ = creator.post("/api/v1/invitations/accept", &accept).await.expect(200);
        creator
    }

    /// Invites somebody.
    pub async fn invite(&self, email: &str, role: &str) -> CreatedInvitationResponse {
        let request = json!({ "email": email, "role": role });
        self.post("/invitations", &request).await.expect(201).json()
    }

    /// The lines of the audit log that a filter admits, newest first.
    pub async fn audit_log(&self, filter: &str) -> Vec<AuditEntryResponse> {
        let page: Page<AuditEntryResponse> =
            self.get(&format!("/audit-log?{filter}")).await.expect(200).json();
        page.items
    }

    /// The store as another caller sees it.
    #[must_use]
    pub fn seen_by(&self, caller: &impl Caller) -> Self {
        Self { api: self.api.as_seen_by(caller), root: self.root.as_seen_by(caller), id: self.id }
    }

    /// Creates a customer of whom only the address is known.
    pub async fn customer(&self, email: &str) -> CustomerResponse {
        self.create_customer(&json!({ "email": email })).await
    }

    /// Creates a customer.
    pub async fn create_customer(&self, request: &Value) -> CustomerResponse {
        self.post("/customers", request).await.expect(201).json()
    }

    /// A customer as it is now.
    pub async fn get_customer(&self, customer: &CustomerResponse) -> CustomerResponse {
        self.get(&format!("/customers/{}", customer.id)).await.expect(200).json()
    }

    /// Changes a customer.
    pub async fn patch_customer(&self, customer: &CustomerResponse, patch: &Value) -> Response {
        self.patch(&format!("/customers/{}", customer.id), patch).await
    }

    /// Deletes a customer.
    pub async fn delete_customer(&self, customer: &CustomerResponse) {
        let _ = self.delete(&format!("/customers/{}", customer.id)).await.expect(204);
    }

    /// How many fans a filter admits.
    pub async fn counts(&self, filter: &str) -> FanCountsResponse {
        self.get(&format!("/fans/counts?{filter}")).await.expect(200).json()
    }

    /// All fans as CSV.
    pub async fn export(&self) -> String {
        self.get("/fans/export").await.expect(200).text()
    }

    /// Fails unless the counters are exact.
    ///
    /// # Panics
    /// When they drifted.
    pub async fn assert_no_drift(&self) {
        let recount = self.request(Method::POST, "/fans/recount").send().await.expect(200);
        let recount: RecountResponse = recount.json();
        let exact = recount.drift.is_empty() && recount.accounts_drift == 0;
        assert!(exact, "the counters drifted: {recount:?}");
        assert_eq!(self.counts("").await, recount.counts);
    }
}
