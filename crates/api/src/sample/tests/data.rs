//! The lists of names, e-mail address parts and cells satisfy the assumptions of the generator.

use super::super::addresses::{self, Identity, Style};
use super::super::dates::{DateFormat, NEWEST, OLDEST, write_date};
use super::super::names::{self, REGIONS};
use super::super::people::{Consent, People};
use super::super::quirks::QUIRKS;
use super::super::rng::{Purpose, Rng};
use super::super::row::{COLUMNS, Column, HEADER};
use super::super::topics::{ALIAS_FIRST, ALIAS_SECOND};
use super::reread::reread;
use super::{options, sample};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn the_header_names_the_columns() {
    assert_eq!(HEADER[Column::Email as usize], "Email");
    assert_eq!(HEADER[Column::Reason as usize], "*Why did you sign up");
    assert_eq!(HEADER[Column::CountryCode as usize], "*Country Code");
    assert_eq!(HEADER[Column::Status as usize], "Status");
    assert_eq!(HEADER[COLUMNS - 1], "*Favourite Plugin");
    let (file, _, _) = sample(&options(3, 1));
    assert!(file.starts_with("\u{feff}ID,Email,First Name,".as_bytes()));
    assert!(reread(&file).header.iter().eq(HEADER));
}

#[test]
fn quirks_have_names_of_their_own() {
    let names: BTreeSet<_> = QUIRKS.iter().map(|spec| spec.name).collect();
    assert_eq!(names.len(), QUIRKS.len());
}

#[test]
fn shares_of_regions_add_up() {
    let sum: u64 = REGIONS.iter().map(|region| region.per_thousand).sum();
    assert_eq!(sum, 1_000);
    for region in REGIONS {
        let countries = region.countries;
        assert!(countries.iter().map(|country| country.weight).sum::<u64>() > 0);
    }
}

/// The people whose e-mail addresses can have this base.
#[derive(PartialEq, Eq, Debug, Clone)]
enum Family {
    /// The bearers of two names, in one style.
    Pair(usize, String, String, Style),
    /// An initial, or a role, with a last name; numbered across first names.
    LastName(usize, char, String),
    /// An artist name.
    Alias(usize),
}

#[test]
fn no_base_of_an_address_belongs_to_two_families() {
    let mut owners: BTreeMap<String, Family> = BTreeMap::new();
    let mut own = |base: String, family: Family| {
        let letters = |c: char| c.is_ascii_lowercase() || "._-".contains(c);
        assert!(base.chars().all(letters), "{base}");
        let owner = owners.entry(base.clone()).or_insert(family.clone());
        assert_eq!(*owner, family, "{base}");
    };
    for (region, data) in REGIONS.iter().enumerate() {
        for last in names::parse(data.last).into_iter().map(|name| name.slug) {
            assert!(last.len() >= 2, "{last}");
            let role = Family::LastName(region, '*', last.clone());
            own(format!("dj{last}"), role.clone());
            own(format!("prod.{last}"), role.clone());
            own(format!("{last}.beats"), role.clone());
            own(format!("{last}music"), role);
            for first in names::parse(data.first).into_iter().map(|name| name.slug) {
                assert!(first.len() >= 2, "{first}");
                let pair = |style| Family::Pair(region, first.clone(), last.clone(), style);
                own(format!("{first}.{last}"), pair(Style::Dotted));
                own(format!("{first}{last}"), pair(Style::Joined));
                own(format!("{first}_{last}"), pair(Style::Underscore));
                own(format!("{last}-{first}"), pair(Style::Reversed));
                let initial = first.chars().next().unwrap_or('?');
                let family = Family::LastName(region, initial, last.clone());
                own(format!("{initial}.{last}"), family);
            }
        }
    }
    for (one, first) in ALIAS_FIRST.iter().enumerate() {
        for (two, second) in ALIAS_SECOND.iter().enumerate() {
            for separator in ["", ".", "_"] {
                let family = Family::Alias(one * 64 + two);
                own(format!("{first}{separator}{second}"), family);
            }
        }
    }
}

#[test]
fn names_differ_within_a_region_and_last_names_between_regions() {
    let mut last_names = BTreeSet::new();
    for region in REGIONS {
        let mut first_names = BTreeSet::new();
        for name in names::parse(region.first) {
            assert!(first_names.insert(name.slug.clone()), "{}", name.slug);
        }
        for name in names::parse(region.last) {
            assert!(last_names.insert(name.slug.clone()), "{}", name.slug);
        }
    }
}

#[test]
fn bearers_of_the_same_names_have_different_addresses() {
    for style in [Style::Dotted, Style::Initial, Style::OwnDomain] {
        for pair in [0, 1, 0xabcd] {
            let address = |bearer| {
                let identity = Identity {
                    index: bearer,
                    first: "ana",
                    first_index: 3,
                    first_count: 10,
                    last: "lima",
                    bearer,
                    pair,
                };
                let rng = &mut Rng::new(1, Purpose::Person, bearer);
                addresses::local_part(&identity, style, rng)
            };
            let distinct: BTreeSet<_> = (0..1_000).map(address).collect();
            assert_eq!(distinct.len(), 1_000, "{style:?}");
        }
    }
}

#[test]
fn artist_names_are_different_for_every_person() {
    let distinct: BTreeSet<_> = (0..20_000).map(addresses::alias).collect();
    assert_eq!(distinct.len(), 20_000);
}

#[test]
fn of_each_hundred_people_86_are_active() {
    let people = People::new(5, 1_000);
    for hundred in 0..20 {
        let mut active = (0..100).map(|person| people.consent(hundred * 100 + person));
        assert_eq!(active.clone().filter(|c| *c == Consent::Subscribed).count(), 86);
        assert!(active.any(|consent| consent == Consent::Unconfirmed));
    }
}

#[test]
fn people_join_within_eight_years_and_more_of_them_lately() {
    let people = People::new(1, 10_000);
    let created: Vec<_> = (0..10_000).map(|i| people.person(i).created).collect();
    assert!(created.iter().all(|time| (OLDEST..NEWEST).contains(time)));
    let middle = (OLDEST + NEWEST) / 2;
    let early = created.iter().filter(|time| **time < middle).count();
    assert!((2_000..3_000).contains(&early), "{early}");
}

#[test]
fn dates_are_written_in_four_ways() {
    let check = |format, expected: &str| {
        let mut cell = String::new();
        write_date(&mut cell, 1_709_648_531, format, -5);
        assert_eq!(cell, expected);
    };
    check(DateFormat::Date, "2024-03-05");
    check(DateFormat::DateTime, "2024-03-05 14:22:11");
    check(DateFormat::Offset, "2024-03-05 09:22:11-05:00");
    check(DateFormat::Rfc3339, "2024-03-05T09:22:11-05:00");
}
