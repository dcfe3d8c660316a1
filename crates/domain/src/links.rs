//! Links between accounts and customers, as a function of the e-mail addresses that accounts have had.
//!
//! Every account claims the e-mail addresses that it has had, each from a point in time. Claims are
//! applied in the order of these times: each links its account to the store's customer with that e-mail
//! address, unless either is linked already. A link therefore survives a later change of e-mail
//! address. Only the claims decide, so the order in which they became known makes no difference.

use std::collections::{BTreeMap, HashSet};

use crate::{
    email::EmailKey,
    ids::{CustomerId, UserId},
    time::Timestamp,
};

/// An account's claim to a current or former e-mail address. Claims are applied in this order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claim {
    /// Start of the claim.
    pub since: Timestamp,
    /// Breaks ties between claims of the same time: the same text on every server that knows the
    /// account.
    pub name: String,
    /// The key of the e-mail address.
    pub key: EmailKey,
    /// The account.
    pub user: UserId,
}

/// A customer of one store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The customer.
    pub id: CustomerId,
    /// The key of its e-mail address.
    pub key: EmailKey,
    /// The linked account.
    pub user: Option<UserId>,
}

/// Whether the claim comes after all others. Applying it alone then has the same result as [`relink`].
#[must_use]
pub fn is_newest(claim: &Claim, claims: &[Claim]) -> bool {
    claims.iter().all(|other| other <= claim)
}

/// Applies all claims to the customers of one store, and returns the customers whose link changes with
/// their new link. A link without a matching claim stays, because the customer's e-mail address has
/// changed since. Links of the account `gone` end.
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
