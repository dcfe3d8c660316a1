//! Reports that come at the same moment.

use fanbase_api::db::sql::Sql;
use fanbase_tests::{Caller as _, TestApp, on_both_databases};
use futures_util::future::{join, join_all};
use serde_json::json;

use super::{platform, purchase, standing};

on_both_databases!(
    many_reports_of_one_person_make_one_customer,
    the_same_report_many_times_counts_once,
    whoever_is_deleted_meanwhile_is_made_anew,
);

async fn many_reports_of_one_person_make_one_customer(app: TestApp) {
    let (store, platform) = platform(&app).await;
    let reports = (0..64).map(|i| {
        let platform = platform.clone();
        async move {
            match i % 4 {
                0 => {
                    let body = json!({
                        "reference": format!("e{i}"), "customer": {"email": "ava@x.example"},
                        "course": {"reference": "free", "title": "First steps"},
                    });
                    platform.post("/enrollments", &body).await.expect(201)
                }
                1 => {
                    let body = json!({ "reference": format!("r{i}"), "payment": format!("o{}", i + 1), "amount": 30 });
                    platform.post("/refunds", &body).await.expect(201)
                }
                _ => platform
                    .post("/purchases", &purchase(&format!("o{i}"), "ava@x.example", 100))
                    .await
                    .expect(201),
            }
        }
    });
    join_all(reports).await;
    assert_eq!(standing(&store, "ava@x.example").await, ("paying".to_owned(), 32 * 100 - 16 * 30));
    assert_eq!(store.counts("").await.paying, 1);
    store.assert_no_drift().await;
}

async fn the_same_report_many_times_counts_once(app: TestApp) {
    let (store, platform) = platform(&app).await;
    let answers = join_all((0..32).map(|_| {
        let platform = platform.clone();
        async move { platform.post("/purchases", &purchase("o1", "ava@x.example", 100)).await.status }
    }))
    .await;
    assert_eq!(answers.iter().filter(|status| **status == 201).count(), 1, "{answers:?}");
    assert_eq!(answers.iter().filter(|status| **status == 200).count(), 31, "{answers:?}");
    assert_eq!(standing(&store, "ava@x.example").await, ("paying".to_owned(), 100));
    store.assert_no_drift().await;
}

async fn whoever_is_deleted_meanwhile_is_made_anew(app: TestApp) {
    let (store, platform) = platform(&app).await;
    for i in 0..60 {
        let email = format!("p{i}@x.example");
        let customer = store.customer(&email).await;
        let body = purchase(&format!("o{i}"), &email, 100);
        let (reported, ()) = join(platform.post("/purchases", &body), store.delete_customer(&customer)).await;
        let _ = reported.expect(201);
    }
    let sql = "SELECT COUNT(*) FROM purchases p
               WHERE NOT EXISTS (SELECT 1 FROM customers c WHERE c.store_id = p.store_id AND c.id = p.customer_id)";
    assert_eq!(Sql::new(sql).number(app.db().read()).await.unwrap(), 0);
    store.assert_no_drift().await;
}
