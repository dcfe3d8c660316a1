//! Fans by what they learn and bought, in lists, counts and bulk changes.

use fanbase_api::db::{is_sqlite, sql::Sql};
use fanbase_domain::{
    fan::FanType,
    wire::fans::{FanCountsResponse, FanPage},
};
use fanbase_tests::{Caller as _, Store, TestApp, on_both_databases};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{platform, report};

on_both_databases!(
    fans_are_found_by_courses_progress_and_products,
    a_search_finds_who_has_a_course_or_product_of_that_title,
    a_title_that_thousands_have_is_searched_for,
    fans_are_told_with_their_courses_and_products,
);

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

/// Two are in the course, one bought the product, and one is called like it.
async fn sold(app: &TestApp) -> (Store, Store) {
    let (store, platform) = platform(app).await;
    for (n, email, progress) in [(1, "anna@x.example", 10), (2, "bob@x.example", 100)] {
        let body = json!({
            "reference": format!("e-{n}"), "customer": {"email": email}, "progress": progress,
            "course": {"reference": "mix", "title": "Mixing – Für Anfänger"},
        });
        let _ = report(&platform, "/enrollments", &body).await;
    }
    for n in [1, 2] {
        let body = json!({
            "reference": format!("o-{n}"), "customer": {"email": "bob@x.example"},
            "product": {"reference": "drums", "title": "Drum kit"}, "purchased_at": format!("2026-0{n}-01T00:00:00Z"),
        });
        let _ = report(&platform, "/purchases", &body).await;
    }
    let untracked = json!({"reference": "o-3", "customer": {"email": "bob@x.example"}, "title": "A lesson"});
    let _ = report(&platform, "/purchases", &untracked).await;
    for email in ["mixing@x.example", "dora@x.example"] {
        let _ = store.customer(email).await;
    }
    (store, platform)
}

async fn a_search_finds_who_has_a_course_or_product_of_that_title(app: TestApp) {
    let (store, platform) = sold(&app).await;
    let bob = json!({"email": "bob@x.example"});
    let paid =
        json!({"reference": "o-4", "customer": bob, "title": "A lesson", "payment": {"amount": 1_900}});
    let _ = report(&platform, "/purchases", &paid).await;
    app.db_create_account("mixing.account@y.example").await;
    for (search, expected) in [
        ("mixing", vec!["anna", "bob", "mixing", "mixing.account"]),
        ("MIXING%20anf%C3%A4nger", vec!["anna", "bob"]),
        ("drum", vec!["bob"]),
        ("mixing&type=lead", vec!["anna", "mixing"]),
        ("mixing&type=paying&type=user", vec!["bob", "mixing.account"]),
        ("mixing&min_progress=50", vec!["bob"]),
        // One or two characters: a start of the title.
        ("mi", vec!["anna", "bob", "mixing", "mixing.account"]),
        ("ki", vec![]),
        // Words of a title and of a name do not find together.
        ("mixing%20dora", vec![]),
        ("nothing", vec![]),
    ] {
        for sort in ["email", "-created_at", "name"] {
            let page: FanPage =
                store.get(&format!("/fans?sort={sort}&search={search}")).await.expect(200).json();
            let mut names: Vec<&str> =
                page.items.iter().map(|fan| fan.email.split('@').next().unwrap()).collect();
            names.sort_unstable();
            assert_eq!(names, expected, "{search} by {sort}");
        }
        let page: FanPage = store.get(&format!("/fans?search={search}")).await.expect(200).json();
        let of = |kind| page.items.iter().filter(|fan| fan.r#type == kind).count() as u64;
        let counted = FanCountsResponse {
            lead: of(FanType::Lead),
            paying: of(FanType::Paying),
            subscription: of(FanType::Subscription),
            user: of(FanType::User),
            ..FanCountsResponse::default()
        };
        let counts: FanCountsResponse =
            store.get(&format!("/fans/counts?search={search}")).await.expect(200).json();
        assert_eq!(counts, counted.summed(), "{search}");
    }
    // What the catalogue gets while somebody pages through a list does not end it.
    let first: FanPage = store.get("/fans?search=mixing&sort=email&limit=1").await.expect(200).json();
    let course = json!({"reference": "mix-2", "title": "Mixing more"});
    let _ = platform.post("/courses", &course).await.expect(201);
    let cursor = first.next_cursor.unwrap();
    let next = store.get(&format!("/fans?search=mixing&sort=email&cursor={cursor}")).await;
    assert_eq!(next.expect(200).json::<FanPage>().items[0].email, "bob@x.example");
    // Jumps, exports and bulk changes mean the same people.
    let jump: FanPage = store.get("/fans?search=mixing&sort=email&at=1").await.expect(200).json();
    assert_eq!((jump.rank, jump.items[0].email.as_str()), (Some(1), "bob@x.example"));
    let file = store.get("/fans/export?search=drum").await.expect(200).text();
    assert_eq!(file.lines().count(), 2, "{file}");
    let bulk = json!({"action": "tag", "tags": ["mixer"]});
    let done: Value = store.post("/fans/bulk?search=mixing", &bulk).await.expect(200).json();
    assert_eq!(done["changed"], 3);
}

/// More than are gathered and sorted: they are met in the order of the list.
async fn a_title_that_thousands_have_is_searched_for(app: TestApp) {
    let (store, platform) = platform(&app).await;
    let rows: String = (0..5_300).map(|i| format!("fan{i}@x.example\n")).collect();
    let _ = store.import("", format!("Email\n{rows}")).await;
    let course = json!({"reference": "mix", "title": "Mixing"});
    let course: Value = platform.post("/courses", &course).await.expect(201).json();
    let course: Uuid = course["id"].as_str().unwrap().parse().unwrap();
    let db = app.db();
    let id = if is_sqlite(db.read()) { "randomblob(16)" } else { "gen_random_uuid()" };
    let mut sql = Sql::new(&format!(
        "INSERT INTO enrollments (store_id, id, reference, customer_id, course_id, enrolled_at)
         SELECT store_id, {id}, 'of ' || email, id, "
    ));
    sql.bind(course).push(", 0 FROM customers WHERE email NOT LIKE 'fan1%'");
    let enrolled = sql.execute(db.write()).await.unwrap().rows_affected();
    for email in ["mixing.one@x.example", "mixing.two@x.example", "fan.of.mixing@x.example"] {
        let _ = store.customer(email).await;
    }
    app.db_create_account("mixing.account@x.example").await;
    for sort in ["email", "-created_at", "name"] {
        let (found, _) = store.walk(&format!("search=mixing&sort={sort}"), 200).await;
        let by_text = found.iter().filter(|fan| fan.email.contains("mixing")).count();
        assert_eq!((found.len() as u64, by_text), (enrolled + 4, 4), "{sort}");
        assert!(found.iter().all(|fan| !fan.email.starts_with("fan1")), "{sort}");
    }
    let counts = store.counts("search=mixing").await;
    assert_eq!((counts.total, counts.user), (enrolled + 4, 1));
}

async fn fans_are_told_with_their_courses_and_products(app: TestApp) {
    let (store, _) = sold(&app).await;
    let query = "/fans?sort=email&type=lead&include=courses&include=products";
    let page: FanPage = store.get(query).await.expect(200).json();
    let told: Vec<String> = page
        .items
        .into_iter()
        .map(|fan| {
            let courses = fan.courses.unwrap().into_iter();
            let courses = courses.map(|course| format!("{} {} %", course.title, course.progress));
            let products = fan.products.unwrap().into_iter().map(|product| product.title);
            [vec![fan.email], courses.collect(), products.collect()].concat().join(", ")
        })
        .collect();
    assert_eq!(
        told,
        [
            "anna@x.example, Mixing – Für Anfänger 10 %",
            // Latest first, each once, what is in no catalogue by its own title.
            "bob@x.example, Mixing – Für Anfänger 100 %, A lesson, Drum kit",
            "dora@x.example",
            "mixing@x.example",
        ]
    );
    let plain: Value = store.get("/fans?limit=1").await.expect(200).json();
    assert!(plain["items"][0].get("courses").is_none(), "{plain}");
    store.get("/fans?include=money").await.field_errors(&[("include", "unknown_value")]);
    store.get("/customers?include=courses").await.field_errors(&[("include", "unknown_parameter")]);
}
