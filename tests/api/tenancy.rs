//! No request of one store ever reads or changes another. The routes are those of the OpenAPI
//! document, so that a new one cannot be forgotten.

use std::collections::BTreeSet;

use fanbase_domain::{
    problem::ProblemCode,
    role::{Permission, Role},
    wire::api_keys::Scope,
};
use fanbase_tests::{Api, Caller, Response, Store, TestApp, on_both_databases};
use reqwest::Method;
use serde_json::{Value, json};

use crate::openapi::operations;

on_both_databases!(
    nobody_reads_or_changes_a_store_that_is_not_theirs,
    what_is_in_a_store_cannot_be_reached_through_another,
    only_those_who_are_signed_in_get_past_the_other_routes,
    a_role_may_what_the_document_says,
    who_may_not_is_told_so_whatever_else_is_wrong,
);

/// Routes that everybody may call. The document says so as well; here, so that none is opened by
/// mistake.
const OPEN: [&str; 12] = [
    "/api/v1/auth/clerk",
    "/api/v1/auth/login",
    "/api/v1/auth/logout",
    "/api/v1/auth/options",
    "/api/v1/auth/set-up",
    "/api/v1/auth/sign-up",
    "/api/v1/invitations/offer",
    "/api/v1/webhooks/clerk",
    "/api/v1/webhooks/stripe",
    "/healthz",
    "/metrics",
    "/readyz",
];

/// The scope of an API key that an operation of a store needs, if keys may, and the permission of
/// a person, as the document says.
fn needs(operation: &Value) -> (Option<String>, Permission) {
    let security = operation["security"].as_array().expect("a route of a store says what it needs");
    let named =
        |scheme: &str| security.iter().find_map(|needed| Some(needed.get(scheme)?[0].as_str()?.to_owned()));
    let permission = Permission::parse(&named("session").expect("people may")).expect("a known permission");
    (named("api_key"), permission)
}

/// Calls an operation, with a body that would be right.
async fn call(caller: &impl Caller, method: &str, path: &str, operation: &Value) -> Response {
    let method: Method = method.parse().unwrap();
    let request = caller.request(method.clone(), path).header("if-match", "*");
    let content = operation["requestBody"]["content"].as_object();
    let kinds: Vec<&str> = content.into_iter().flatten().map(|(kind, _)| kind.as_str()).collect();
    if kinds.contains(&"text/csv") {
        return request.body("text/csv", "Email\nintruder@x.example\n").send().await;
    }
    if kinds.is_empty() {
        return request.send().await;
    }
    let below = path.rsplit('/').find(|part| part.parse::<uuid::Uuid>().is_err()).unwrap_or_default();
    let body = match (below, method) {
        ("customers", Method::PATCH) => json!({ "alias": "intruder" }),
        ("customers", _) => json!({ "email": "intruder@x.example" }),
        ("api-keys", _) => json!({ "name": "intruder", "scopes": ["fans:read"] }),
        ("custom-fields", _) => json!({ "label": "intruder" }),
        ("notes", _) => json!({ "text": "intruder" }),
        ("activities", Method::POST) => json!({ "kind": "call", "text": "intruder" }),
        ("activities", _) => json!({ "text": "intruder" }),
        ("bulk", _) => json!({ "action": "delete" }),
        ("merge", _) => json!({ "into": uuid::Uuid::now_v7() }),
        ("views", Method::POST) => json!({ "name": "intruder", "query": "" }),
        ("members", _) => json!({ "role": "SUBACCOUNT_GUEST" }),
        ("invitations", _) => json!({ "email": "intruder@x.example", "role": "SUBACCOUNT_GUEST" }),
        ("rotate", _) => json!({}),
        ("courses" | "products" | "plans", Method::POST) => json!({ "reference": "i", "title": "intruder" }),
        ("courses" | "products" | "plans", _) => json!({ "title": "intruder" }),
        ("enrollments", Method::PATCH) => json!({ "progress": 66 }),
        ("subscriptions", Method::PATCH) => json!({ "status": "canceled" }),
        ("enrollments", _) => json!({
            "reference": "i", "customer": {"email": "intruder@x.example"},
            "course": {"reference": "i", "title": "intruder"},
        }),
        ("purchases" | "subscriptions", _) => {
            json!({ "reference": "i", "customer": {"email": "intruder@x.example"} })
        }
        ("backfills", _) => json!({ "what": "courses" }),
        ("refunds", _) => json!({ "reference": "i", "payment": "o1", "amount": 5 }),
        _ => json!({ "name": "intruder" }),
    };
    request.json(&body).send().await
}

/// What a store has of everything, for the parts of paths.
struct Things {
    ids: Vec<(&'static str, String)>,
    /// All that can be seen of it.
    before: String,
}

impl Things {
    async fn of(app: &TestApp, store: &Store) -> Self {
        let customer = store.customer("a@x.example").await;
        let import = store.import("", "Email\nb@x.example\n").await;
        let created = async |path: &str, request: Value| -> String {
            let thing: Value = store.post(path, &request).await.expect(201).json();
            thing["id"].as_str().unwrap().to_owned()
        };
        let note = created(&format!("/customers/{}/notes", customer.id), json!({ "text": "x" })).await;
        let activity = json!({ "kind": "call", "text": "x" });
        let activity = created(&format!("/customers/{}/activities", customer.id), activity).await;
        let item = json!({ "reference": "x", "title": "x" });
        let (course, product, plan) = (
            created("/courses", item.clone()).await,
            created("/products", item.clone()).await,
            created("/plans", item).await,
        );
        let who = json!({ "email": "a@x.example" });
        let enrollment = json!({ "reference": "e1", "customer": who, "course": {"reference": "x"} });
        let purchase = json!({ "reference": "o1", "customer": who, "payment": {"amount": 500} });
        let subscription = json!({ "reference": "s1", "customer": who, "plan": {"reference": "x"} });
        let _ = created("/purchases", purchase).await;
        let backfill = json!({ "what": "courses" });
        let backfill: Value = store.post("/backfills", &backfill).await.expect(202).json();
        let member = store.member(app, &format!("member-of-{}", store.id), "SUBACCOUNT_USER").await;
        let ids = vec![
            ("{store_id}", store.id.to_string()),
            ("{customer_id}", customer.id.to_string()),
            ("{fan_id}", customer.id.to_string()),
            ("{import_id}", import.id.to_string()),
            ("{backfill_id}", backfill["id"].as_str().unwrap().to_owned()),
            ("{tag_id}", created("/tags", json!({ "name": "vip" })).await),
            ("{field_id}", created("/custom-fields", json!({ "label": "Daw" })).await),
            ("{note_id}", note),
            ("{activity_id}", activity),
            ("{view_id}", created("/views", json!({ "name": "a view", "query": "" })).await),
            ("{course_id}", course),
            ("{product_id}", product),
            ("{plan_id}", plan),
            ("{enrollment_id}", created("/enrollments", enrollment).await),
            ("{subscription_id}", created("/subscriptions", subscription).await),
            ("{key_id}", store.key(&["fans:read"]).await.id.to_string()),
            ("{user_id}", member.user_id.to_string()),
            ("{invitation_id}", store.invite("c@x.example", "AGENCY_ADMIN").await.invitation.id.to_string()),
        ];
        Self { ids, before: seen(store).await }
    }

    fn path(&self, pattern: &str) -> String {
        let path = self.ids.iter().fold(pattern.to_owned(), |path, (name, id)| path.replace(name, id));
        assert!(!path.contains('{'), "this test has no id for {path}");
        path
    }
}

/// All that can be seen of a store.
async fn seen(store: &Store) -> String {
    let mut seen = store.export().await;
    for path in [
        "/tags",
        "/views",
        "/custom-fields",
        "/members",
        "/invitations",
        "/imports",
        "/courses",
        "/products",
        "/plans",
    ] {
        seen += &store.get(path).await.expect(200).text();
    }
    for fan in store.fans("type=lead&type=paying&type=subscription").await {
        for what in ["enrollments", "purchases", "payments", "subscriptions", "activity"] {
            seen += &store.get(&format!("/customers/{}/{what}", fan.id)).await.expect(200).text();
        }
    }
    seen
}

fn operations_of_stores() -> Vec<(String, String, Value)> {
    let of_store = |(pattern, ..): &(String, _, _)| pattern.contains("{store_id}");
    operations().into_iter().filter(of_store).collect()
}

async fn nobody_reads_or_changes_a_store_that_is_not_theirs(app: TestApp) {
    let (ava, bob) = (app.creator("ava").await, app.creator("bob").await);
    let (hers, his) = (ava.store("hers").await, bob.store("his").await);
    let scopes = Scope::ALL.map(Scope::as_str);
    let revoked = hers.key(&scopes).await;
    let _ = hers.delete(&format!("/api-keys/{}", revoked.id)).await.expect(204);
    let expired = hers.key(&scopes).await;
    let rotation = json!({ "overlap_hours": 0 });
    let _ = hers.post(&format!("/api-keys/{}/rotate", expired.id), &rotation).await.expect(201);
    let foreign = his.key(&scopes).await;
    let suspended = hers.member(&app, "sue", "AGENCY_OWNER").await;
    app.db_suspend(suspended.user_id).await;
    let mut keys = Vec::new();
    for scope in scopes {
        keys.push((scope, hers.key(&[scope]).await));
    }
    let things = Things::of(&app, &hers).await;
    let mut tried = 0;
    for (pattern, method, operation) in operations_of_stores() {
        let path = things.path(&pattern);
        let (key_scope, _) = needs(&operation);
        let anonymous = call(&app.anonymous(), &method, &path, &operation).await;
        anonymous.problem(401, ProblemCode::Unauthenticated);
        for key in [&revoked, &expired] {
            call(key, &method, &path, &operation).await.problem(401, ProblemCode::Unauthenticated);
        }
        call(&suspended, &method, &path, &operation).await.problem(403, ProblemCode::Forbidden);
        call(&bob, &method, &path, &operation).await.problem(404, ProblemCode::NotFound);
        call(&foreign, &method, &path, &operation).await.problem(404, ProblemCode::NotFound);
        for (scope, key) in &keys {
            if key_scope.as_deref() != Some(*scope) {
                call(key, &method, &path, &operation).await.problem(403, ProblemCode::Forbidden);
            }
        }
        tried += 1;
    }
    assert!(tried >= 50, "{tried} routes");
    assert_eq!(seen(&hers).await, things.before);
    assert_eq!(his.counts("").await.lead, 0);
}

/// Each route, as each role: refused when the table says so, and not refused otherwise.
async fn a_role_may_what_the_document_says(app: TestApp) {
    let ava = app.creator("ava").await;
    let store = ava.store("s1").await;
    let mut members = Vec::new();
    for role in Role::ALL {
        let name = role.as_str().to_lowercase().replace('_', "-");
        members.push((role, store.member(&app, &name, role.as_str()).await));
    }
    let things = Things::of(&app, &store).await;
    let mut allowed = 0;
    for (pattern, method, operation) in operations_of_stores() {
        let path = things.path(&pattern);
        let (_, permission) = needs(&operation);
        for (role, member) in &members {
            if !role.may(permission) {
                call(member, &method, &path, &operation).await.problem(403, ProblemCode::Forbidden);
            } else if method == "GET" {
                let answer = call(member, &method, &path, &operation).await;
                assert!(answer.status < 400 || answer.status == 409, "{role} {path}: {}", answer.status);
                allowed += 1;
            }
        }
    }
    assert!(allowed >= 60, "{allowed} requests");
    assert_eq!(seen(&store).await, things.before);
}

/// A request that is wrong in every way still tells a stranger nothing but that.
async fn who_may_not_is_told_so_whatever_else_is_wrong(app: TestApp) {
    let (hers, bob) = (app.creator("ava").await.store("hers").await, app.creator("bob").await);
    let id = uuid::Uuid::now_v7().to_string();
    let wrong = |caller: &Api, method: &str, pattern: &str| {
        let path = pattern.replace("{store_id}", &hers.id.to_string());
        let path = path.split('/').map(|part| if part.starts_with('{') { &id } else { part });
        let path = format!("{}?colour=red&limit=0&mapping=x", path.collect::<Vec<_>>().join("/"));
        let request = caller.request(method.parse().unwrap(), &path);
        async move {
            let malformed = request.body("application/json", "{\"email\": ").send();
            malformed.await
        }
    };
    for (pattern, method, _) in operations() {
        if pattern.starts_with("/api/") && !OPEN.contains(&pattern.as_str()) {
            let anonymous = wrong(&app.anonymous(), &method, &pattern).await;
            anonymous.problem(401, ProblemCode::Unauthenticated);
        }
        if pattern.contains("{store_id}") {
            wrong(bob.api(), &method, &pattern).await.problem(404, ProblemCode::NotFound);
        }
    }
}

async fn what_is_in_a_store_cannot_be_reached_through_another(app: TestApp) {
    let ava = app.creator("ava").await;
    let (one, two) = (ava.store("one").await, ava.store("two").await);
    let mut things = Things::of(&app, &one).await;
    things.ids[0].1 = two.id.to_string();
    for (pattern, method, operation) in operations_of_stores() {
        if pattern.matches('{').count() > 1 {
            let answer = call(&ava, &method, &things.path(&pattern), &operation).await;
            answer.problem(404, ProblemCode::NotFound);
        }
    }
    assert_eq!(seen(&one).await, things.before);
}

async fn only_those_who_are_signed_in_get_past_the_other_routes(app: TestApp) {
    let is_open = |operation: &Value| operation["security"] == json!([{}]);
    let documented: BTreeSet<String> = operations()
        .into_iter()
        .filter(|(_, _, operation)| is_open(operation))
        .map(|(path, ..)| path)
        .collect();
    assert_eq!(documented, OPEN.map(str::to_owned).into());
    for (path, method, operation) in operations() {
        let answer = call(&app.anonymous(), &method, &path.replace("{store_id}", "x"), &operation).await;
        match OPEN.contains(&path.as_str()) {
            true => assert_ne!(answer.status, 403, "{method} {path}"),
            false => {
                answer.problem(401, ProblemCode::Unauthenticated);
            }
        }
    }
}
