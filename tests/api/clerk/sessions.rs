//! Session tokens of Clerk.

use fanbase_api::config::Settings;
use fanbase_domain::{problem::ProblemCode, wire::auth::MeResponse};
use fanbase_tests::{Caller as _, api::Credential, app, database::TestDatabase, on_both_databases_alone};
use jsonwebtoken::{EncodingKey, Header, encode};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use super::{
    deleted,
    jwks::{Jwks, ONE, Pair, TWO, claims},
    now, send, updated,
};

on_both_databases_alone!(
    a_session_token_is_as_good_as_a_session,
    tokens_that_are_not_right_are_refused,
    keys_are_fetched_anew_when_they_change,
    keys_that_are_known_do_while_new_ones_cannot_be_had,
    without_an_issuer_no_token_is_taken,
);

const ISSUER: &str = "https://clerk.example.com";

/// Settings without a network.
fn by_key(settings: &mut Settings) {
    settings.clerk_issuer = Some(ISSUER.to_owned());
    settings.clerk_jwt_key = Some(ONE.public.replace('\n', "\\n"));
    settings.clerk_authorized_parties =
        Some(vec!["https://other.example.com".to_owned(), "https://app.example.com".to_owned()]);
}

fn by_address(jwks: &Jwks) -> impl FnOnce(&mut Settings) {
    let issuer = jwks.issuer();
    move |settings| settings.clerk_issuer = Some(issuer)
}

async fn a_session_token_is_as_good_as_a_session(database: &TestDatabase) {
    app::serve(database, by_key, async |app| {
        let ava = app.creator("ava").await;
        let store = ava.store("s1").await;
        send(&app, &updated("user_1", 1, Some("ava@creators.example"))).await;
        let token = ONE.sign(&claims(ISSUER, "user_1"));
        let caller = app.with_key(&token);
        let me: MeResponse = caller.get("/api/v1/me").await.expect(200).json();
        assert_eq!(me.user_id, Some(ava.user_id));
        let hers = store.seen_by(&caller);
        hers.customer("fan@x.example").await;
        assert_eq!(hers.counts("").await.lead, 1);
        let bobs = app.creator("bob").await.store("s2").await;
        bobs.seen_by(&caller).get("/fans").await.problem(404, ProblemCode::NotFound);
        // In exchange for a cookie.
        let path = "/api/v1/auth/clerk";
        let answer = app.anonymous().post(path, &json!({ "token": token })).await.expect(204);
        let cookie = answer.header("set-cookie").unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        let cookie = cookie.split(';').next().unwrap().to_owned();
        let me: MeResponse =
            app.anonymous().with(Credential::Cookie(cookie)).get("/api/v1/me").await.expect(200).json();
        assert_eq!(me.user_id, Some(ava.user_id));
        let wrong = app.anonymous().post(path, &json!({ "token": "a.b.c" })).await;
        wrong.problem(401, ProblemCode::Unauthenticated);
        // Who is suspended, who is not known, and who is no more.
        let suspend = async |to: &str| {
            let sql =
                format!("UPDATE users SET suspended_at = {to} WHERE email_key = 'ava@creators.example'");
            app.db().write().execute_unprepared(&sql).await.unwrap();
        };
        suspend("1").await;
        caller.get("/api/v1/me").await.problem(403, ProblemCode::Forbidden);
        let again = app.anonymous().post(path, &json!({ "token": token })).await;
        again.problem(403, ProblemCode::Forbidden);
        suspend("NULL").await;
        let unknown = app.with_key(&ONE.sign(&claims(ISSUER, "user_2")));
        let problem = unknown.get("/api/v1/me").await.problem(401, ProblemCode::Unauthenticated);
        assert!(problem.detail.contains("not known"), "{problem:?}");
        send(&app, &deleted("user_1", 2)).await;
        let problem = caller.get("/api/v1/me").await.problem(401, ProblemCode::Unauthenticated);
        assert!(problem.detail.contains("deleted"), "{problem:?}");
    })
    .await;
}

fn changed(field: &str, value: Value) -> Value {
    let mut claims = claims(ISSUER, "user_1");
    match value {
        Value::Null => drop(claims.as_object_mut().unwrap().remove(field)),
        value => claims[field] = value,
    }
    claims
}

async fn tokens_that_are_not_right_are_refused(database: &TestDatabase) {
    app::serve(database, by_key, async |app| {
        send(&app, &updated("user_1", 1, Some("fan@x.example"))).await;
        let right = ONE.sign(&claims(ISSUER, "user_1"));
        let _ = app.with_key(&right).get("/api/v1/me").await.expect(200);
        let small = |field, value| ONE.sign(&changed(field, value));
        let _ = app.with_key(&small("exp", json!(now() - 2))).get("/api/v1/me").await.expect(200);
        let parts: Vec<&str> = right.split('.').collect();
        let none = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{}.", parts[1]);
        let hmac = EncodingKey::from_secret(ONE.public.as_bytes());
        let confused = encode(&Header::default(), &claims(ISSUER, "user_1"), &hmac).unwrap();
        let other = Pair { id: ONE.id, ..TWO }.sign(&claims(ISSUER, "user_1"));
        for (what, token) in [
            ("expired", small("exp", json!(now() - 30))),
            ("without an end", small("exp", Value::Null)),
            ("not yet valid", small("nbf", json!(now() + 30))),
            ("without a start", small("nbf", Value::Null)),
            ("of another issuer", small("iss", json!("https://clerk.elsewhere.example"))),
            ("without an issuer", small("iss", Value::Null)),
            ("for another application", small("azp", json!("https://evil.example.com"))),
            ("for no application", small("azp", Value::Null)),
            ("without a session", small("sid", Value::Null)),
            ("with an empty session", small("sid", json!(""))),
            ("without a subject", small("sub", Value::Null)),
            ("with a subject that is none", small("sub", json!(7))),
            ("not signed", none),
            ("signed with the public key", confused),
            ("signed with another key", other),
            (
                "changed",
                format!(
                    "{}.{}.{}",
                    parts[0],
                    TWO.sign(&changed("sub", json!("user_9"))).split('.').nth(1).unwrap(),
                    parts[2]
                ),
            ),
            ("nothing of the kind", "a.b.c".to_owned()),
        ] {
            let answer = app.with_key(&token).get("/api/v1/me").await;
            assert_eq!(answer.status, 401, "a token {what}: {}", answer.text());
            answer.problem(401, ProblemCode::Unauthenticated);
        }
    })
    .await;
}

async fn keys_are_fetched_anew_when_they_change(database: &TestDatabase) {
    let jwks = Jwks::start().await;
    jwks.publish(&[ONE]);
    app::serve(database, by_address(&jwks), async |app| {
        send(&app, &updated("user_1", 1, Some("fan@x.example"))).await;
        let ask = async |pair: Pair| {
            let token = pair.sign(&claims(&jwks.issuer(), "user_1"));
            app.with_key(&token).get("/api/v1/me").await.status
        };
        // Many at once ask for the keys once.
        let many = futures_util::future::join_all((0..8).map(|_| ask(ONE))).await;
        assert_eq!((many, jwks.asked()), (vec![200; 8], 1));
        assert_eq!((ask(TWO).await, jwks.asked()), (401, 2));
        jwks.publish(&[TWO]);
        assert_eq!((ask(TWO).await, jwks.asked()), (200, 3));
        assert_eq!((ask(ONE).await, jwks.asked()), (401, 4), "the old key is not taken any more");
        // Whoever makes up ids of keys does not make us ask for ever.
        for _ in 0..10 {
            assert_eq!(ask(Pair { id: "ins_made_up", ..ONE }).await, 401);
        }
        assert_eq!(jwks.asked(), 5);
        assert_eq!(ask(TWO).await, 200);
    })
    .await;
}

async fn keys_that_are_known_do_while_new_ones_cannot_be_had(database: &TestDatabase) {
    let jwks = Jwks::start().await;
    jwks.publish(&[ONE]);
    jwks.go_down();
    app::serve(database, by_address(&jwks), async |app| {
        send(&app, &updated("user_1", 1, Some("fan@x.example"))).await;
        let token = |pair: Pair| pair.sign(&claims(&jwks.issuer(), "user_1"));
        let ask = async |pair: Pair| app.with_key(&token(pair)).get("/api/v1/me").await;
        ask(ONE).await.problem(503, ProblemCode::Unavailable);
        jwks.come_up();
        let _ = ask(ONE).await.expect(200);
        jwks.go_down();
        let _ = ask(ONE).await.expect(200);
        ask(TWO).await.problem(503, ProblemCode::Unavailable);
        let _ = ask(ONE).await.expect(200);
        assert_eq!(jwks.asked(), 3);
    })
    .await;
}

async fn without_an_issuer_no_token_is_taken(database: &TestDatabase) {
    app::serve(
        database,
        |_| {},
        async |app| {
            send(&app, &updated("user_1", 1, Some("fan@x.example"))).await;
            let token = ONE.sign(&claims(ISSUER, "user_1"));
            let problem =
                app.with_key(&token).get("/api/v1/me").await.problem(401, ProblemCode::Unauthenticated);
            assert!(problem.detail.contains("clerk_issuer"), "{problem:?}");
        },
    )
    .await;
}
