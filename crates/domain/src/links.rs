//! Which account is linked to which customer, as a function of who has had which address.
//!
//! Every account claims the addresses that it has had, each since some moment. In the order of
//! these moments, each claim links its account to the store's customer of the address, if neither
//! is linked yet. So a link survives a later change of address; and since only the claims decide,
//! it makes no difference in which order they became known.

use std::collections::{BTreeMap, HashSet};

use crate::{
    email::EmailKey,
    ids::{CustomerId, UserId},
    time::Timestamp,
};

/// An account has, or had, an address. In the order in which claims are met.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claim {
    /// Since when.
    pub since: Timestamp,
    /// Decides between claims of the same moment: the same text wherever the account is known.
    pub name: String,
    /// The address.
    pub key: EmailKey,
    /// The account.
    pub user: UserId,
}

/// A customer of one store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The customer.
    pub id: CustomerId,
    /// Its address.
    pub key: EmailKey,
    /// The account that it is linked to.
    pub user: Option<UserId>,
}

/// Whether a claim comes after all others, so that meeting it alone is as good as meeting all anew.
#[must_use]
pub fn is_newest(claim: &Claim, claims: &[Claim]) -> bool {
    claims.iter().all(|other| other <= claim)
}

/// Meets claims anew among customers of one store; returns the customers whose link changes, with
/// what becomes of it. A link that no claim explains stays: the customer has got another address
/// since. Those of the account that is `gone` end.
#[must_use]
pub fn relink(
    claims: &[Claim],
    customers: &[Candidate],
    gone: Option<UserId>,
) -> Vec<(CustomerId, Option<UserId>)> {
    let claimed: HashSet<(UserId, &EmailKey)> = claims.iter().map(|claim| (claim.user, &claim.key)).collect();
    let stays = |customer: &Candidate| {
        customer.user.filter(|user| Some(*user) != gone && !claimed.contains(&(*user, &customer.key)))
    };
    let mut taken: HashSet<UserId> = customers.iter().filter_map(stays).collect();
    let mut free: BTreeMap<&EmailKey, &Candidate> = BTreeMap::new();
    free.extend(customers.iter().filter(|one| stays(one).is_none()).map(|one| (&one.key, one)));
    let mut links: BTreeMap<CustomerId, UserId> = BTreeMap::new();
    let mut in_order: Vec<&Claim> = claims.iter().collect();
    in_order.sort();
    for claim in in_order {
        if !taken.contains(&claim.user)
            && let Some(customer) = free.remove(&claim.key)
        {
            taken.insert(claim.user);
            links.insert(customer.id, claim.user);
        }
    }
    customers
        .iter()
        .filter(|customer| stays(customer).is_none())
        .map(|customer| (customer, links.get(&customer.id).copied()))
        .filter(|(customer, link)| customer.user != *link)
        .map(|(customer, link)| (customer.id, link))
        .collect()
}

#[cfg(all(test, feature = "unicode"))]
mod tests;
