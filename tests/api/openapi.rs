//! The OpenAPI document, which is generated from the code and committed.

use fanbase_domain::problem::ProblemCode;
use fanbase_tests::{Caller as _, TestApp, on_both_databases};
use serde_json::Value;

on_both_databases!(the_document_is_served_and_browsed_offline, the_type_of_a_problem_leads_to_its_meaning);

const COMMITTED: &str = include_str!("../../openapi/openapi.json");

/// The operations: path, method, description.
pub(crate) fn operations() -> Vec<(String, String, Value)> {
    let document = serde_json::to_value(fanbase_api::openapi::build()).unwrap();
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            if ["get", "post", "put", "patch", "delete"].contains(&method.as_str()) {
                operations.push((path.clone(), method.to_uppercase(), operation.clone()));
            }
        }
    }
    operations
}

#[test]
fn the_committed_document_is_that_of_the_code() {
    let (committed, generated): (Value, Value) = (
        serde_json::from_str(COMMITTED).unwrap(),
        serde_json::from_str(&fanbase_api::openapi::document()).unwrap(),
    );
    let update = "the routes changed: run `cargo run -p fanbase-api -- openapi > openapi/openapi.json`";
    assert!(committed == generated, "{update}");
}

#[test]
fn every_operation_says_what_it_does_and_how_it_fails() {
    let operations = operations();
    assert!(operations.len() > 30, "{} operations", operations.len());
    let mut missing = Vec::new();
    for (path, method, operation) in &operations {
        let text = |name: &str| operation[name].as_str().unwrap_or_default().len();
        let mut need = |what: &str, there: bool| {
            if !there {
                missing.push(format!("{method} {path}: {what}"));
            }
        };
        need("summary", text("summary") > 5);
        need("description", text("description") > 10);
        need("operationId", text("operationId") > 3);
        need("tag", operation["tags"].as_array().is_some_and(|tags| tags.len() == 1));
        let responses = operation["responses"].as_object().unwrap();
        need("a success", responses.keys().any(|status| status.starts_with('2')));
        if path.starts_with("/api/") {
            for status in ["400", "401", "422", "500", "503"] {
                need(status, responses.contains_key(status));
            }
        }
        if path.contains("{store_id}") {
            need("403", responses.contains_key("403"));
            need("404", responses.contains_key("404"));
        }
        for (status, response) in responses.iter().filter(|(status, _)| status.as_str() >= "400") {
            need(
                &format!("a problem document for {status}"),
                !response["content"]["application/problem+json"].is_null(),
            );
        }
        for (status, response) in responses {
            need(
                &format!("a sentence for {status}"),
                response["description"].as_str().is_some_and(|text| text.ends_with('.')),
            );
        }
        for name in path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
            let of_name = |parameter: &&Value| parameter["name"] == name && parameter["in"] == "path";
            let described = operation["parameters"].as_array().into_iter().flatten().find(of_name);
            need(name, described.is_some_and(|parameter| !parameter["description"].is_null()));
        }
    }
    assert!(missing.is_empty(), "missing in the document:\n{}", missing.join("\n"));
}

#[test]
fn operation_ids_are_different() {
    let mut ids: Vec<String> =
        operations().iter().map(|(_, _, operation)| operation["operationId"].to_string()).collect();
    ids.sort();
    let all = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), all);
}

#[test]
fn every_reference_in_the_document_leads_somewhere() {
    fn check(document: &Value, value: &Value) {
        match value {
            Value::Object(map) => {
                if let Some(Value::String(reference)) = map.get("$ref") {
                    let pointer = reference.strip_prefix('#').unwrap();
                    assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
                }
                map.values().for_each(|value| check(document, value));
            }
            Value::Array(values) => values.iter().for_each(|value| check(document, value)),
            _ => {}
        }
    }
    let document = serde_json::to_value(fanbase_api::openapi::build()).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    check(&document, &document);
}

#[test]
fn every_body_has_an_example() {
    let document = serde_json::to_value(fanbase_api::openapi::build()).unwrap();
    let mut without = Vec::new();
    for (path, method, operation) in operations() {
        for (kind, content) in operation["requestBody"]["content"].as_object().into_iter().flatten() {
            let schema = &content["schema"];
            let schema = match schema["$ref"].as_str() {
                Some(reference) => document.pointer(&reference[1..]).unwrap(),
                None => schema,
            };
            let text = schema.to_string() + &content.to_string();
            if !text.contains("example") && kind != "multipart/form-data" {
                without.push(format!("{method} {path} {kind}"));
            }
        }
    }
    assert!(without.is_empty(), "no example: {without:?}");
}

async fn the_document_is_served_and_browsed_offline(app: TestApp) {
    let anonymous = app.anonymous();
    let served: Value = anonymous.get("/api/openapi.json").await.expect(200).json();
    assert_eq!(served["paths"], serde_json::to_value(fanbase_api::openapi::build()).unwrap()["paths"]);
    let page = anonymous.get("/api/docs/").await.expect(200).text();
    let elsewhere = |part: &&str| part.starts_with("http") || part.starts_with("//");
    assert_eq!(page.split(['"', '\'']).find(elsewhere), None, "something is loaded from elsewhere");
    for asset in page.split('"').filter(|part| part.starts_with("./") && part.contains('.')) {
        let _ = anonymous.get(&format!("/api/docs/{}", &asset[2..])).await.expect(200);
    }
}

async fn the_type_of_a_problem_leads_to_its_meaning(app: TestApp) {
    let anonymous = app.anonymous();
    let problem = anonymous.get("/api/v1/me").await.problem(401, ProblemCode::Unauthenticated);
    let (address, section) = problem.r#type.split_once('#').unwrap();
    let page = anonymous.get(address).await.expect(200);
    assert!(page.header("content-type").unwrap().starts_with("text/html"));
    let page = page.text();
    assert!(page.contains(&format!("id=\"{section}\"")), "{page}");
    for code in ProblemCode::ALL {
        let kind = code.kind();
        assert!(page.contains(&format!("<section id=\"{code}\">")), "{code} is not on the page");
        assert!(page.contains(kind.title) && page.contains(kind.meaning), "{code}");
    }
    assert!(!page.contains("http://") && !page.contains("https://"), "something is loaded from elsewhere");
}

#[test]
fn bodies_have_no_defaults_and_say_how_they_fail() {
    let document = serde_json::to_value(fanbase_api::openapi::build()).unwrap();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        for (field, property) in schema["properties"].as_object().into_iter().flatten() {
            assert!(property.get("default").is_none(), "{name}.{field} has a default");
        }
    }
    let required = &document["components"]["schemas"]["CreateCustomerRequest"]["required"];
    assert_eq!(required, &serde_json::json!(["email"]));
    for (path, method, operation) in operations() {
        if operation["requestBody"].is_object() {
            for status in ["408", "413", "415", "429"] {
                assert!(operation["responses"][status].is_object(), "{method} {path}: {status}");
            }
        }
    }
    assert_eq!(document["servers"][0]["url"], "/");
    let tags = document["tags"].as_array().unwrap();
    for (path, method, operation) in operations() {
        let tag = &operation["tags"][0];
        assert!(tags.iter().any(|known| known["name"] == *tag), "{method} {path}: {tag}");
    }
}
