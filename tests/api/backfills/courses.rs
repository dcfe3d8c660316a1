//! Customers of enrolments.

use fanbase_api::db::sql::Sql;
use fanbase_domain::{
    problem::ProblemCode,
    wire::{backfills::BackfillResponse, page::Page},
};
use fanbase_tests::{Caller as _, TestApp, on_both_databases};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Who, account, backfill, course, db_enroll, email, numbers, problems, store_with_course};
use crate::facts::{all_of, customer, standing, timeline};

on_both_databases!(
    enrolments_get_the_customers_that_they_are_about,
    what_cannot_be_given_to_anybody_is_listed_and_found_again,
    a_dry_run_says_the_same_numbers_and_changes_nothing,
    nobodys_enrolments_are_no_trouble_to_others,
    a_platform_that_reports_an_enrolment_of_nobody_gives_it_to_its_customer,
    the_stream_of_events_ends_with_the_backfill,
    only_who_may_import_starts_a_backfill,
    what_has_no_customer_lies_person_by_person,
);

async fn enrolments_get_the_customers_that_they_are_about(app: TestApp) {
    let (store, mixing) = store_with_course(&app).await;
    let drums = course(&store, "drums", "Drums").await;
    let (db, id) = (app.db().write(), store.id);
    let known = store.create_customer(&json!({ "email": "known@x.example", "first_name": "Kay" })).await;
    let fan = app.db_create_account("fan@x.example").await;
    let moved = app.db_create_account("old@x.example").await;
    let linked = store.customer("old@x.example").await;
    // The customer has another address by now, and is still linked to the account.
    let _ = store.patch_customer(&linked, &json!({ "email": "moved@x.example" })).await.expect(200);
    db_enroll(db, id, mixing, "e1", &Who { name: Some("Ada Row"), ..email(" Ada@X.example ") }).await;
    db_enroll(db, id, drums, "e2", &email("ada@x.example")).await;
    db_enroll(db, id, mixing, "e3", &email("KNOWN@x.example")).await;
    db_enroll(db, id, mixing, "e4", &account(fan.id)).await;
    db_enroll(db, id, drums, "e5", &account(moved.id)).await;
    // The account says who it is, whatever address is beside it.
    db_enroll(db, id, drums, "e6", &Who { account: Some(fan.id), ..email("other@x.example") }).await;
    let done = backfill(&store, "courses", false).await;
    assert_eq!((done.total, numbers(&done)), (6, [6, 2, 4, 0]));
    let ada = customer(&store, "ada@x.example").await;
    assert_eq!((ada.name.as_deref(), ada.email.as_str()), (Some("Ada Row"), "Ada@X.example"));
    assert_eq!((ada.source.as_str(), ada.source_detail.is_some()), ("course_enrollment", true));
    assert_eq!(standing(&store, "ada@x.example").await, ("lead".to_owned(), 0));
    assert_eq!(all_of(&store, &ada, "enrollments").await.len(), 2);
    let kinds: Vec<_> =
        timeline(&store, "ada@x.example").await.into_iter().map(|(kind, detail, _)| (kind, detail)).collect();
    assert!(kinds.contains(&("enrolled".to_owned(), Some("Drums".to_owned()))), "{kinds:?}");
    let of_fan = customer(&store, "fan@x.example").await;
    assert_eq!((of_fan.user_id, &of_fan.name), (Some(fan.id), &fan.name));
    assert_eq!(all_of(&store, &of_fan, "enrollments").await.len(), 2);
    let kay = store.get_customer(&known).await;
    assert_eq!((kay.name.as_deref(), kay.source.as_str()), (Some("Kay"), "course_enrollment"));
    assert_eq!(all_of(&store, &linked, "enrollments").await.len(), 1, "the account's customer");
    assert_eq!(store.fans("search=ada").await.len(), 1, "the search finds them");
    assert_eq!(store.counts(&format!("course={mixing}")).await.total, 3);
    store.assert_no_drift().await;
    let again = backfill(&store, "courses", false).await;
    assert_eq!(numbers(&again), [0, 0, 0, 0], "nothing is left");
    let log = store.audit_log("action=backfill.created").await;
    assert_eq!(log.len(), 2);
}

async fn what_cannot_be_given_to_anybody_is_listed_and_found_again(app: TestApp) {
    let (store, mixing) = store_with_course(&app).await;
    let (db, id) = (app.db().write(), store.id);
    let gone = app.db_create_account("gone@x.example").await;
    app.db_delete_account(gone.id).await;
    let nobody = account(fanbase_domain::ids::UserId::new(Uuid::now_v7()));
    let expected = [
        (db_enroll(db, id, mixing, "e1", &Who::default()).await, "no_address"),
        (db_enroll(db, id, mixing, "e2", &email("not an address")).await, "address_invalid"),
        (db_enroll(db, id, mixing, "e3", &nobody).await, "unknown_account"),
        (db_enroll(db, id, mixing, "e4", &account(gone.id)).await, "no_address"),
        (db_enroll(db, id, Uuid::now_v7(), "e5", &email("ok@x.example")).await, "unknown_course"),
    ];
    db_enroll(db, id, mixing, "e6", &Who { email: Some("ok@x.example"), ..nobody }).await;
    let done = backfill(&store, "courses", false).await;
    assert_eq!(numbers(&done), [6, 1, 0, 5]);
    let listed = problems(&store, &done).await;
    assert_eq!(listed, expected.map(|(id, code)| (id, code.to_owned())));
    assert_eq!(store.counts("type=lead").await.total, 1);
    let again = backfill(&store, "courses", false).await;
    assert_eq!(numbers(&again), [5, 0, 0, 5]);
    let page: Page<BackfillResponse> = store.get("/backfills").await.expect(200).json();
    assert_eq!(page.items, [again, done]);
    store.assert_no_drift().await;
}

async fn a_dry_run_says_the_same_numbers_and_changes_nothing(app: TestApp) {
    let (store, mixing) = store_with_course(&app).await;
    let known = store.customer("fan3@x.example").await;
    let emails = ["fan1@x.example", "fan2@x.example", "FAN1@x.example", "fan3@x.example", "nonsense"];
    for (i, address) in emails.into_iter().cycle().take(23).enumerate() {
        db_enroll(app.db().write(), store.id, mixing, &format!("e{i}"), &email(address)).await;
    }
    let before = store.export().await;
    let dry = backfill(&store, "courses", true).await;
    assert_eq!(numbers(&dry), [23, 2, 17, 4]);
    assert_eq!(store.export().await, before);
    assert_eq!(store.get_customer(&known).await, known);
    store.assert_no_drift().await;
    let real = backfill(&store, "courses", false).await;
    assert_eq!(numbers(&real), numbers(&dry));
    assert_eq!(problems(&store, &real).await, problems(&store, &dry).await);
    assert_eq!(store.counts("type=lead").await.total, 3);
    store.assert_no_drift().await;
}

async fn nobodys_enrolments_are_no_trouble_to_others(app: TestApp) {
    let (store, mixing) = store_with_course(&app).await;
    let id = db_enroll(app.db().write(), store.id, mixing, "e1", &email("ada@x.example")).await;
    let bob = store.customer("bob@x.example").await;
    assert_eq!(store.fans(&format!("course={mixing}")).await.len(), 0);
    assert_eq!(store.counts(&format!("course={mixing}&max_progress=50")).await.total, 0);
    let patch = store.patch(&format!("/enrollments/{id}"), &json!({ "progress": 5 })).await;
    patch.problem(404, ProblemCode::NotFound);
    assert_eq!(all_of(&store, &bob, "enrollments").await, Vec::<Value>::new());
    store.delete_customer(&bob).await;
    store.assert_no_drift().await;
}

async fn a_platform_that_reports_an_enrolment_of_nobody_gives_it_to_its_customer(app: TestApp) {
    let (store, mixing) = store_with_course(&app).await;
    db_enroll(app.db().write(), store.id, mixing, "e1", &email("ada@x.example")).await;
    let report = json!({
        "reference": "e1", "customer": {"email": "ada@x.example"}, "course": {"reference": "mixing"},
        "progress": 40,
    });
    let enrollment: Value = store.post("/enrollments", &report).await.expect(201).json();
    assert_eq!(enrollment["progress"], 40);
    assert_eq!(enrollment["enrolled_at"], "2023-11-14T22:13:20.000Z", "that of the row");
    assert_eq!(numbers(&backfill(&store, "courses", false).await), [0, 0, 0, 0]);
    store.assert_no_drift().await;
}

async fn the_stream_of_events_ends_with_the_backfill(app: TestApp) {
    let (store, mixing) = store_with_course(&app).await;
    let (db, id) = (app.db().write(), store.id);
    db_enroll(db, id, mixing, "e1", &email("ada@x.example")).await;
    db_enroll(db, id, mixing, "e2", &Who::default()).await;
    let request = json!({ "what": "courses" });
    let queued: BackfillResponse = store.post("/backfills", &request).await.expect(202).json();
    let path = format!("/backfills/{}/events", queued.id);
    let events: Vec<BackfillResponse> = store.get(&path).await.expect(200).progress();
    assert!(events.is_sorted_by_key(|event| event.found), "{events:?}");
    let last = events.last().unwrap();
    assert_eq!((last.status.is_final(), numbers(last)), (true, [2, 1, 0, 1]));
    let again: Vec<BackfillResponse> = store.get(&path).await.expect(200).progress();
    assert_eq!(again, std::slice::from_ref(last), "what is over is told once");
    let elsewhere = app.creator("bo").await.store("s2").await;
    let _ = elsewhere.get(&path).await.expect(404);
}

async fn only_who_may_import_starts_a_backfill(app: TestApp) {
    let (store, _) = store_with_course(&app).await;
    let reader = store.key(&["fans:read", "fans:write", "events:write"]).await;
    let request = json!({ "what": "courses" });
    store.seen_by(&reader).post("/backfills", &request).await.problem(403, ProblemCode::Forbidden);
    let importer = store.key(&["imports:write"]).await;
    let _ = store.seen_by(&importer).post("/backfills", &request).await.expect(202);
    let wrong = store.post("/backfills", &json!({})).await;
    wrong.field_errors(&[("/what", "required")]);
}

/// So that a customer who is made is written once, by the database's own order.
async fn what_has_no_customer_lies_person_by_person(app: TestApp) {
    let (store, mixing) = store_with_course(&app).await;
    let (db, id) = (app.db().write(), store.id);
    let fan = app.db_create_account("fan@x.example").await;
    let people = [email("ada@x.example"), email("ben@x.example"), email("ADA@x.example"), account(fan.id)];
    for (i, who) in people.iter().enumerate() {
        db_enroll(db, id, mixing, &format!("e{i}"), who).await;
    }
    let persons = Sql::new("SELECT COUNT(DISTINCT person) FROM enrollments").number(db).await.unwrap();
    assert_eq!(persons, 3);
}
