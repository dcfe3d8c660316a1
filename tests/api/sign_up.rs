//! Signing up where everybody may.

use fanbase_tests::{
    Api, Caller as _, Response, api::Credential, child::Binary, database::TestDatabase,
    on_both_databases_alone,
};
use serde_json::json;

on_both_databases_alone!(everybody_signs_up_and_nobody_learns_who_has_an_account);

async fn everybody_signs_up_and_nobody_learns_who_has_an_account(database: &TestDatabase) {
    let mut server = Binary::on(database).with(&["--sign-up", "open"]).serve();
    let anonymous = Api::new(server.address().await, Credential::None);
    let options: serde_json::Value = anonymous.get("/api/v1/auth/options").await.expect(200).json();
    assert_eq!(options["sign_up_is_open"], true);
    let ask = async |path: &str, password: &str| -> Response {
        let request = json!({ "email": "mira@x.example", "password": password });
        anonymous.post(&format!("/api/v1/auth/{path}"), &request).await
    };
    let first = ask("sign-up", "the first password").await.expect(204);
    assert_eq!(first.header("set-cookie"), None);
    let second = ask("sign-up", "another password").await.expect(204);
    assert_eq!((second.header("set-cookie"), second.text().len()), (None, first.text().len()));
    let _ = ask("login", "the first password").await.expect(204);
    let _ = ask("login", "another password").await.expect(401);
    ask("sign-up", "short").await.field_errors(&[("/password", "password_too_short")]);
}
