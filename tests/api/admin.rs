//! What admins of the platform see and do.

use fanbase_domain::{
    problem::ProblemCode,
    role::Role,
    wire::{
        admin::{
            AdminUserCountResponse, AdminUserDetailResponse, AdminUserPage, PlatformStatsResponse,
            UserBulkResponse, UserStatus,
        },
        audit::{AuditAction, AuditEntryResponse},
        page::Page,
    },
};
use fanbase_tests::{Caller, Creator, TestApp, on_both_databases};
use serde_json::json;

use crate::openapi::operations;

on_both_databases!(
    only_admins_of_the_platform_get_in,
    accounts_are_listed_filtered_and_counted,
    every_account_is_reached_in_every_order,
    an_account_is_suspended_and_reinstated,
    a_role_is_given_in_every_store,
    an_admin_cannot_lock_everybody_out,
    many_accounts_are_changed_after_a_preview,
    the_platform_in_numbers,
    the_log_of_the_platform_has_all_stores,
);

async fn page(admin: &Creator, query: &str) -> AdminUserPage {
    admin.get(&format!("/api/v1/admin/users?{query}")).await.expect(200).json()
}

async fn emails(admin: &Creator, query: &str) -> Vec<String> {
    page(admin, query).await.items.into_iter().filter_map(|user| user.email).collect()
}

async fn detail(admin: &Creator, who: &Creator) -> AdminUserDetailResponse {
    admin.get(&format!("/api/v1/admin/users/{}", who.user_id)).await.expect(200).json()
}

async fn bulk(admin: &Creator, query: &str, request: serde_json::Value) -> UserBulkResponse {
    admin.post(&format!("/api/v1/admin/users/bulk?{query}"), &request).await.expect(200).json()
}

async fn only_admins_of_the_platform_get_in(app: TestApp) {
    let ava = app.creator("ava").await;
    let key = ava.store("s1").await.key(&["fans:read"]).await;
    let mut tried = 0;
    for (pattern, method, operation) in operations() {
        if !pattern.starts_with("/api/v1/admin/") {
            continue;
        }
        assert_eq!(operation["security"], json!([{ "session": ["admin"] }]), "{pattern}");
        let path = pattern.replace("{user_id}", &ava.user_id.to_string());
        let path = path.replace("{source}", "clerk").replace("{event_id}", "x");
        let method: reqwest::Method = method.parse().unwrap();
        let as_anybody =
            async |caller: &fanbase_tests::Api| caller.request(method.clone(), &path).send().await;
        as_anybody(&app.anonymous()).await.problem(401, ProblemCode::Unauthenticated);
        as_anybody(ava.api()).await.problem(403, ProblemCode::Forbidden);
        as_anybody(key.api()).await.problem(403, ProblemCode::Forbidden);
        tried += 1;
    }
    assert!(tried >= 8, "{tried} routes");
}

async fn accounts_are_listed_filtered_and_counted(app: TestApp) {
    let admin = app.admin("root").await;
    let ava = app.creator("ava").await;
    let store = ava.store("s1").await;
    let mira = store.member(&app, "mira", "SUBACCOUNT_GUEST").await;
    app.db_create_account("stranger@x.example").await;
    let all = emails(&admin, "sort=email").await;
    assert_eq!(all, [ava.email.as_str(), &mira.email, &admin.email, "stranger@x.example"]);
    let check = async |query: &str, expected: &[&str]| {
        assert_eq!(emails(&admin, &format!("{query}&sort=email")).await, expected, "{query}");
        let count: AdminUserCountResponse =
            admin.get(&format!("/api/v1/admin/users/counts?{query}")).await.expect(200).json();
        assert_eq!(count.total, expected.len() as u64, "{query}");
    };
    check("search=MIRA", &[&mira.email]).await;
    check("search=st", &["stranger@x.example"]).await;
    check("is_admin=true", &[&admin.email]).await;
    check("role=AGENCY_OWNER", &[&ava.email]).await;
    check("role=AGENCY_OWNER&role=SUBACCOUNT_GUEST", &[&ava.email, &mira.email]).await;
    check("has_store=false", &[&admin.email, "stranger@x.example"]).await;
    check("status=suspended", &[]).await;
    check("connect=not_connected", &[&ava.email]).await;
    check("connect=can_charge", &[]).await;
    check("created_before=2020-01-01", &[]).await;
    let seen = detail(&admin, &mira).await;
    assert_eq!((seen.user.role, seen.user.stores), (Some(Role::SubaccountGuest), 1));
    assert_eq!(seen.memberships[0].store_name, "Store s1");
    admin.get("/api/v1/admin/users?colour=red").await.field_errors(&[("colour", "unknown_parameter")]);
    let nobody = format!("/api/v1/admin/users/{}", uuid::Uuid::now_v7());
    admin.get(&nobody).await.problem(404, ProblemCode::NotFound);
}

async fn every_account_is_reached_in_every_order(app: TestApp) {
    let admin = app.admin("root").await;
    for i in 0..23 {
        app.db_create_account(&format!("a{i}@x.example")).await;
    }
    for sort in [
        "created_at",
        "-created_at",
        "name",
        "-name",
        "email",
        "-email",
        "last_sign_in_at",
        "-last_sign_in_at",
    ] {
        let whole = emails(&admin, &format!("sort={sort}&limit=200")).await;
        assert_eq!(whole.len(), 24);
        let (mut paged, mut query) = (Vec::new(), format!("sort={sort}&limit=5"));
        loop {
            let page = page(&admin, &query).await;
            paged.extend(page.items.into_iter().filter_map(|user| user.email));
            let Some(cursor) = page.next_cursor else { break };
            query = format!("sort={sort}&limit=5&cursor={cursor}");
        }
        assert_eq!(paged, whole, "{sort}");
        for at in [0, 1, 7, 22, 23, 24, 99] {
            let jumped = emails(&admin, &format!("sort={sort}&limit=3&at={at}")).await;
            let expected: Vec<String> = whole.iter().skip(at).take(3).cloned().collect();
            assert_eq!(jumped, expected, "{sort} at {at}");
        }
    }
    let cursor = page(&admin, "limit=5").await.next_cursor.unwrap();
    let other = admin.get(&format!("/api/v1/admin/users?sort=name&cursor={cursor}")).await;
    other.problem(400, ProblemCode::InvalidCursor);
    admin.get("/api/v1/admin/users?cursor=x").await.problem(400, ProblemCode::InvalidCursor);
}

async fn an_account_is_suspended_and_reinstated(app: TestApp) {
    let (admin, ava) = (app.admin("root").await, app.creator("ava").await);
    let path = format!("/api/v1/admin/users/{}", ava.user_id);
    let suspended: AdminUserDetailResponse =
        admin.patch(&path, &json!({ "is_suspended": true })).await.expect(200).json();
    assert_eq!(suspended.user.status, UserStatus::Suspended);
    // Its sign-ins ended for good.
    ava.get("/api/v1/me").await.problem(401, ProblemCode::Unauthenticated);
    assert_eq!(emails(&admin, "status=suspended").await, [ava.email.as_str()]);
    let _ = admin.patch(&path, &json!({ "is_suspended": false })).await.expect(200);
    ava.get("/api/v1/me").await.problem(401, ProblemCode::Unauthenticated);
    let again = Creator::sign_in(&app.anonymous(), &ava.email).await;
    let _ = again.get("/api/v1/me").await.expect(200);
    let log: Page<AuditEntryResponse> =
        admin.get(&format!("/api/v1/admin/audit-log?subject_id={}", ava.user_id)).await.expect(200).json();
    let actions: Vec<AuditAction> = log.items.iter().map(|line| line.action).collect();
    assert!(actions.contains(&AuditAction::UserSuspended) && actions.contains(&AuditAction::UserReinstated));
}

async fn a_role_is_given_in_every_store(app: TestApp) {
    let admin = app.admin("root").await;
    let ava = app.creator("ava").await;
    let (one, two) = (ava.store("one").await, ava.store("two").await);
    let mira = one.member(&app, "mira", "SUBACCOUNT_GUEST").await;
    let token = json!({ "token": two.invite(&mira.email, "SUBACCOUNT_USER").await.token });
    let _ = mira.post("/api/v1/invitations/accept", &token).await.expect(200);
    let path = format!("/api/v1/admin/users/{}", mira.user_id);
    let _ = admin.patch(&path, &json!({ "role": "AGENCY_ADMIN", "is_admin": true })).await.expect(200);
    let seen = detail(&admin, &mira).await;
    assert!(seen.user.is_admin);
    assert!(seen.memberships.iter().all(|membership| membership.role == Role::AgencyAdmin));
}

async fn an_admin_cannot_lock_everybody_out(app: TestApp) {
    let (admin, ava) = (app.admin("root").await, app.creator("ava").await);
    let store = ava.store("s1").await;
    let own = format!("/api/v1/admin/users/{}", admin.user_id);
    for patch in [json!({ "is_admin": false }), json!({ "is_suspended": true })] {
        admin.patch(&own, &patch).await.problem(409, ProblemCode::Conflict);
    }
    let hers = format!("/api/v1/admin/users/{}", ava.user_id);
    // The whole request is refused, also the part that would have been possible.
    let demote = json!({ "role": "SUBACCOUNT_GUEST", "is_admin": true });
    admin.patch(&hers, &demote).await.problem(409, ProblemCode::Conflict);
    let refused =
        bulk(&admin, "", json!({ "action": "delete", "user_ids": [ava.user_id, admin.user_id] })).await;
    assert_eq!((refused.matched, refused.changed, refused.refused.len()), (2, 0, 2));
    let reasons: Vec<&str> = refused.refused.iter().map(|refused| refused.reason.as_str()).collect();
    assert!(reasons.contains(&"Their store \"Store s1\" would have no owner."), "{reasons:?}");
    let seen = detail(&admin, &ava).await;
    assert_eq!((seen.user.role, seen.user.is_admin), (Some(Role::AgencyOwner), false));
    let _ = store.member(&app, "otto", "AGENCY_OWNER").await;
    let deleted = bulk(&admin, "", json!({ "action": "delete", "user_ids": [ava.user_id] })).await;
    assert_eq!(deleted.changed, 1);
    ava.get("/api/v1/me").await.problem(401, ProblemCode::Unauthenticated);
}

async fn many_accounts_are_changed_after_a_preview(app: TestApp) {
    let admin = app.admin("root").await;
    for i in 0..4 {
        app.db_create_account(&format!("spam{i}@x.example")).await;
    }
    let already = app.creator("spam").await;
    app.db_suspend(already.user_id).await;
    let request = |dry_run: bool| json!({ "action": "suspend", "dry_run": dry_run });
    let preview = bulk(&admin, "search=spam", request(true)).await;
    assert_eq!((preview.matched, preview.changed, preview.unchanged), (5, 4, 1));
    assert_eq!(emails(&admin, "status=suspended").await.len(), 1);
    let done = bulk(&admin, "search=spam", request(false)).await;
    assert_eq!(done, preview);
    assert_eq!(emails(&admin, "status=suspended").await.len(), 5);
    let everybody = bulk(&admin, "", json!({ "action": "delete" })).await;
    assert_eq!((everybody.matched, everybody.changed, everybody.refused.len()), (6, 5, 1));
    assert_eq!(emails(&admin, "").await, [admin.email.as_str()]);
    assert_eq!(page(&admin, "status=deleted").await.items.len(), 5);
    let store = admin.store("s1").await;
    store.assert_no_drift().await;
    let wrong = admin.post("/api/v1/admin/users/bulk?", &json!({ "action": "role" })).await;
    wrong.field_errors(&[("/role", "required")]);
}

async fn the_platform_in_numbers(app: TestApp) {
    let admin = app.admin("root").await;
    let ava = app.creator("ava").await;
    let (one, two) = (ava.store("one").await, ava.store("two").await);
    app.db_create_account("student@x.example").await;
    one.customer("student@x.example").await;
    one.customer("contact@x.example").await;
    two.customer("student@x.example").await;
    let stats = async |query: &str| -> PlatformStatsResponse {
        admin.get(&format!("/api/v1/admin/stats?{query}")).await.expect(200).json()
    };
    let told = stats("").await;
    assert_eq!((told.users, told.admins, told.suspended), (3, 1, 0));
    assert_eq!((told.creators, told.students, told.stores, told.connected_stores), (1, 1, 2, 0));
    assert_eq!(told.customers, 3);
    let fans = one.counts("").await.total + two.counts("").await.total;
    assert_eq!(told.fans, fans);
    let now = told.growth.last().unwrap();
    assert_eq!((now.users, now.stores), (3, 2));
    let _ = one.patch("", &json!({ "shows_accounts": false })).await.expect(200);
    let fans = one.counts("").await.total + two.counts("").await.total;
    assert_eq!(stats("period=day").await.fans, fans);
    admin.get("/api/v1/admin/stats?period=year").await.field_errors(&[("period", "unknown_value")]);
}

async fn the_log_of_the_platform_has_all_stores(app: TestApp) {
    let admin = app.admin("root").await;
    let (one, two) =
        (app.creator("ava").await.store("one").await, app.creator("bob").await.store("two").await);
    let _ = (one.customer("a@x.example").await, two.customer("b@x.example").await);
    let read = async |query: &str| -> Vec<AuditEntryResponse> {
        let page: Page<AuditEntryResponse> =
            admin.get(&format!("/api/v1/admin/audit-log?{query}")).await.expect(200).json();
        page.items
    };
    let created = read("action=customer.created").await;
    assert_eq!(created.iter().map(|line| line.store_id).collect::<Vec<_>>(), [Some(two.id), Some(one.id)]);
    assert_eq!(read(&format!("action=customer.created&store_id={}", one.id)).await.len(), 1);
    let signed_in = read("action=user.signed_in").await;
    assert!(signed_in.len() == 3 && signed_in.iter().all(|line| line.store_id.is_none()));
    let csv = admin.get("/api/v1/admin/audit-log/export").await.expect(200).text();
    assert_eq!(csv.lines().count(), read("limit=200").await.len() + 1);
}
