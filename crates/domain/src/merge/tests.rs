//! The merge rules, by table and by property.

use proptest::prelude::*;

use super::*;
use crate::customer::AttributeValue;

fn contact() -> Contact {
    Contact::new(Email::parse("ava@example.com").unwrap())
}

fn defaults() -> Defaults {
    Defaults { source: Source::CsvImport, consent: Consent::Subscribed, now: Timestamp::from_millis(1_000) }
}

fn tags(names: &[&str]) -> BTreeSet<TagName> {
    names.iter().map(|name| TagName::parse(name).unwrap()).collect()
}

#[test]
fn blank_cells_never_erase() {
    let full = Contact {
        first_name: Some("Ava".into()),
        phone: Some("+1 555".into()),
        score: Some(7),
        tags: tags(&["vip"]),
        ..contact()
    };
    let mut fields = create(full, defaults());
    let before = fields.clone();
    for tag_policy in TagPolicy::ALL {
        apply(
            &mut fields,
            &contact(),
            Policy { values: ValuePolicy::Overwrite, tags: tag_policy },
            defaults().now,
        );
    }
    assert_eq!(fields, before);
}

#[test]
fn policies_decide_what_a_different_value_does() {
    let known = Contact { first_name: Some("Ava".into()), tags: tags(&["vip"]), ..contact() };
    let told = Contact {
        first_name: Some("Eva".into()),
        last_name: Some("Lind".into()),
        tags: tags(&["edm", "VIP"]),
        ..contact()
    };
    for (values, tag_policy, first, expected_tags) in [
        (ValuePolicy::Overwrite, TagPolicy::Unite, "Eva", vec!["edm", "vip"]),
        (ValuePolicy::Fill, TagPolicy::Replace, "Ava", vec!["edm", "vip"]),
    ] {
        let mut fields = create(known.clone(), defaults());
        fields.tags.insert(TagName::parse("old").unwrap());
        apply(&mut fields, &told, Policy { values, tags: tag_policy }, defaults().now);
        assert_eq!(fields.first_name.as_deref(), Some(first));
        assert_eq!(fields.last_name.as_deref(), Some("Lind"));
        let names: Vec<&str> = fields.tags.iter().map(TagName::name).filter(|name| *name != "old").collect();
        assert_eq!(names, expected_tags);
        assert_eq!(fields.tags.contains(&TagName::parse("old").unwrap()), tag_policy == TagPolicy::Unite);
    }
}

#[test]
fn the_type_never_goes_down_and_the_source_stays() {
    let mut fields = create(Contact { kind: Some(FanType::Subscription), ..contact() }, defaults());
    apply(
        &mut fields,
        &Contact { kind: Some(FanType::Lead), source: Some(Source::Manual), ..contact() },
        Policy::default(),
        defaults().now,
    );
    assert_eq!((fields.kind, fields.source), (CustomerType::Subscription, Source::CsvImport));
}

fn any_contact() -> impl Strategy<Value = Contact> {
    let word = || prop::option::of("[ab]{1,2}");
    (
        (
            (word(), word(), prop::option::of("[ab]{1,2} [ab]{1,2}")),
            word(),
            prop::option::of(0..4_i64),
            prop::option::of(0..5_usize),
        ),
        (prop::option::of(0..4_usize), prop::option::of(0..5_i64), prop::option::of(0..5_i64)),
        prop::collection::btree_set("[abAB]", 0..3),
        prop::collection::btree_map("[xy]", "[ab]", 0..3),
    )
        .prop_map(
            |(((first, last, full), phone, score, consent), (kind, created, active), tags, attributes)| {
                Contact {
                    first_name: first,
                    last_name: last,
                    full_name: full,
                    phone,
                    score,
                    consent: consent.map(|i| Consent::ALL[i]),
                    kind: kind.map(|i| FanType::ALL[i]),
                    created_at: created.map(Timestamp::from_millis),
                    last_activity_at: active.map(Timestamp::from_millis),
                    tags: tags.iter().map(|tag| TagName::parse(tag).unwrap()).collect(),
                    attributes: attributes.into_iter().map(|(k, v)| (k, AttributeValue::Text(v))).collect(),
                    ..contact()
                }
            },
        )
}

fn any_policy() -> impl Strategy<Value = Policy> {
    (any::<bool>(), any::<bool>()).prop_map(|(fill, replace)| Policy {
        values: if fill { ValuePolicy::Fill } else { ValuePolicy::Overwrite },
        tags: if replace { TagPolicy::Replace } else { TagPolicy::Unite },
    })
}

proptest! {
    #[test]
    fn a_row_applied_twice_changes_nothing_more(
        rows in prop::collection::vec(any_contact(), 1..6), policy in any_policy(),
    ) {
        let mut fields = create(rows[0].clone(), defaults());
        for row in &rows {
            apply(&mut fields, row, policy, defaults().now);
        }
        let last = rows.last().unwrap();
        let once = fields.clone();
        apply(&mut fields, last, policy, defaults().now);
        prop_assert_eq!(fields, once);
    }

    #[test]
    fn the_same_file_again_changes_nothing(
        rows in prop::collection::vec(any_contact(), 1..6), policy in any_policy(),
    ) {
        let mut fields = create(rows[0].clone(), defaults());
        for row in &rows[1..] {
            apply(&mut fields, row, policy, defaults().now);
        }
        let first_run = fields.clone();
        for row in &rows {
            apply(&mut fields, row, policy, defaults().now);
        }
        prop_assert_eq!(fields, first_run);
    }

    #[test]
    fn consent_type_and_times_only_move_one_way(
        rows in prop::collection::vec(any_contact(), 1..8), policy in any_policy(),
    ) {
        let mut fields = create(rows[0].clone(), defaults());
        for row in &rows[1..] {
            let before = fields.clone();
            apply(&mut fields, row, policy, defaults().now);
            prop_assert!(fields.consent >= before.consent);
            prop_assert!(fields.kind >= before.kind);
            prop_assert!(fields.created_at <= before.created_at);
            prop_assert!(fields.last_activity_at >= before.last_activity_at);
        }
    }
}

#[test]
fn a_sum_of_a_file_is_a_balance_that_only_a_larger_one_replaces_once_there_are_facts() {
    let told = |spent| Contact { total_spent: Some(spent), ..contact() };
    let (now, later) = (Timestamp::from_millis(1_000), Timestamp::from_millis(9_000));
    let mut fields = create(told(500), defaults());
    assert_eq!(fields.imported_spent, Balance::new(500, now));
    apply(&mut fields, &told(500), Policy::default(), later);
    assert_eq!(fields.imported_spent, Balance::new(500, now), "the same file again changes nothing");
    apply(&mut fields, &told(400), Policy::default(), later);
    assert_eq!((fields.total_spent, fields.imported_spent), (400, Balance::new(400, later)));
    (fields.follows_facts, fields.total_spent) = (true, 419);
    apply(&mut fields, &told(400), Policy::default(), later);
    assert_eq!((fields.total_spent, fields.imported_spent), (419, Balance::new(400, later)));
    apply(&mut fields, &told(600), Policy::default(), later);
    assert_eq!((fields.total_spent, fields.imported_spent), (600, Balance::new(600, later)));
    assert_eq!(fields.kind, CustomerType::Paying);
    let fill = Policy { values: ValuePolicy::Fill, ..Policy::default() };
    apply(&mut fields, &told(900), fill, later);
    assert_eq!(fields.total_spent, 600);
}
