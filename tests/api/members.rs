//! Members of a store, their roles, and who is invited.

use fanbase_domain::{
    problem::ProblemCode,
    role::{Permission, Role},
    wire::{
        auth::MeResponse,
        members::{InvitationOfferResponse, InvitationResponse, MemberResponse},
        stores::StoreResponse,
    },
};
use fanbase_tests::{Caller as _, Creator, Store, TestApp, on_both_databases};
use reqwest::Method;
use serde_json::json;

on_both_databases!(
    somebody_is_invited_and_becomes_a_member,
    an_invitation_is_for_one_address_and_works_once,
    who_has_no_account_signs_up_by_invitation,
    an_invitation_is_taken_back_or_replaced,
    nobody_decides_over_those_above_them,
    a_store_always_keeps_an_owner,
    two_owners_cannot_demote_each_other_at_once,
    who_was_removed_is_out_at_once,
    a_guest_sees_no_money,
);

async fn members(store: &Store) -> Vec<MemberResponse> {
    store.get("/members").await.expect(200).json()
}

fn at(store: &Store, member: &Creator) -> Store {
    member.open(store.id)
}

async fn somebody_is_invited_and_becomes_a_member(app: TestApp) {
    let ava = app.creator("ava").await;
    let store = ava.store("s1").await;
    let mira = app.creator("mira").await;
    let answer = store.post("/invitations", &json!({ "email": mira.email, "role": "SUBACCOUNT_USER" })).await;
    assert_eq!(answer.expect(201).header("cache-control"), Some("no-store"));
    let invited = store.invite(&mira.email.to_uppercase(), "SUBACCOUNT_USER").await;
    assert_eq!(invited.path, format!("/invitation#{}", invited.token));
    let token = json!({ "token": invited.token });
    let offer: InvitationOfferResponse =
        app.anonymous().post("/api/v1/invitations/offer", &token).await.expect(200).json();
    assert_eq!((offer.store_name.as_str(), offer.role), ("Store s1", Role::SubaccountUser));
    let joined: StoreResponse = mira.post("/api/v1/invitations/accept", &token).await.expect(200).json();
    assert_eq!((joined.id, joined.role), (store.id, Some(Role::SubaccountUser)));
    assert!(joined.permissions.contains(&Permission::Edit));
    let me: MeResponse = mira.get("/api/v1/me").await.expect(200).json();
    assert_eq!(me.stores, [joined]);
    let _ = at(&store, &mira).customer("a@x.example").await;
    let listed = members(&store).await;
    let roles: Vec<(Option<&str>, Role)> = listed.iter().map(|m| (m.email.as_deref(), m.role)).collect();
    let expected = [(Some(ava.email.as_str()), Role::AgencyOwner), (Some(&mira.email), Role::SubaccountUser)];
    assert_eq!(roles, expected);
    let left: Vec<InvitationResponse> = store.get("/invitations").await.expect(200).json();
    assert_eq!(left, []);
}

async fn an_invitation_is_for_one_address_and_works_once(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let (mira, bob) = (app.creator("mira").await, app.creator("bob").await);
    let token = json!({ "token": store.invite(&mira.email, "SUBACCOUNT_GUEST").await.token });
    bob.post("/api/v1/invitations/accept", &token).await.problem(403, ProblemCode::Forbidden);
    let _ = mira.post("/api/v1/invitations/accept", &token).await.expect(200);
    mira.post("/api/v1/invitations/accept", &token).await.problem(404, ProblemCode::NotFound);
    app.anonymous().post("/api/v1/invitations/offer", &token).await.problem(404, ProblemCode::NotFound);
    let again = json!({ "email": mira.email, "role": "AGENCY_ADMIN" });
    store.post("/invitations", &again).await.problem(409, ProblemCode::Conflict);
    let wrong = json!({ "email": "nobody", "role": "AGENCY_ADMIN" });
    store.post("/invitations", &wrong).await.field_errors(&[("/email", "email_invalid")]);
}

async fn who_has_no_account_signs_up_by_invitation(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let sign_up = async |email: &str, token: Option<&str>| {
        let request =
            json!({ "email": email, "password": "correct horse", "name": "Mira", "invitation": token });
        app.anonymous().post("/api/v1/auth/sign-up", &request).await
    };
    sign_up("mira@x.example", None).await.problem(403, ProblemCode::Forbidden);
    sign_up("mira@x.example", Some("guessed")).await.problem(404, ProblemCode::NotFound);
    let invited = store.invite("mira@x.example", "AGENCY_ADMIN").await;
    sign_up("bob@x.example", Some(&invited.token)).await.problem(403, ProblemCode::Forbidden);
    let login = json!({ "email": "bob@x.example", "password": "correct horse" });
    let nobody = app.anonymous().post("/api/v1/auth/login", &login).await;
    nobody.problem(401, ProblemCode::Unauthenticated);
    let answer = sign_up("Mira@X.example", Some(&invited.token)).await.expect(204);
    assert!(answer.header("set-cookie").is_some_and(|cookie| cookie.contains("HttpOnly")));
    assert_eq!(members(&store).await.last().map(|member| member.role), Some(Role::AgencyAdmin));
    // The address has an account now; who holds an invitation of it may know that.
    let second = app.creator("bob").await.store("s2").await.invite("mira@x.example", "AGENCY_ADMIN").await;
    sign_up("mira@x.example", Some(&second.token)).await.problem(409, ProblemCode::Conflict);
    store.assert_no_drift().await;
}

async fn an_invitation_is_taken_back_or_replaced(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let (first, second) = (
        store.invite("m@x.example", "AGENCY_ADMIN").await,
        store.invite("m@x.example", "AGENCY_OWNER").await,
    );
    let offered = async |token: &str| {
        app.anonymous().post("/api/v1/invitations/offer", &json!({ "token": token })).await
    };
    offered(&first.token).await.problem(404, ProblemCode::NotFound);
    let _ = offered(&second.token).await.expect(200);
    let path = format!("/invitations/{}", second.invitation.id);
    let _ = store.delete(&path).await.expect(204);
    offered(&second.token).await.problem(404, ProblemCode::NotFound);
    store.delete(&path).await.problem(404, ProblemCode::NotFound);
}

async fn nobody_decides_over_those_above_them(app: TestApp) {
    let ava = app.creator("ava").await;
    let store = ava.store("s1").await;
    let admin = store.member(&app, "adam", "AGENCY_ADMIN").await;
    let user = store.member(&app, "ute", "SUBACCOUNT_USER").await;
    let seen = at(&store, &admin);
    let change = async |store: &Store, who: &Creator, role: &str| {
        store.patch(&format!("/members/{}", who.user_id), &json!({ "role": role })).await
    };
    change(&seen, &ava, "SUBACCOUNT_GUEST").await.problem(403, ProblemCode::Forbidden);
    change(&seen, &admin, "AGENCY_OWNER").await.problem(403, ProblemCode::Forbidden);
    let invited = json!({ "email": "x@x.example", "role": "AGENCY_OWNER" });
    seen.post("/invitations", &invited).await.problem(403, ProblemCode::Forbidden);
    seen.delete(&format!("/members/{}", ava.user_id)).await.problem(403, ProblemCode::Forbidden);
    change(&seen, &user, "AGENCY_KING").await.problem(400, ProblemCode::MalformedRequest);
    let changed: MemberResponse = change(&seen, &user, "SUBACCOUNT_GUEST").await.expect(200).json();
    assert_eq!(changed.role, Role::SubaccountGuest);
    at(&store, &user)
        .post("/customers", &json!({ "email": "a@x.example" }))
        .await
        .problem(403, ProblemCode::Forbidden);
    let _ = change(&store, &admin, "AGENCY_OWNER").await.expect(200);
    let _ = change(&at(&store, &admin), &ava, "SUBACCOUNT_GUEST").await.expect(200);
}

async fn a_store_always_keeps_an_owner(app: TestApp) {
    let ava = app.creator("ava").await;
    let store = ava.store("s1").await;
    let path = format!("/members/{}", ava.user_id);
    store.patch(&path, &json!({ "role": "AGENCY_ADMIN" })).await.problem(409, ProblemCode::Conflict);
    store.delete(&path).await.problem(409, ProblemCode::Conflict);
    let leave = async || store.request(Method::POST, "/leave").send().await;
    leave().await.problem(409, ProblemCode::Conflict);
    // One who is suspended owns nothing for now.
    let second = store.member(&app, "olga", "AGENCY_OWNER").await;
    app.db_suspend(second.user_id).await;
    leave().await.problem(409, ProblemCode::Conflict);
    let _ = store.member(&app, "otto", "AGENCY_OWNER").await;
    let _ = leave().await.expect(204);
    store.get("/fans").await.problem(404, ProblemCode::NotFound);
}

async fn two_owners_cannot_demote_each_other_at_once(app: TestApp) {
    let ava = app.creator("ava").await;
    let store = ava.store("s1").await;
    let otto = store.member(&app, "otto", "AGENCY_OWNER").await;
    let guest = json!({ "role": "SUBACCOUNT_GUEST" });
    let hers = at(&store, &otto);
    let (paths, one, two) =
        ((format!("/members/{}", otto.user_id), format!("/members/{}", ava.user_id)), &store, &hers);
    let (a, b) = tokio::join!(one.patch(&paths.0, &guest), two.patch(&paths.1, &guest));
    let mut statuses = [a.status, b.status];
    statuses.sort_unstable();
    assert!(statuses == [200, 403] || statuses == [200, 409], "{statuses:?}");
    let ava_sees = store.get("/members").await.expect(200).json::<Vec<MemberResponse>>();
    assert_eq!(ava_sees.iter().filter(|member| member.role == Role::AgencyOwner).count(), 1);
}

async fn who_was_removed_is_out_at_once(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let mira = store.member(&app, "mira", "AGENCY_ADMIN").await;
    let _ = at(&store, &mira).get("/fans").await.expect(200);
    let path = format!("/members/{}", mira.user_id);
    let _ = store.delete(&path).await.expect(204);
    at(&store, &mira).get("/fans").await.problem(404, ProblemCode::NotFound);
    store.delete(&path).await.problem(404, ProblemCode::NotFound);
    let _ = mira.get("/api/v1/me").await.expect(200);
}

async fn a_guest_sees_no_money(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    store.import("", "Email,Total Spent\na@x.example,12.50\n").await;
    let guest = at(&store, &store.member(&app, "gus", "SUBACCOUNT_GUEST").await);
    let user = at(&store, &store.member(&app, "ute", "SUBACCOUNT_USER").await);
    let page =
        async |store: &Store, path: &str| -> serde_json::Value { store.get(path).await.expect(200).json() };
    for path in ["/fans?type=lead", "/customers"] {
        assert_eq!(page(&user, path).await["items"][0]["total_spent"], 1250);
        assert_eq!(page(&guest, path).await["items"][0]["total_spent"], json!(null));
    }
    let id = page(&user, "/customers").await["items"][0]["id"].as_str().unwrap().to_owned();
    for path in [format!("/fans/{id}"), format!("/customers/{id}")] {
        assert_eq!(page(&user, &path).await["total_spent"], 1250);
        assert_eq!(page(&guest, &path).await["total_spent"], json!(null));
    }
    for query in [
        "/fans?min_spent=1",
        "/fans?sort=-total_spent",
        "/fans/counts?max_spent=5",
        "/customers?sort=total_spent",
    ] {
        guest.get(query).await.problem(403, ProblemCode::Forbidden);
        let _ = user.get(query).await.expect(200);
    }
    guest.get("/fans/export").await.problem(403, ProblemCode::Forbidden);
}
