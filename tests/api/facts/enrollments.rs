//! Enrolments and progress.

use fanbase_domain::problem::ProblemCode;
use fanbase_tests::{Caller as _, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{customer, kinds, platform, report, standing};

on_both_databases!(
    a_report_that_comes_again_changes_nothing,
    a_reference_is_one_enrolment_of_one_person,
    reports_that_come_late_do_not_undo_what_is_known,
    a_paid_course_makes_a_customer,
    what_is_wrong_is_told_by_field,
    new_activity_makes_an_inactive_customer_active_again,
);

fn enrollment(more: &Value) -> Value {
    let mut body = json!({
        "reference": "e1", "customer": {"email": "ava@x.example"}, "course": {"reference": "mixing"},
    });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

async fn a_report_that_comes_again_changes_nothing(app: TestApp) {
    let (store, platform) = platform(&app).await;
    let body = enrollment(&json!({ "course": {"reference": "mixing", "title": "Mixing"}, "progress": 20 }));
    let first = report(&platform, "/enrollments", &body).await;
    let before = (customer(&store, "ava@x.example").await, store.audit_log("").await.len());
    let again: Value = platform.post("/enrollments", &body).await.expect(200).json();
    assert_eq!(again, first);
    let path = format!("/enrollments/{}", first["id"].as_str().unwrap());
    for patch in [json!({}), json!({ "progress": 20 })] {
        let same: Value = platform.patch(&path, &patch).await.expect(200).json();
        assert_eq!(same, first);
    }
    assert_eq!((customer(&store, "ava@x.example").await, store.audit_log("").await.len()), before);
    let key =
        platform.request(reqwest::Method::POST, "/enrollments").header("idempotency-key", "k").json(&body);
    let _ = key.send().await.expect(200);
    // Both of the same moment.
    let mut kinds = kinds(&store, "ava@x.example").await;
    kinds.sort();
    assert_eq!(kinds, ["course_progressed", "enrolled"]);
}

async fn a_reference_is_one_enrolment_of_one_person(app: TestApp) {
    let (store, platform) = platform(&app).await;
    let course = json!({ "reference": "mixing", "title": "Mixing" });
    report(&platform, "/enrollments", &enrollment(&json!({ "course": course }))).await;
    for other in [
        json!({ "customer": {"email": "bob@x.example"} }),
        json!({ "course": {"reference": "mastering", "title": "Mastering"} }),
    ] {
        let answer = platform.post("/enrollments", &enrollment(&other)).await;
        answer.problem(409, ProblemCode::Conflict);
    }
    assert_eq!(store.counts("").await.lead, 1, "nobody was made on the way");
    store.assert_no_drift().await;
    report(
        &platform,
        "/enrollments",
        &enrollment(&json!({ "reference": "e2", "customer": {"email": "bob@x.example"} })),
    )
    .await;
    assert_eq!(store.counts("").await.lead, 2);
}

async fn reports_that_come_late_do_not_undo_what_is_known(app: TestApp) {
    let (_, platform) = platform(&app).await;
    let course = json!({ "reference": "mixing", "title": "Mixing" });
    let first = report(
        &platform,
        "/enrollments",
        &enrollment(&json!({ "course": course, "enrolled_at": "2026-01-05T00:00:00Z" })),
    )
    .await;
    let path = format!("/enrollments/{}", first["id"].as_str().unwrap());
    let mut seen = Value::Null;
    for (progress, at) in
        [(70, "2026-01-09T00:00:00Z"), (100, "2026-01-08T00:00:00Z"), (30, "2026-01-07T00:00:00Z")]
    {
        let patch = json!({ "progress": progress, "as_of": at, "accessed_at": at });
        seen = platform.patch(&path, &patch).await.expect(200).json();
    }
    assert_eq!((&seen["progress"], &seen["completed_at"]), (&json!(70), &json!("2026-01-08T00:00:00.000Z")));
    assert_eq!(seen["accessed_at"], "2026-01-09T00:00:00.000Z");
    let earlier = enrollment(&json!({ "enrolled_at": "2026-01-01T00:00:00Z", "progress": 10 }));
    let seen: Value = platform.post("/enrollments", &earlier).await.expect(200).json();
    assert_eq!((&seen["progress"], &seen["enrolled_at"]), (&json!(70), &json!("2026-01-01T00:00:00.000Z")));
}

async fn a_paid_course_makes_a_customer(app: TestApp) {
    let (store, platform) = platform(&app).await;
    let course = json!({ "reference": "mixing", "title": "Mixing" });
    let body = enrollment(&json!({ "course": course, "payment": {"amount": 9_900, "reference": "pi_7"} }));
    report(&platform, "/enrollments", &body).await;
    assert_eq!(standing(&store, "ava@x.example").await, ("paying".to_owned(), 9_900));
    let more = enrollment(&json!({ "payment": {"amount": 9_800, "reference": "pi_7"} }));
    platform.post("/enrollments", &more).await.problem(409, ProblemCode::Conflict);
    // The same payment, told with a purchase as well, counts once.
    let purchase = json!({
        "reference": "o1", "customer": {"email": "ava@x.example"}, "title": "Mixing",
        "payment": {"amount": 9_900, "reference": "pi_7"},
    });
    report(&platform, "/purchases", &purchase).await;
    assert_eq!(standing(&store, "ava@x.example").await, ("paying".to_owned(), 9_900));
    store.assert_no_drift().await;
}

async fn what_is_wrong_is_told_by_field(app: TestApp) {
    let (store, platform) = platform(&app).await;
    let bad = json!({ "customer": {"email": "nobody"}, "progress": 101, "payment": {"amount": -1} });
    platform.post("/enrollments", &bad).await.field_errors(&[
        ("/reference", "required"),
        ("/customer/email", "email_invalid"),
        ("/course/reference", "required"),
        ("/progress", "out_of_range"),
        ("/payment/amount", "out_of_range"),
    ]);
    let unknown = platform.post("/enrollments", &enrollment(&json!({}))).await;
    unknown.field_errors(&[("/course/reference", "unknown_reference")]);
    assert_eq!(store.counts("").await.lead, 0);
    let nobody = format!("/enrollments/{}", uuid::Uuid::now_v7());
    platform.patch(&nobody, &json!({ "progress": 5 })).await.problem(404, ProblemCode::NotFound);
    let reader = store.seen_by(&store.key(&["fans:read", "fans:write"]).await);
    reader.post("/enrollments", &enrollment(&json!({}))).await.problem(403, ProblemCode::Forbidden);
}

async fn new_activity_makes_an_inactive_customer_active_again(app: TestApp) {
    let (store, platform) = platform(&app).await;
    let ava = store.customer("ava@x.example").await;
    let _ = store.patch_customer(&ava, &json!({ "status": "inactive" })).await.expect(200);
    let course = json!({ "reference": "mixing", "title": "Mixing" });
    let old = enrollment(&json!({ "course": course, "enrolled_at": "2020-01-01T00:00:00Z" }));
    let enrolled = report(&platform, "/enrollments", &old).await;
    assert_eq!(store.get_customer(&ava).await.status.as_str(), "inactive", "that was long ago");
    let path = format!("/enrollments/{}", enrolled["id"].as_str().unwrap());
    let _ = platform.patch(&path, &json!({ "progress": 10 })).await.expect(200);
    assert_eq!(store.get_customer(&ava).await.status.as_str(), "active");
    store.assert_no_drift().await;
}
