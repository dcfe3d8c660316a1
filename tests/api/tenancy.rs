//! No request of one store ever reads or changes another. The routes are those of the OpenAPI
//! document, so that a new one cannot be forgotten.

use fanbase_domain::problem::ProblemCode;
use fanbase_tests::{Api, Caller, Response, TestApp, on_both_databases};
use reqwest::Method;
use serde_json::{Value, json};

use crate::openapi::operations;

on_both_databases!(
    nobody_reads_or_changes_a_store_that_is_not_theirs,
    what_is_in_a_store_cannot_be_reached_through_another,
    only_those_who_are_signed_in_get_past_the_other_routes,
    who_may_not_is_told_so_whatever_else_is_wrong,
);

/// Routes that everybody may call.
const OPEN: [&str; 5] = ["/healthz", "/readyz", "/metrics", "/api/v1/auth/login", "/api/v1/auth/logout"];

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
        ("bulk", _) => json!({ "action": "delete" }),
        ("merge", _) => json!({ "into": uuid::Uuid::now_v7() }),
        ("views", Method::POST) => json!({ "name": "intruder", "query": "" }),
        _ => json!({ "name": "intruder" }),
    };
    request.json(&body).send().await
}

async fn nobody_reads_or_changes_a_store_that_is_not_theirs(app: TestApp) {
    let (ava, bob) = (app.creator("ava").await, app.creator("bob").await);
    let (hers, his) = (ava.store("hers").await, bob.store("his").await);
    let customer = hers.customer("a@x.example").await;
    let import = hers.import("", "Email\nb@x.example\n").await;
    let tag: Value = hers.post("/tags", &json!({ "name": "vip" })).await.expect(201).json();
    let view = json!({ "name": "hers", "query": "" });
    let view: Value = hers.post("/views", &view).await.expect(201).json();
    let field: Value = hers.post("/custom-fields", &json!({ "label": "Daw" })).await.expect(201).json();
    let note: Value = hers
        .post(&format!("/customers/{}/notes", customer.id), &json!({ "text": "x" }))
        .await
        .expect(201)
        .json();
    let revoked = hers.key(&["fans:read", "fans:write", "imports:write"]).await;
    let _ = hers.delete(&format!("/api-keys/{}", revoked.id)).await.expect(204);
    let foreign = his.key(&["fans:read", "fans:write", "imports:write"]).await;
    let (reader, writer, importer) =
        (hers.key(&["fans:read"]).await, hers.key(&["fans:write"]).await, hers.key(&["imports:write"]).await);
    let before = hers.export().await;
    let ids = [
        ("{store_id}", hers.id.to_string()),
        ("{customer_id}", customer.id.to_string()),
        ("{fan_id}", customer.id.to_string()),
        ("{import_id}", import.id.to_string()),
        ("{tag_id}", tag["id"].as_str().unwrap().to_owned()),
        ("{field_id}", field["id"].as_str().unwrap().to_owned()),
        ("{note_id}", note["id"].as_str().unwrap().to_owned()),
        ("{view_id}", view["id"].as_str().unwrap().to_owned()),
        ("{key_id}", reader.id.to_string()),
    ];
    let mut tried = 0;
    for (pattern, method, operation) in operations() {
        if !pattern.contains("{store_id}") {
            continue;
        }
        let path = ids.iter().fold(pattern.clone(), |path, (name, id)| path.replace(name, id));
        assert!(!path.contains('{'), "this test has no id for {path}");
        let anonymous = call(&app.anonymous(), &method, &path, &operation).await;
        anonymous.problem(401, ProblemCode::Unauthenticated);
        call(&revoked, &method, &path, &operation).await.problem(401, ProblemCode::Unauthenticated);
        call(&bob, &method, &path, &operation).await.problem(404, ProblemCode::NotFound);
        call(&foreign, &method, &path, &operation).await.problem(404, ProblemCode::NotFound);
        // Two of the three scopes are wrong for any route, and for some all three are.
        let mut refused = 0;
        for key in [&reader, &writer, &importer] {
            let reads = method == "GET" && key.id == reader.id;
            let may =
                reads || (method != "GET" && allowed(&pattern, key.id == writer.id, key.id == importer.id));
            if !may {
                call(key, &method, &path, &operation).await.problem(403, ProblemCode::Forbidden);
                refused += 1;
            }
        }
        assert!(refused >= 2, "{method} {pattern}");
        tried += 1;
    }
    assert!(tried >= 25, "{tried} routes");
    assert_eq!(hers.export().await, before);
    let tags: Vec<Value> = hers.get("/tags").await.expect(200).json();
    assert_eq!(tags, [tag]);
    assert_eq!(his.counts("").await.lead, 0);
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

/// Whether a key with the scope to write, or to import, may call this route that writes.
fn allowed(pattern: &str, writes: bool, imports: bool) -> bool {
    let below = pattern.trim_start_matches("/api/v1/stores/{store_id}");
    if below.starts_with("/imports") {
        return imports;
    }
    // The store itself, its keys and its counters are for people.
    let managed = below.is_empty() || below.starts_with("/api-keys") || below == "/fans/recount";
    writes && !managed
}

async fn what_is_in_a_store_cannot_be_reached_through_another(app: TestApp) {
    let ava = app.creator("ava").await;
    let (one, two) = (ava.store("one").await, ava.store("two").await);
    let customer = one.customer("a@x.example").await;
    let import = one.import("", "Email\nb@x.example\n").await;
    let tag: Value = one.post("/tags", &json!({ "name": "vip" })).await.expect(201).json();
    let view = json!({ "name": "one's", "query": "" });
    let view: Value = one.post("/views", &view).await.expect(201).json();
    let field: Value = one.post("/custom-fields", &json!({ "label": "Daw" })).await.expect(201).json();
    let key = one.key(&["fans:read"]).await;
    let before = one.export().await;
    let ids = [
        ("{store_id}", two.id.to_string()),
        ("{customer_id}", customer.id.to_string()),
        ("{fan_id}", customer.id.to_string()),
        ("{import_id}", import.id.to_string()),
        ("{tag_id}", tag["id"].as_str().unwrap().to_owned()),
        ("{field_id}", field["id"].as_str().unwrap().to_owned()),
        ("{note_id}", uuid::Uuid::now_v7().to_string()),
        ("{view_id}", view["id"].as_str().unwrap().to_owned()),
        ("{key_id}", key.id.to_string()),
    ];
    for (pattern, method, operation) in operations() {
        if pattern.contains("{store_id}") && pattern.matches('{').count() > 1 {
            let path = ids.iter().fold(pattern, |path, (name, id)| path.replace(name, id));
            call(&ava, &method, &path, &operation).await.problem(404, ProblemCode::NotFound);
        }
    }
    assert_eq!(one.export().await, before);
    let _ = key.get(&format!("/api/v1/stores/{}/fans", one.id)).await.expect(200);
}

async fn only_those_who_are_signed_in_get_past_the_other_routes(app: TestApp) {
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
