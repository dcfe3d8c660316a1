//! Courses, products and plans.

use fanbase_domain::{
    problem::ProblemCode,
    wire::{catalogue::ItemResponse, page::Page},
};
use fanbase_tests::{Caller as _, Store, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{platform, report};

on_both_databases!(
    the_catalogue_is_listed_added_to_and_changed,
    the_same_once_more_is_the_same_and_another_is_refused,
    a_price_at_stripe_sells_one_thing,
    what_is_wrong_is_told_by_field,
    a_long_catalogue_is_paged,
);

async fn list(store: &Store, path: &str) -> Vec<ItemResponse> {
    let page: Page<ItemResponse> = store.get(path).await.expect(200).json();
    page.items
}

async fn the_catalogue_is_listed_added_to_and_changed(app: TestApp) {
    let (store, platform) = platform(&app).await;
    for (path, body) in [
        ("/courses", json!({ "reference": "mixing", "title": "Mixing" })),
        ("/products", json!({ "reference": "pack", "title": "Pack", "price": {"amount": 4900} })),
        (
            "/plans",
            json!({ "reference": "gold", "title": "Gold", "price": {"amount": 900, "currency": "jpy"},
                    "interval": "year", "stripe_prices": ["price_2", "price_1", "price_2"] }),
        ),
    ] {
        let made = report(&platform, path, &body).await;
        let listed = list(&store, path).await;
        assert_eq!(serde_json::to_value(&listed[0]).unwrap(), made);
        let one = format!("{path}/{}", made["id"].as_str().unwrap());
        let changed: Value = platform
            .patch(&one, &json!({ "title": "Renamed", "archived": true, "stripe_prices": ["price_9"] }))
            .await
            .expect(200)
            .json();
        assert_eq!((&changed["title"], &changed["archived"]), (&json!("Renamed"), &json!(true)));
        assert_eq!(changed["price"], made["price"]);
        let free: Value =
            store.patch(&one, &json!({ "price": null, "stripe_prices": [] })).await.expect(200).json();
        assert_eq!((&free["price"], &free["stripe_prices"]), (&Value::Null, &json!([])));
        assert_eq!(serde_json::to_value(&list(&store, path).await[0]).unwrap(), free);
    }
    let plan = &list(&store, "/plans").await[0];
    assert_eq!((plan.interval.map(|one| one.as_str()), plan.interval_count), (Some("year"), Some(1)));
    platform.get("/courses").await.problem(403, ProblemCode::Forbidden);
}

async fn the_same_once_more_is_the_same_and_another_is_refused(app: TestApp) {
    let (store, platform) = platform(&app).await;
    let body = json!({ "reference": "mixing", "title": "Mixing", "price": {"amount": 5} });
    let made = report(&platform, "/courses", &body).await;
    let again: Value = platform.post("/courses", &body).await.expect(200).json();
    assert_eq!(again, made);
    let other = json!({ "reference": "mixing", "title": "Mastering" });
    platform.post("/courses", &other).await.problem(409, ProblemCode::Conflict);
    assert_eq!(list(&store, "/courses").await.len(), 1);
    // A product of that reference is another thing, and so is a course of another store.
    report(&platform, "/products", &other).await;
    report(&app.creator("bob").await.store("s2").await, "/courses", &other).await;
    let before = store.audit_log("action=course.created").await.len();
    assert_eq!(before, 1);
}

async fn a_price_at_stripe_sells_one_thing(app: TestApp) {
    let (store, platform) = platform(&app).await;
    let with = |reference: &str, prices: &[&str]| json!({ "reference": reference, "title": reference, "stripe_prices": prices });
    let one = report(&platform, "/products", &with("one", &["price_1"])).await;
    platform
        .post("/courses", &with("two", &["price_2", "price_1"]))
        .await
        .problem(409, ProblemCode::Conflict);
    assert_eq!(list(&store, "/courses").await, []);
    let two = report(&platform, "/courses", &with("two", &["price_2"])).await;
    let path = format!("/courses/{}", two["id"].as_str().unwrap());
    let take = json!({ "stripe_prices": ["price_1"] });
    platform.patch(&path, &take).await.problem(409, ProblemCode::Conflict);
    let path_of_one = format!("/products/{}", one["id"].as_str().unwrap());
    let _ = platform.patch(&path_of_one, &json!({ "stripe_prices": [] })).await.expect(200);
    let _ = platform.patch(&path, &take).await.expect(200);
}

async fn what_is_wrong_is_told_by_field(app: TestApp) {
    let (store, _) = platform(&app).await;
    let bad = json!({ "reference": "", "title": " ", "price": {"amount": -1, "currency": "XXX"} });
    store.post("/products", &bad).await.field_errors(&[
        ("/reference", "required"),
        ("/title", "required"),
        ("/price/amount", "out_of_range"),
        ("/price/currency", "currency_invalid"),
    ]);
    let unknown = json!({ "reference": "a", "title": "a", "interval": "month" });
    store.post("/courses", &unknown).await.problem(400, ProblemCode::MalformedRequest);
    store.get("/courses?cursor=%7B").await.problem(400, ProblemCode::InvalidCursor);
    let nobody = format!("/courses/{}", uuid::Uuid::now_v7());
    store.patch(&nobody, &json!({ "title": "x" })).await.problem(404, ProblemCode::NotFound);
}

async fn a_long_catalogue_is_paged(app: TestApp) {
    let (store, platform) = platform(&app).await;
    for i in 0..205 {
        let reference = format!("course {i:03}");
        report(&platform, "/courses", &json!({ "reference": reference, "title": "T" })).await;
    }
    let first: Page<ItemResponse> = store.get("/courses").await.expect(200).json();
    let next = format!("/courses?cursor={}", first.next_cursor.unwrap());
    let second: Page<ItemResponse> = store.get(&next).await.expect(200).json();
    assert_eq!((first.items.len(), second.items.len(), second.next_cursor), (200, 5, None));
    let all: Vec<String> = first.items.into_iter().chain(second.items).map(|item| item.reference).collect();
    assert_eq!(all, (0..205).map(|i| format!("course {i:03}")).collect::<Vec<_>>());
}
