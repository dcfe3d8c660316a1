//! Customers for enrolments and subscriptions that a platform wrote past the API.

mod courses;
mod interrupted;
mod subscriptions;

use fanbase_api::db::sql::Sql;
use fanbase_domain::{
    ids::{StoreId, UserId},
    wire::{
        backfills::{BackfillProblemResponse, BackfillResponse},
        page::Page,
    },
};
use fanbase_tests::{Caller as _, Store, TestApp, poll};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use uuid::Uuid;

/// Who a row says it is about.
#[derive(Clone, Debug, Default)]
struct Who {
    account: Option<UserId>,
    email: Option<&'static str>,
    name: Option<&'static str>,
}

fn email(email: &'static str) -> Who {
    Who { email: Some(email), ..Who::default() }
}

fn account(id: UserId) -> Who {
    Who { account: Some(id), ..Who::default() }
}

/// Writes an enrolment as a platform does that shares the database; returns its id.
async fn db_enroll(
    db: &impl ConnectionTrait,
    store: StoreId,
    course: Uuid,
    reference: &str,
    who: &Who,
) -> Uuid {
    let id = Uuid::now_v7();
    let mut sql = Sql::new(
        "INSERT INTO enrollments (store_id, id, reference, course_id, enrolled_at, user_id, email, name)
         VALUES (",
    );
    sql.bind(store.uuid()).push(", ").bind(id).push(", ").bind(reference).push(", ").bind(course);
    sql.push(", ").bind(1_700_000_000_000_i64).push(", ").bind(who.account.map(UserId::uuid));
    sql.push(", ").bind(who.email).push(", ").bind(who.name).push(")");
    sql.execute(db).await.unwrap();
    id
}

/// Makes a course; returns its id.
async fn course(store: &Store, reference: &str, title: &str) -> Uuid {
    let request = json!({ "reference": reference, "title": title });
    let course: Value = store.post("/courses", &request).await.expect(201).json();
    course["id"].as_str().unwrap().parse().unwrap()
}

/// Starts a backfill, and waits until it is done.
async fn backfill(store: &Store, what: &str, dry_run: bool) -> BackfillResponse {
    let request = json!({ "what": what, "dry_run": dry_run });
    let answer = store.post("/backfills", &request).await.expect(202);
    let started: BackfillResponse = answer.json();
    poll::until("the backfill", || async {
        let path = format!("/backfills/{}", started.id);
        let now: BackfillResponse = store.get(&path).await.expect(200).json();
        now.status.is_final().then_some(now)
    })
    .await
}

/// Found, created, updated, errors.
fn numbers(backfill: &BackfillResponse) -> [u64; 4] {
    [backfill.found, backfill.created, backfill.updated, backfill.errors]
}

/// What got no customer, and why.
async fn problems(store: &Store, backfill: &BackfillResponse) -> Vec<(Uuid, String)> {
    let path = format!("/backfills/{}/problems", backfill.id);
    let page: Page<BackfillProblemResponse> = store.get(&path).await.expect(200).json();
    page.items.into_iter().map(|problem| (problem.id, problem.code.to_string())).collect()
}

/// A store with a course, and its owner's app.
async fn store_with_course(app: &TestApp) -> (Store, Uuid) {
    let store = app.creator("ava").await.store("s1").await;
    let mixing = course(&store, "mixing", "Mixing in a week").await;
    (store, mixing)
}
