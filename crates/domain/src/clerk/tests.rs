//! Parsing of Clerk's events, and their merged state.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use proptest::{prelude::*, sample::subsequence};
use serde_json::{Value, json};

use super::{Account, Change, ClerkError, Event};
use crate::time::Timestamp;

const RECEIVED: Timestamp = Timestamp::from_millis(9_000);

fn read(event: &Value) -> Result<Option<(Change, Option<String>)>, ClerkError> {
    Event::read(event.to_string().as_bytes())?.change(RECEIVED)
}

fn user() -> Value {
    json!({
        "id": "user_1", "object": "user", "first_name": "Ava", "last_name": "Lind", "username": "ava",
        "image_url": "https://img.clerk.com/ava",
        "primary_email_address_id": "idn_2",
        "email_addresses": [
            {"id": "idn_1", "email_address": "old@x.example", "verification": {"status": "verified"}},
            {"id": "idn_2", "email_address": "Ava@X.example", "verification": {"status": "verified"}},
        ],
        "created_at": 1_000, "updated_at": 2_000, "last_sign_in_at": 1_500, "public_metadata": {},
    })
}

fn profile_of(change: &[(&str, Value)]) -> (Value, Option<String>) {
    let mut user = user();
    for (field, value) in change {
        user[*field] = value.clone();
    }
    let event = json!({"type": "user.updated", "object": "event", "data": user});
    let Ok(Some((Change::Snapshot(snapshot), note))) = read(&event) else { panic!("{event}") };
    (serde_json::to_value(snapshot.profile).unwrap(), note)
}

#[test]
fn the_address_is_the_primary_one() {
    let (profile, note) = profile_of(&[]);
    let address = json!({"email": "Ava@X.example", "key": "ava@x.example", "verified": true});
    let expected = json!({"address": address, "name": "Ava Lind", "avatar_url": "https://img.clerk.com/ava"});
    assert_eq!((profile, note), (expected, None));
    for (field, value, noted) in [
        ("primary_email_address_id", Value::Null, false),
        ("primary_email_address_id", json!("idn_9"), true),
        ("email_addresses", json!([]), true),
        ("email_addresses", json!("none"), true),
        ("email_addresses", json!([{"id": "idn_2", "email_address": "no address"}]), true),
        ("email_addresses", json!([{"id": "idn_2"}]), true),
    ] {
        let (profile, note) = profile_of(&[(field, value.clone())]);
        assert_eq!((&profile["address"], note.is_some()), (&Value::Null, noted), "{field} {value}");
    }
    let unverified = json!([{"id": "idn_2", "email_address": "a@x.example", "verification": null}]);
    assert_eq!(profile_of(&[("email_addresses", unverified)]).0["address"]["verified"], false);
}

#[test]
fn names_and_pictures_are_those_that_can_be_shown() {
    for (change, name) in [
        (vec![("last_name", Value::Null)], json!("Ava")),
        (vec![("first_name", json!(" \u{0}")), ("last_name", Value::Null)], json!("ava")),
        (vec![("first_name", json!("A\u{0}va\n"))], json!("Ava Lind")),
        (vec![("first_name", Value::Null), ("last_name", json!(7)), ("username", Value::Null)], Value::Null),
    ] {
        assert_eq!(profile_of(&change).0["name"], name, "{change:?}");
    }
    for url in ["http://x.example/a", "javascript:alert(1)", "", "data:image/png;base64,"] {
        assert_eq!(profile_of(&[("image_url", json!(url))]).0["avatar_url"], Value::Null, "{url}");
    }
}

#[test]
fn what_cannot_be_understood_is_told() {
    let event = |data: Value| json!({"type": "user.created", "data": data});
    for (event, expected) in [
        (json!([]), ClerkError::Missing("type")),
        (json!({"type": 7}), ClerkError::Missing("type")),
        (json!({"type": "user.deleted"}), ClerkError::Missing("data.id")),
        (event(json!({"updated_at": 1})), ClerkError::Missing("data.id")),
        (event(json!({"id": "user_1"})), ClerkError::Missing("data.updated_at")),
        (event(json!({"id": "user_1", "updated_at": "today"})), ClerkError::NoTime("updated_at")),
        (event(json!({"id": "user_1", "updated_at": -1})), ClerkError::NoTime("updated_at")),
        (event(json!({"id": "user_1", "updated_at": 1e30})), ClerkError::NoTime("updated_at")),
    ] {
        assert_eq!(read(&event), Err(expected), "{event}");
    }
    assert_eq!(Event::read(b"{").unwrap_err(), ClerkError::NotJson);
    assert_eq!(read(&json!({"type": "session.created", "data": {"id": "sess_1"}})), Ok(None));
}

#[test]
fn a_deletion_happened_when_it_says_so_or_when_it_came() {
    let event = json!({"type": "user.deleted", "data": {"id": "user_1", "deleted": true, "object": "user"}});
    assert_eq!(read(&event), Ok(Some((Change::Deleted(RECEIVED), None))));
    let mut dated = event;
    dated["timestamp"] = json!(5_000);
    assert_eq!(read(&dated), Ok(Some((Change::Deleted(Timestamp::from_millis(5_000)), None))));
}

/// Snapshots that often have the same time, with an occasional deletion.
fn change() -> impl Strategy<Value = Change> {
    let letter = prop::sample::select(vec!["a", "b", "c"]);
    (0..20_i64, 0..4_i64, prop::option::of(letter), prop::option::of(0..9_i64), 0..8).prop_map(
        |(updated_at, created_at, letter, seen, kind)| {
            if kind == 0 {
                return Change::Deleted(Timestamp::from_millis(updated_at));
            }
            let mut user = user();
            user["updated_at"] = json!(updated_at);
            user["created_at"] = json!(created_at);
            user["last_sign_in_at"] = json!(seen);
            match letter {
                Some(letter) => {
                    user["email_addresses"][1]["email_address"] = json!(format!("{letter}@x.example"))
                }
                None => user["primary_email_address_id"] = Value::Null,
            }
            let (snapshot, _) = super::snapshot(&user).unwrap();
            Change::Snapshot(snapshot)
        },
    )
}

fn amount_to(changes: &[Change]) -> Option<Account> {
    changes.iter().fold(None, |account, change| Some(Account::after(account.as_ref(), change)))
}

proptest! {
    #[test]
    fn neither_order_nor_repetition_matters(
        (changes, other) in prop::collection::vec(change(), 1..8).prop_flat_map(|changes| {
            let thrice = [changes.clone(), changes.clone(), changes.clone()].concat();
            let n = changes.len();
            // Every event at least once, some repeated, in any order.
            let more = subsequence(thrice[n..].to_vec(), 0..=2 * n);
            let other = more.prop_map(move |more| [thrice[..n].to_vec(), more].concat()).prop_shuffle();
            (Just(changes), other)
        }),
    ) {
        prop_assert_eq!(amount_to(&changes), amount_to(&other));
    }

    #[test]
    fn what_was_deleted_keeps_no_personal_data(changes in prop::collection::vec(change(), 1..8)) {
        let account = amount_to(&changes).unwrap();
        if changes.iter().any(|change| matches!(change, Change::Deleted(_))) {
            prop_assert!(account.deleted_at.is_some());
            prop_assert!(account.latest.is_none() && account.addresses.is_empty());
            prop_assert_eq!(account.last_sign_in_at, None);
        }
    }

    #[test]
    fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Event::read(&bytes).and_then(|event| event.change(RECEIVED));
    }
}
