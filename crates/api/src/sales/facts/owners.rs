//! Resolves the owner of a fact: the owner of its subscription or of its Stripe customer if known, else the
//! person whose e-mail address the report names.
//!
//! The owner is the earliest claim by event time, so that the result does not depend on the order of arrival.
//! When an earlier claim arrives, the facts move to its customer.

use std::collections::BTreeSet;

use fanbase_domain::{
    facts::{Claim, Evidence, Person},
    ids::CustomerId,
    source::Source,
};
use sea_orm::DbErr;

use super::{
    fact_set::Fact as _,
    fact_writer::Ledger,
    payments, purchases,
    subscriptions::{self, first_claim},
};

/// The identifiers by which the owner of a fact may be known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Payer<'a> {
    /// The id of Stripe's customer.
    pub stripe_customer: Option<&'a str>,
    /// The reference of a subscription.
    pub subscription: Option<&'a str>,
}

impl Ledger<'_> {
    /// Returns the owner of a report: the owner of the identifiers it names, else the person of its e-mail
    /// address, who is recorded as the owner. Returns `None` while neither is known: the fact stays
    /// unassigned.
    pub fn owner(
        &mut self,
        payer: Payer<'_>,
        person: Option<&Person>,
        evidence: &Evidence,
    ) -> Option<(Claim, CustomerId)> {
        let own = person.map(|person| Claim { at: evidence.at, key: person.email.key().clone() });
        let known = self.claim_of(payer).filter(|(claim, _)| own.as_ref().is_none_or(|own| claim <= own));
        let owner = match (known, own, person) {
            (Some((claim, id)), ..) => {
                let is_named = |person: &&Person| *person.email.key() == claim.key;
                self.tell_of(id, person.filter(is_named), evidence);
                (claim, id)
            }
            (None, Some(own), Some(person)) => (own, self.person(person, evidence)),
            _ => return None,
        };
        if let Some(reference) = payer.stripe_customer {
            self.stripe_customers.claim(reference, owner.clone());
        }
        Some(owner)
    }

    /// The earliest claim on the identifiers of a report.
    fn claim_of(&self, payer: Payer<'_>) -> Option<(Claim, CustomerId)> {
        let of_stripe = payer.stripe_customer.and_then(|reference| self.stripe_customers.owner(reference));
        let of_subscription =
            payer.subscription.and_then(|reference| self.subscriptions.get(reference)?.claim.as_ref());
        first_claim(of_stripe.cloned(), of_subscription.cloned())
    }

    /// Moves facts, both of this transaction and stored ones, to owners that have changed.
    pub(super) async fn settle_owners(&mut self) -> Result<(), DbErr> {
        let moved: Vec<String> = self.stripe_customers.moved().map(str::to_owned).collect();
        self.load_of_stripe_customers(&moved).await?;
        let (stripe_customers, subscriptions) = (&self.stripe_customers, &mut self.subscriptions);
        subscriptions.change(|one| {
            let owner = one.stripe_customer.as_deref().and_then(|name| stripe_customers.owner(name));
            one.claim = first_claim(one.claim.take(), owner.cloned());
        });
        let stored = |one: &subscriptions::Stored| self.subscriptions.stored(one.id())?.customer();
        let moved = self.subscriptions.changed().filter(|one| one.customer() != stored(one));
        let moved: Vec<String> = moved.map(|one| one.reference.clone()).collect();
        self.load_of_subscriptions(&moved).await?;
        self.move_payments();
        let (stripe_customers, purchases) = (&self.stripe_customers, &mut self.purchases);
        purchases.change(|one| {
            let owner = one.stripe_customer.as_deref().and_then(|name| stripe_customers.owner(name));
            one.customer = owner.map_or(one.customer, |(_, owner)| *owner);
        });
        Ok(())
    }

    /// Loads the facts of Stripe customers whose owner has changed.
    async fn load_of_stripe_customers(&mut self, moved: &[String]) -> Result<(), DbErr> {
        if moved.is_empty() {
            return Ok(());
        }
        let names: Vec<&str> = moved.iter().map(String::as_str).collect();
        let (tx, store_id) = (self.tx, self.store_id);
        for one in subscriptions::having(tx, store_id, "stripe_customer", &names).await? {
            self.subscriptions.take_in(one);
        }
        for one in purchases::having(tx, store_id, "stripe_customer", &names).await? {
            self.purchases.take_in(one);
        }
        let payments = payments::having(tx, store_id, "stripe_customer", &names).await?;
        // Their subscriptions may have an earlier claim.
        let references: BTreeSet<&str> =
            payments.iter().filter_map(|one| one.subscription.as_deref()).collect();
        self.subscriptions.read(tx, store_id, &references).await?;
        payments.into_iter().for_each(|one| self.payments.shelf.hold(one));
        Ok(())
    }

    /// Loads the payments of subscriptions whose owner has changed.
    async fn load_of_subscriptions(&mut self, moved: &[String]) -> Result<(), DbErr> {
        if moved.is_empty() {
            return Ok(());
        }
        let names: Vec<&str> = moved.iter().map(String::as_str).collect();
        let payments = payments::having(self.tx, self.store_id, "subscription", &names).await?;
        let references: BTreeSet<&str> =
            payments.iter().filter_map(|one| one.stripe_customer.as_deref()).collect();
        self.stripe_customers.load(self.tx, self.store_id, &references).await?;
        payments.into_iter().for_each(|one| self.payments.shelf.hold(one));
        Ok(())
    }

    /// Assigns payments to their known owners, and records the payment as evidence of the owner's activity.
    fn move_payments(&mut self) {
        let owner = |one: &payments::Stored| {
            let payer = Payer {
                stripe_customer: one.stripe_customer.as_deref(),
                subscription: one.subscription.as_deref(),
            };
            let is_loaded = payer.stripe_customer.is_none_or(|name| self.stripe_customers.has_loaded(name))
                && payer.subscription.is_none_or(|name| self.subscriptions.has_loaded(name));
            let is_known = is_loaded && one.payment.paid.is_some();
            is_known.then(|| self.claim_of(payer)).flatten().map(|(_, owner)| owner)
        };
        let owners = self.payments.shelf.all().filter_map(|one| Some((one.id(), owner(one)?)));
        let owners: std::collections::BTreeMap<_, _> = owners.collect();
        let mut moved = Vec::new();
        self.payments.shelf.change(|one| {
            let Some(owner) = owners.get(&one.id()).filter(|owner| one.customer != Some(**owner)) else {
                return;
            };
            one.customer = Some(*owner);
            let source = match one.subscription {
                Some(_) => Source::Subscription,
                None => Source::StripePurchase,
            };
            moved.extend(
                one.payment.paid.map(|paid| (*owner, Evidence { at: paid.at, source, detail: None })),
            );
        });
        moved.iter().for_each(|(owner, evidence)| self.tell(*owner, evidence));
    }
}
