//! Unit of work for the reports of one transaction: finds or creates the people, merges the facts, and
//! derives the state of every touched customer from their facts, with counters and timeline.
//!
//! The database is read and written once for all reports; recording a report happens in memory. A single
//! report takes the same path as a batch of a thousand.

use std::collections::{BTreeMap, BTreeSet};

use fanbase_domain::{
    customer::{Customer, CustomerFields},
    email::EmailKey,
    facts::{Evidence, Facts, Person, standing},
    ids::{CustomerId, StoreId},
    money::Currency,
    store::IdleDays,
    time::Timestamp,
    wire::customers::CustomerResponse,
};
use sea_orm::{DatabaseTransaction, DbErr};
use uuid::Uuid;

use super::{
    enrollments,
    fact_set::{Fact as _, Shelf},
    payments::{self, Payments},
    people::{self, Created, Names, People},
    purchases,
    stripe_customers::StripeCustomers,
    subscriptions,
    timeline::{self, Lines},
};
use crate::{
    audience::{
        counters::{self, CountDelta},
        customers::{
            rows::{self, Stored},
            writes,
        },
    },
    db::{audit_log::Entry, column::known, entities::customers, is_sqlite, sql::Sql},
    error::ApiError,
};

/// Keys to load before anything can be recorded.
#[derive(Clone, Debug, Default)]
pub struct Wanted<'a> {
    /// E-mail addresses of people.
    pub people: BTreeSet<&'a EmailKey>,
    /// References of enrolments.
    pub enrollments: BTreeSet<&'a str>,
    /// References of purchases.
    pub purchases: BTreeSet<&'a str>,
    /// Names of payments.
    pub payments: BTreeSet<&'a str>,
    /// References of subscriptions.
    pub subscriptions: BTreeSet<&'a str>,
    /// Ids of Stripe's customers.
    pub stripe_customers: BTreeSet<&'a str>,
}

impl<'a> Wanted<'a> {
    /// Merges the keys of two reports.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        let Self { people, enrollments, purchases, payments, subscriptions, stripe_customers } = other;
        self.people.extend(people);
        self.enrollments.extend(enrollments);
        self.purchases.extend(purchases);
        self.payments.extend(payments);
        self.subscriptions.extend(subscriptions);
        self.stripe_customers.extend(stripe_customers);
        self
    }
}

/// Unit of work for facts of one store within one transaction. The caller must hold the locks on the names of
/// the facts and on the e-mail addresses of the people ([`super::locks`]).
#[derive(Debug)]
pub struct Ledger<'a> {
    pub(super) tx: &'a DatabaseTransaction,
    pub(super) store_id: StoreId,
    currency: Currency,
    idle_after: Timestamp,
    people: People,
    pub(super) enrollments: Shelf<enrollments::Stored>,
    pub(super) purchases: Shelf<purchases::Stored>,
    pub(super) payments: Payments,
    pub(super) subscriptions: Shelf<subscriptions::Stored>,
    pub(super) stripe_customers: StripeCustomers,
}

impl<'a> Ledger<'a> {
    /// Begins the unit of work.
    ///
    /// # Errors
    /// `ApiError::NotFound` when there is no such store; otherwise when the database fails.
    pub async fn open(
        tx: &'a DatabaseTransaction,
        store_id: StoreId,
        now: Timestamp,
    ) -> Result<Self, ApiError> {
        let mut sql = Sql::new("SELECT currency, idle_days FROM stores WHERE id = ");
        sql.bind(store_id.uuid());
        let row = sql.one(tx).await?.ok_or(ApiError::NotFound("store"))?;
        let currency = Currency::parse(&row.try_get_by_index::<String>(0)?);
        let idle_days = known(IdleDays::parse(row.try_get_by_index(1)?), "idle_days")?;
        Ok(Self {
            tx,
            store_id,
            currency: known(currency, "currency")?,
            idle_after: idle_days.before(now),
            people: People::default(),
            enrollments: Shelf::default(),
            purchases: Shelf::default(),
            payments: Payments::default(),
            subscriptions: Shelf::default(),
            stripe_customers: StripeCustomers::default(),
        })
    }

    /// The currency of the store.
    #[must_use]
    pub fn currency(&self) -> Currency {
        self.currency
    }

    /// Loads the known people and facts for these keys. Only loaded keys can be recorded.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn read(&mut self, wanted: &Wanted<'_>) -> Result<(), DbErr> {
        let Wanted { people, enrollments, purchases, payments, subscriptions, stripe_customers } = wanted;
        let (tx, store_id) = (self.tx, self.store_id);
        self.people.read(tx, store_id, people).await?;
        self.enrollments.read(tx, store_id, enrollments).await?;
        self.purchases.read(tx, store_id, purchases).await?;
        payments::read(tx, store_id, &mut self.payments, payments).await?;
        self.subscriptions.read(tx, store_id, subscriptions).await?;
        self.stripe_customers.load(tx, store_id, stripe_customers).await
    }

    /// Whether the person is a customer already or is created in this transaction.
    #[must_use]
    pub fn knows(&self, person: &Person) -> bool {
        self.people.knows(person.email.key())
    }

    /// Returns the customer with this e-mail address. Creates the customer if absent, linked to the account
    /// with that e-mail address if there is one.
    pub fn person(&mut self, person: &Person, evidence: &Evidence) -> CustomerId {
        let id = self.people.find_or_make(self.store_id, person, evidence);
        self.people.tell(id, Some(person), evidence);
        id
    }

    /// Records evidence for a customer who is identified by something other than their e-mail address.
    pub fn tell(&mut self, customer: CustomerId, evidence: &Evidence) {
        self.tell_of(customer, None, evidence);
    }

    /// Marks a customer whose state must be derived from their facts again, without new evidence.
    pub fn touch(&mut self, customer: CustomerId) {
        self.people.told.entry(customer).or_default();
    }

    pub(super) fn tell_of(&mut self, customer: CustomerId, person: Option<&Person>, evidence: &Evidence) {
        self.people.tell(customer, person, evidence);
    }

    /// Derives the state of every touched customer; writes facts, customers and counters, and records created
    /// customers in the audit log.
    ///
    /// # Errors
    /// `ApiError::Overtaken` when a concurrent transaction created or deleted one of the customers; otherwise
    /// when the database fails.
    pub async fn close(self) -> Result<(), ApiError> {
        let (tx, store_id) = (self.tx, self.store_id);
        let (made, counts) = self.settle().await?;
        let entries = made
            .into_iter()
            .map(|Created { customer, entry }| entry.after(&CustomerResponse::from(customer)))
            .collect::<Result<Vec<_>, _>>()?;
        Entry::record_all(entries, tx).await?;
        // Last, to hold the lock on the counters only briefly.
        Ok(counts.apply(tx, store_id).await?)
    }

    /// Like [`Self::close`] without the audit log, for work that has its own audit entry.
    ///
    /// # Errors
    /// `ApiError::Overtaken` when a concurrent transaction created or deleted one of the customers; otherwise
    /// when the database fails.
    pub async fn close_silently(self) -> Result<(), ApiError> {
        let (tx, store_id) = (self.tx, self.store_id);
        let (_, counts) = self.settle().await?;
        Ok(counts.apply(tx, store_id).await?)
    }

    /// Writes everything except the audit log and the counters. Returns the created customers and the change
    /// of the counters.
    async fn settle(mut self) -> Result<(Vec<Created>, CountDelta), ApiError> {
        self.settle_owners().await?;
        let touched = self.write_facts().await?;
        let mut counts = CountDelta::default();
        let created = std::mem::take(&mut self.people.created);
        let known: BTreeSet<CustomerId> =
            touched.iter().filter(|id| !created.contains_key(id)).copied().collect();
        let known = self.load(&known).await?;
        let found: BTreeSet<CustomerId> = known.iter().map(|stored| stored.customer.id).collect();
        if self.people.told.keys().any(|id| !created.contains_key(id) && !found.contains(id)) {
            // A customer was deleted after the lookup of their e-mail address. The retried transaction
            // creates a new one.
            return Err(ApiError::Overtaken);
        }
        let mut facts = self.facts_of(&known, &created).await?;
        let names = self.account_names(&known, &created).await?;
        let mut made = Vec::with_capacity(created.len());
        let mut inserted = Vec::with_capacity(created.len());
        for (id, Created { mut customer, entry }) in created {
            self.follow(&mut customer, &facts.remove(&id).unwrap_or_default(), &names);
            counts.add(&customer.fields, customer.user_id.is_some());
            inserted.push(Stored { customer: customer.clone(), import_id: None });
            made.push(Created { customer, entry });
        }
        let mut updated = Vec::new();
        for before in known {
            let mut after = before.clone();
            let facts = facts.remove(&after.customer.id).unwrap_or_default();
            self.follow(&mut after.customer, &facts, &names);
            if after != before {
                after.customer.version += 1;
                counters::changed(&mut counts, &before.customer, &after.customer);
                updated.push((before, after));
            }
        }
        writes::insert_new(self.tx, inserted).await?;
        writes::follow(self.tx, self.store_id, &updated).await?;
        Ok((made, counts))
    }

    /// Writes the facts and their timeline entries; returns the affected customers.
    async fn write_facts(&self) -> Result<BTreeSet<CustomerId>, ApiError> {
        let (tx, store_id) = (self.tx, self.store_id);
        let mut touched: BTreeSet<CustomerId> = self.people.told.keys().copied().collect();
        let (mut before, mut after) = (Lines::default(), Lines::default());
        self.enrollments.concern(&mut touched, &mut before, &mut after);
        self.purchases.concern(&mut touched, &mut before, &mut after);
        self.payments.shelf.concern(&mut touched, &mut before, &mut after);
        self.subscriptions.concern(&mut touched, &mut before, &mut after);
        self.enrollments.write(tx, store_id).await?;
        self.purchases.write(tx, store_id).await?;
        self.payments.write(tx, store_id).await?;
        self.subscriptions.write(tx, store_id).await?;
        self.stripe_customers.write(tx, store_id).await?;
        timeline::rewrite(tx, store_id, &before, &after).await?;
        Ok(touched)
    }

    /// Loads existing customers. On PostgreSQL their rows are locked first: transactions that write other
    /// facts of these customers have committed before those facts are read here. Rows are locked in the same
    /// order as by imports, which prevents deadlocks.
    async fn load(&self, customers: &BTreeSet<CustomerId>) -> Result<Vec<Stored>, DbErr> {
        if customers.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<Uuid> = customers.iter().map(|id| id.uuid()).collect();
        let mut sql = Sql::new("SELECT * FROM customers WHERE store_id = ");
        sql.bind_store(self.tx, self.store_id).push(" AND ").is_any_id(self.tx, "id", &ids);
        if !is_sqlite(self.tx) {
            sql.push(" ORDER BY email_key FOR UPDATE");
        }
        let models: Vec<customers::Model> = sql.models(self.tx).await?;
        rows::with_tags(self.tx, self.store_id, models).await
    }

    /// All facts of these customers, including the ones of this transaction. A customer created in this
    /// transaction has only the facts recorded here.
    async fn facts_of(
        &self,
        known: &[Stored],
        created: &BTreeMap<CustomerId, Created>,
    ) -> Result<BTreeMap<CustomerId, Facts>, DbErr> {
        let mut all: BTreeMap<CustomerId, Facts> = BTreeMap::new();
        let is_new = |id: Option<CustomerId>| id.filter(|id| created.contains_key(id));
        for (id, one) in self.enrollments.all().filter_map(|one| Some((is_new(one.customer())?, one))) {
            all.entry(id).or_default().enrollments.push(one.enrollment);
        }
        for (id, one) in self.purchases.all().filter_map(|one| Some((is_new(one.customer())?, one))) {
            all.entry(id).or_default().purchases.push(one.purchase);
        }
        for (id, one) in self.payments.shelf.all().filter_map(|one| Some((is_new(one.customer)?, one))) {
            all.entry(id).or_default().payments.push(one.payment.clone());
        }
        for (id, one) in self.subscriptions.all().filter_map(|one| Some((is_new(one.customer())?, one))) {
            all.entry(id).or_default().subscriptions.extend(one.subscription);
        }
        if known.is_empty() {
            return Ok(all);
        }
        let (tx, store_id) = (self.tx, self.store_id);
        let ids: Vec<Uuid> = known.iter().map(|stored| stored.customer.id.uuid()).collect();
        for (id, one) in enrollments::of_customers(tx, store_id, &ids).await? {
            all.entry(id).or_default().enrollments.push(one);
        }
        for (id, one) in purchases::of_customers(tx, store_id, &ids).await? {
            all.entry(id).or_default().purchases.push(one);
        }
        for (id, one) in payments::of_customers(tx, store_id, &ids).await? {
            all.entry(id).or_default().payments.push(one);
        }
        for (id, one) in subscriptions::of_customers(tx, store_id, &ids).await? {
            all.entry(id).or_default().subscriptions.push(one);
        }
        Ok(all)
    }

    /// Names of the linked accounts of customers without a name.
    async fn account_names(
        &self,
        known: &[Stored],
        created: &BTreeMap<CustomerId, Created>,
    ) -> Result<Names, DbErr> {
        let known = known.iter().map(|stored| &stored.customer);
        let all = known.chain(created.values().map(|created| &created.customer));
        let nameless = all.filter(|customer| customer.fields.display_name().is_none());
        let accounts: Vec<Uuid> = nameless.filter_map(|one| Some(one.user_id?.uuid())).collect();
        people::account_names(self.tx, &accounts).await
    }

    /// Applies the recorded evidence to a customer, then the state derived from their facts.
    fn follow(&self, customer: &mut Customer, facts: &Facts, names: &Names) {
        let fields = &mut customer.fields;
        for (person, evidence) in self.people.told.get(&customer.id).into_iter().flatten() {
            evidence.apply(fields);
            person.iter().for_each(|person| introduce(fields, person));
        }
        if let (None, Some(name)) = (fields.display_name(), customer.user_id.and_then(|id| names.get(&id))) {
            fields.full_name = Some(name.clone());
        }
        standing(facts, self.currency, fields.imported_spent).apply(fields, self.idle_after);
    }
}

/// Fills in the name of a customer who has none.
fn introduce(fields: &mut CustomerFields, person: &Person) {
    if fields.display_name().is_none() {
        fields.first_name.clone_from(&person.first_name);
        fields.last_name.clone_from(&person.last_name);
        fields.full_name.clone_from(&person.full_name);
    }
}
