//! Addresses that are not ASCII: domains in any script, and local parts (RFC 6531).

use fanbase_domain::{
    problem::ProblemCode,
    wire::{customers::CustomerResponse, fans::FanResponse},
};
use fanbase_tests::{Caller as _, Store, TestApp, on_both_databases};
use serde_json::json;

on_both_databases!(
    an_international_address_is_one_however_it_is_written,
    an_international_address_is_found_listed_and_exported_as_typed,
    an_account_is_linked_to_an_international_address,
    an_international_address_is_imported_once,
    what_is_no_international_address_is_told,
);

/// Addresses as typed, and other ways to write them.
const SAME: [(&str, &[&str]); 5] = [
    (
        "ivan@München-Beats.de",
        &["ivan@xn--mnchen-beats-dlb.de", "IVAN@MÜNCHEN-BEATS.DE", "ivan@mu\u{308}nchen-beats.de."],
    ),
    ("zoë@dubois.fr", &["ZOË@dubois.fr", "zoe\u{308}@DUBOIS.fr"]),
    ("用户@例子.中国", &["用户@xn--fsqu00a.xn--fiqs8s"]),
    ("почта@пример.рф", &["ПОЧТА@ПРИМЕР.РФ", "почта@xn--e1afmkfd.xn--p1ai"]),
    ("info@ελλάδα.gr", &["info@ΕΛΛΆΔΑ.gr"]),
];

async fn all(store: &Store) -> Vec<FanResponse> {
    store.fans("type=lead&sort=email").await
}

async fn an_international_address_is_one_however_it_is_written(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    for (typed, others) in SAME {
        let customer = store.customer(typed).await;
        assert_eq!(customer.email, typed);
        for other in others {
            let again = store.post("/customers", &json!({ "email": other })).await;
            again.problem(409, ProblemCode::EmailTaken);
            let same = store.patch_customer(&customer, &json!({ "email": other })).await.expect(200);
            assert_eq!(same.json::<CustomerResponse>().email, *other);
        }
    }
    assert_eq!(all(&store).await.len(), SAME.len());
    store.assert_no_drift().await;
}

async fn an_international_address_is_found_listed_and_exported_as_typed(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    for (typed, _) in SAME {
        store.customer(typed).await;
        let search: String = typed.split('@').next_back().unwrap().chars().take(5).collect();
        let found = store.get(&format!("/fans?search={}", encoded(&search))).await.expect(200);
        assert!(found.text().contains(typed), "{search} does not find {typed}: {}", found.text());
    }
    let export = store.export().await;
    let copy = app.creator("bob").await.store("s2").await;
    let import = copy.import("", export.clone()).await;
    assert_eq!((import.tally.created, import.problems), (SAME.len() as u64, 0));
    let emails = |fans: Vec<FanResponse>| fans.into_iter().map(|fan| fan.email).collect::<Vec<_>>();
    assert_eq!(emails(all(&copy).await), emails(all(&store).await));
    assert!(SAME.iter().all(|(typed, _)| export.contains(typed)), "{export}");
}

async fn an_account_is_linked_to_an_international_address(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    for (typed, others) in SAME {
        let user = app.db_create_account(others[0]).await;
        assert_eq!(store.customer(typed).await.user_id, Some(user.id), "{typed}");
    }
    store.assert_no_drift().await;
}

async fn an_international_address_is_imported_once(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let mut file = "Email\n".to_owned();
    for (typed, others) in SAME {
        file.extend([typed].iter().chain(others).flat_map(|email| [*email, "\n"]));
    }
    let rows = file.lines().count() as u64 - 1;
    let import = store.import("", file).await;
    let created = SAME.len() as u64;
    assert_eq!((import.tally.created, import.tally.duplicate_in_file), (created, rows - created));
}

async fn what_is_no_international_address_is_told(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    for wrong in [
        "a@münchen",
        "a@xn--zzzzzz99999.de",
        "a\u{200b}b@münchen.de",
        "a@mün chen.de",
        "a@\u{202e}münchen.de",
        "@münchen.de",
    ] {
        let answer = store.post("/customers", &json!({ "email": wrong })).await;
        answer.field_errors(&[("/email", "email_invalid")]);
    }
    let long = format!("a@{}.de", "ü".repeat(130));
    let answer = store.post("/customers", &json!({ "email": long })).await;
    answer.problem(422, ProblemCode::ValidationFailed);
    assert_eq!(all(&store).await, []);
}

/// A text as a query string has it.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
