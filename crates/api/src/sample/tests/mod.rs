//! The sample has the properties that it claims, as an independent reader sees it.

mod data;
mod quirks;
mod reread;
mod sales;

use super::quirks::QUIRKS;
use super::{Account, ConsentCounts, Expected, SampleOptions, write_contacts};
use reread::{key, reread};
use std::collections::BTreeSet;

fn options(rows: u64, seed: u64) -> SampleOptions {
    SampleOptions { rows, seed, ..SampleOptions::default() }
}

fn sample(options: &SampleOptions) -> (Vec<u8>, Expected, Vec<Account>) {
    let mut file = Vec::new();
    let (expected, accounts) = write_contacts(options, &mut file).expect("memory takes it");
    (file, expected, accounts)
}

#[test]
fn same_options_give_the_same_bytes_and_another_seed_gives_others() {
    let once = sample(&options(3_000, 7));
    assert!(once == sample(&options(3_000, 7)));
    assert!(once.0 != sample(&options(3_000, 8)).0);
}

const FIGURES: [u64; 5] = [47_344, 46_079, 1_163, 102, 46_203];
const CONSENTS: ConsentCounts =
    ConsentCounts { subscribed: 39_516, unsubscribed: 4_226, bounced: 1_867, unconfirmed: 470 };
/// FNV-1a of the file.
const FINGERPRINT: u64 = 0x7fda_45d8_74bc_cfbc;

/// The figures in documents and other tests. Changing them changes the sample for all users.
#[test]
fn the_default_sample_has_the_known_figures() {
    let (file, expected, accounts) = sample(&SampleOptions::default());
    let figures =
        [expected.rows, expected.created, expected.duplicate_in_file, expected.invalid, expected.fans()];
    assert_eq!(figures, FIGURES);
    assert_eq!(expected.by_consent, CONSENTS);
    assert_eq!((accounts.len(), expected.accounts_linked), (312, 188));
    assert_eq!(fnv1a(&file), FINGERPRINT);
}

/// The 64-bit FNV-1a hash: enough to notice a change, and the same everywhere.
fn fnv1a(bytes: &[u8]) -> u64 {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, step)
}

#[test]
fn outcomes_are_what_an_independent_reader_finds() {
    for rows in [0, 1, 2, 50, 151, 999, 1_000, 1_001, 2_500] {
        for seed in [1, 2, 3] {
            check_outcomes(&options(rows, seed));
        }
    }
    check_outcomes(&SampleOptions::default());
}

fn check_outcomes(options: &SampleOptions) {
    let (file, expected, accounts) = sample(options);
    let found = reread(&file);
    let by_consent = ConsentCounts {
        subscribed: found.with_consent(0),
        unconfirmed: found.with_consent(1),
        unsubscribed: found.with_consent(2),
        bounced: found.with_consent(3),
    };
    assert_eq!(expected.rows, options.rows);
    assert_eq!(expected.rows, found.rows.len() as u64);
    assert_eq!(expected.created, found.people.len() as u64);
    assert_eq!(expected.created, found.count(|seen| seen.created()));
    assert_eq!(expected.duplicate_in_file, found.count(|seen| seen.duplicate()));
    assert_eq!(expected.invalid, found.count(|seen| seen.invalid()));
    assert_eq!((expected.updated, expected.unchanged), (0, 0));
    assert_eq!(expected.created + expected.duplicate_in_file + expected.invalid, expected.rows);
    assert_eq!(expected.by_consent, by_consent);
    let warnings = expected.warnings.get("short_row").copied();
    assert_eq!(warnings.unwrap_or(0), found.short_rows);

    let keys: Vec<_> = accounts.iter().filter_map(|a| key(&a.email)).collect();
    let distinct: BTreeSet<_> = keys.iter().collect();
    assert_eq!(expected.accounts, options.accounts);
    assert_eq!(distinct.len() as u64, options.accounts);
    let linked = keys.iter().filter(|key| found.people.contains_key(*key));
    assert_eq!(expected.accounts_linked, linked.count() as u64);
}

#[test]
fn every_quirk_comes_as_often_as_planned_in_files_of_a_thousand_rows_and_more() {
    for (rows, seed) in [(1_000, 1), (1_000, 2), (1_000, 3), (1_001, 4), (7_000, 5)] {
        let (_, expected, _) = sample(&options(rows, seed));
        for spec in QUIRKS {
            let counted = expected.quirks.get(spec.name);
            assert_eq!(counted, Some(&spec.planned(rows)), "{}", spec.name);
        }
        for name in ["gmail_dots", "sub_address", "idn_domain"] {
            assert!(expected.quirks.contains_key(name), "{name}");
        }
        assert_eq!(expected.quirks.len(), QUIRKS.len() + 3);
    }
}

#[test]
fn three_in_five_accounts_are_contacts() {
    let mut few = options(2_000, 1);
    for (accounts, linked) in [(0, 0), (1, 1), (10, 6), (312, 188), (1_000, 603)] {
        few.accounts = accounts;
        assert_eq!(sample(&few).1.accounts_linked, linked);
    }
    // When there are more accounts than contacts, each contact has one.
    let (_, expected, _) = sample(&options(50, 1));
    assert_eq!(expected.accounts_linked, 50);
    assert_eq!(expected.fans(), 312);
}

#[test]
fn accounts_are_older_than_their_last_sign_in() {
    let (_, _, accounts) = sample(&options(2_000, 1));
    for account in &accounts {
        let last = account.last_sign_in_at_ms.unwrap_or(i64::MAX);
        assert!(account.created_at_ms / 1_000 <= last / 1_000, "{account:?}");
        assert!(!account.name.trim().is_empty());
    }
    assert!(accounts.is_sorted_by_key(|account| account.created_at_ms));
    assert!(accounts.iter().any(|a| a.email != a.email.to_lowercase()));
    assert!(accounts.iter().any(|a| a.avatar_url.is_some()));
    assert!(accounts.iter().any(|a| a.last_sign_in_at_ms.is_none()));
}
