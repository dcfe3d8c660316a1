//! Fans by what they learn and bought, in lists, counts and bulk changes.

use fanbase_domain::wire::fans::{FanCountsResponse, FanPage};
use fanbase_tests::{Caller as _, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{platform, report};

on_both_databases!(fans_are_found_by_courses_progress_and_products);

async fn fans_are_found_by_courses_progress_and_products(app: TestApp) {
    let (store, platform) = platform(&app).await;
    let course = |reference: &str| json!({"reference": reference, "title": reference});
    for (n, email, of, progress) in [
        (1, "anna@x.example", "mixing", 10),
        (2, "anna@x.example", "mastering", 90),
        (3, "bob@x.example", "mixing", 100),
        (4, "cleo@x.example", "mastering", 0),
    ] {
        let body = json!({
            "reference": format!("e-{n}"), "customer": {"email": email}, "course": course(of), "progress": progress,
        });
        let _ = report(&platform, "/enrollments", &body).await;
    }
    let drums =
        json!({"reference": "o-1", "customer": {"email": "bob@x.example"}, "product": course("drums")});
    let _ = report(&platform, "/purchases", &drums).await;
    let _ = store.customer("dora@x.example").await;
    let id = async |list: &str, reference: &str| {
        let items: Value = store.get(list).await.expect(200).json();
        let items = items["items"].as_array().cloned().unwrap_or_default();
        let found = items.into_iter().find(|item| item["reference"] == reference);
        found.unwrap()["id"].as_str().unwrap().to_owned()
    };
    let (mixing, mastering) = (id("/courses", "mixing").await, id("/courses", "mastering").await);
    let product = id("/products", "drums").await;
    for (filter, expected) in [
        (format!("course={mixing}"), vec!["anna", "bob"]),
        (format!("course={mixing}&course={mastering}"), vec!["anna", "bob", "cleo"]),
        // Of the same course: Anna did 90 % of another one.
        (format!("course={mixing}&min_progress=50"), vec!["bob"]),
        ("min_progress=50".to_owned(), vec!["anna", "bob"]),
        ("max_progress=0".to_owned(), vec!["cleo"]),
        (format!("product={product}"), vec!["bob"]),
        (format!("product={product}&course={mastering}"), vec![]),
        (format!("course={mixing}&search=anna"), vec!["anna"]),
        (format!("course={}", uuid::Uuid::now_v7()), vec![]),
    ] {
        let page: FanPage = store.get(&format!("/fans?sort=email&{filter}")).await.expect(200).json();
        let names: Vec<&str> = page.items.iter().map(|fan| fan.email.split('@').next().unwrap()).collect();
        assert_eq!(names, expected, "{filter}");
        let counts: FanCountsResponse = store.get(&format!("/fans/counts?{filter}")).await.expect(200).json();
        assert_eq!(counts.total, expected.len() as u64, "{filter}");
    }
    let bulk = json!({"action": "tag", "tags": ["mixer"]});
    let done: Value = store.post(&format!("/fans/bulk?course={mixing}"), &bulk).await.expect(200).json();
    assert_eq!(done["changed"], 2);
}
