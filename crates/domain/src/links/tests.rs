//! Links are the same for events in any order and with repetitions.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;

use proptest::{prelude::*, sample::subsequence};
use uuid::Uuid;

use super::{Candidate, Claim, is_newest, relink};
use crate::{
    clerk::{Account, Address, Change, Profile, Snapshot},
    email::EmailKey,
    ids::{CustomerId, UserId},
    time::Timestamp,
};

const ACCOUNTS: u8 = 4;
const ADDRESSES: u8 = 4;

fn key(address: u8) -> EmailKey {
    EmailKey::from_stored(format!("{address}@x.example"))
}

/// A platform in memory that treats events as the server does.
#[derive(Clone, Debug)]
struct Platform {
    accounts: BTreeMap<u8, Account>,
    stores: Vec<Vec<Candidate>>,
}

impl Platform {
    fn new(stores: &[Vec<u8>]) -> Self {
        let customer = |address: &u8| Candidate {
            id: CustomerId::new(Uuid::from_u128(u128::from(*address))),
            key: key(*address),
            user: None,
        };
        let stores = stores.iter().map(|addresses| addresses.iter().map(customer).collect()).collect();
        Self { accounts: BTreeMap::new(), stores }
    }

    fn claims(&self) -> Vec<Claim> {
        let of = |(id, account): (&u8, &Account)| {
            let (id, addresses) = (*id, account.addresses.clone());
            addresses.into_iter().map(move |(key, since)| {
                let user = UserId::new(Uuid::from_u128(u128::from(id)));
                Claim { since, name: format!("user_{id}"), key, user }
            })
        };
        self.accounts.iter().flat_map(of).collect()
    }

    fn deliver(&mut self, id: u8, change: &Change) {
        let before = self.accounts.get(&id).cloned();
        let after = Account::after(before.as_ref(), change);
        let known = before.map(|before| before.addresses).unwrap_or_default();
        self.accounts.insert(id, after.clone());
        let user = UserId::new(Uuid::from_u128(u128::from(id)));
        let claims = self.claims();
        if after.deleted_at.is_some() {
            self.relink(&claims, Some(user));
            return;
        }
        for (key, since) in after.addresses.iter().filter(|(key, since)| known.get(*key) != Some(*since)) {
            let claim = Claim { since: *since, name: format!("user_{id}"), key: key.clone(), user };
            if !known.contains_key(key) && is_newest(&claim, &claims) {
                self.link(&claim);
            } else {
                self.relink(&claims, None);
            }
        }
    }

    /// The server's usual incremental step: one more link, if both sides are free.
    fn link(&mut self, claim: &Claim) {
        for store in &mut self.stores {
            if store.iter().all(|customer| customer.user != Some(claim.user)) {
                let free = |one: &&mut Candidate| one.key == claim.key && one.user.is_none();
                if let Some(customer) = store.iter_mut().find(free) {
                    customer.user = Some(claim.user);
                }
            }
        }
    }

    fn relink(&mut self, claims: &[Claim], gone: Option<UserId>) {
        for store in &mut self.stores {
            for (id, user) in relink(claims, store, gone) {
                store.iter_mut().find(|customer| customer.id == id).unwrap().user = user;
            }
        }
    }

    fn check(&self) {
        for store in &self.stores {
            let mut linked: Vec<UserId> = store.iter().filter_map(|customer| customer.user).collect();
            linked.sort();
            linked.dedup();
            let number = store.iter().filter(|customer| customer.user.is_some()).count();
            assert_eq!(linked.len(), number, "an account has two customers of a store");
        }
    }
}

fn event(at: i64) -> impl Strategy<Value = (u8, Change)> {
    (0..ACCOUNTS, prop::option::of(0..ADDRESSES), 0..10).prop_map(move |(id, address, kind)| {
        let at = Timestamp::from_millis(at);
        let address = address.map(|n| Address { email: key(n).to_string(), key: key(n), verified: true });
        let profile = Profile { address, ..Profile::default() };
        let snapshot = Snapshot { updated_at: at, created_at: at, last_sign_in_at: None, profile };
        (id, if kind == 0 { Change::Deleted(at) } else { Change::Snapshot(snapshot) })
    })
}

/// Events in their order; some are of the same moment.
fn history() -> impl Strategy<Value = Vec<(u8, Change)>> {
    prop::collection::vec(0..3_i64, 1..12).prop_flat_map(|steps| {
        let mut at = 0;
        steps
            .into_iter()
            .map(|step| {
                at += step;
                event(at)
            })
            .collect::<Vec<_>>()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn any_order_of_events_ends_with_the_links_of_the_right_one(
        stores in prop::collection::vec(subsequence((0..ADDRESSES).collect::<Vec<_>>(), 0..=4), 1..3),
        (history, shuffled) in history().prop_flat_map(|history| {
            let more = subsequence([history.clone(), history.clone()].concat(), 0..=2 * history.len());
            let once = history.clone();
            let shuffled = more.prop_map(move |more| [once.clone(), more].concat()).prop_shuffle();
            (Just(history), shuffled)
        }),
    ) {
        let (mut reference, mut other) = (Platform::new(&stores), Platform::new(&stores));
        for (id, change) in &history {
            reference.deliver(*id, change);
        }
        for (id, change) in &shuffled {
            other.deliver(*id, change);
            other.check();
        }
        prop_assert_eq!(reference.accounts, other.accounts);
        prop_assert_eq!(reference.stores, other.stores);
    }
}

fn claims(list: &[(i64, u128, u8)]) -> Vec<Claim> {
    let claim = |(since, user, address): &(i64, u128, u8)| Claim {
        since: Timestamp::from_millis(*since),
        name: format!("user_{user}"),
        key: key(*address),
        user: UserId::new(Uuid::from_u128(*user)),
    };
    list.iter().map(claim).collect()
}

fn customers(list: &[(u128, u8, Option<u128>)]) -> Vec<Candidate> {
    let customer = |(id, address, user): &(u128, u8, Option<u128>)| Candidate {
        id: CustomerId::new(Uuid::from_u128(*id)),
        key: key(*address),
        user: user.map(|user| UserId::new(Uuid::from_u128(user))),
    };
    list.iter().map(customer).collect()
}

#[test]
fn the_first_claim_links_and_a_link_survives_a_change_of_address() {
    let claims = claims(&[(1, 1, 1), (2, 1, 2), (3, 2, 1)]);
    for (customers, expected) in [
        (customers(&[(11, 1, None), (12, 2, None)]), vec![(11, Some(1))]),
        (customers(&[(12, 2, None)]), vec![(12, Some(1))]),
        (customers(&[(11, 1, Some(2))]), vec![(11, Some(1))]),
        (customers(&[(11, 1, Some(1))]), vec![]),
        // Account 2 is linked to a customer whose e-mail address has changed.
        (customers(&[(11, 1, None), (13, 3, Some(2))]), vec![(11, Some(1))]),
        (customers(&[(11, 1, None), (13, 3, Some(1))]), vec![(11, Some(2))]),
    ] {
        let changes: Vec<(u128, Option<u128>)> = relink(&claims, &customers, None)
            .into_iter()
            .map(|(id, user)| (id.uuid().as_u128(), user.map(|user| user.uuid().as_u128())))
            .collect();
        assert_eq!(changes, expected, "{customers:?}");
    }
}

#[test]
fn links_of_an_account_that_is_gone_end_or_pass_on() {
    let gone = Some(UserId::new(Uuid::from_u128(9)));
    let customers = customers(&[(11, 1, Some(9)), (13, 3, Some(9))]);
    let changes = relink(&claims(&[(5, 2, 1)]), &customers, gone);
    let (first, second) = (customers[0].id, customers[1].id);
    assert_eq!(changes, [(first, Some(UserId::new(Uuid::from_u128(2)))), (second, None)]);
}
