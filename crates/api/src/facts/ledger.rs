//! A transaction's worth of reports: people are found or made, facts are joined, and in the end
//! every customer who was touched is made what their facts say, with counters and timeline.

use std::collections::{BTreeMap, BTreeSet};

use fanbase_domain::{
    consent::Consent,
    customer::{Customer, CustomerFields},
    facts::{Evidence, Facts, Person, standing},
    ids::{CustomerId, StoreId, UserId},
    money::Currency,
    store::IdleDays,
    time::Timestamp,
    wire::{audit::AuditAction, customers::CustomerResponse},
};
use sea_orm::{DatabaseTransaction, DbErr};
use uuid::Uuid;

use super::{enrollments, payments, purchases, subscriptions};
use crate::{
    audit::Entry,
    customers::{
        rows::{self, Stored, known},
        writes,
    },
    db::{entities::customers, is_sqlite, sql::Sql},
    error::ApiError,
    fans::counts::{self, CountDelta},
    users::links,
};

/// Where facts of a store are noted, within one transaction. The names of the facts and the
/// addresses of the people must be held ([`super::locks`]).
#[derive(Debug)]
pub struct Ledger<'a> {
    pub(super) tx: &'a DatabaseTransaction,
    pub(super) store_id: StoreId,
    currency: Currency,
    idle_after: Timestamp,
    touched: BTreeSet<CustomerId>,
    told: Vec<(CustomerId, Person, Evidence)>,
    created: BTreeMap<CustomerId, Customer>,
    counts: CountDelta,
}

impl<'a> Ledger<'a> {
    /// Opens the ledger of a store.
    ///
    /// # Errors
    /// When there is no such store, or the database fails.
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
            touched: BTreeSet::new(),
            told: Vec::new(),
            created: BTreeMap::new(),
            counts: CountDelta::default(),
        })
    }

    /// The transaction.
    #[must_use]
    pub fn tx(&self) -> &'a DatabaseTransaction {
        self.tx
    }

    /// The store.
    #[must_use]
    pub fn store_id(&self) -> StoreId {
        self.store_id
    }

    /// What the amounts of the store are in.
    #[must_use]
    pub fn currency(&self) -> Currency {
        self.currency
    }

    /// The customer of an address; made, and linked to the account of the address, when there is
    /// none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn person(&mut self, person: &Person, evidence: &Evidence) -> Result<CustomerId, ApiError> {
        let id = match self.find(person).await? {
            Some(id) => id,
            None => self.create(person, evidence).await?,
        };
        self.touched.insert(id);
        self.told.push((id, person.clone(), evidence.clone()));
        Ok(id)
    }

    /// Notes that something of a customer changed.
    pub(super) fn touch(&mut self, customer: Option<CustomerId>) {
        self.touched.extend(customer);
    }

    async fn find(&self, person: &Person) -> Result<Option<CustomerId>, DbErr> {
        let mut sql = Sql::new("SELECT id FROM customers WHERE store_id = ");
        sql.bind(self.store_id.uuid()).push(" AND email_key = ").bind(person.email.key().as_str());
        sql.one(self.tx).await?.map(|row| Ok(CustomerId::new(row.try_get_by_index(0)?))).transpose()
    }

    async fn create(&mut self, person: &Person, evidence: &Evidence) -> Result<CustomerId, ApiError> {
        let (email, email_key) = person.email.clone().into_parts();
        links::share(self.tx, &[&email_key]).await?;
        let accounts = links::free_accounts(self.tx, self.store_id, &[email_key.as_str()]).await?;
        let mut fields = CustomerFields::unknown(evidence.source, Consent::Unconfirmed, evidence.at);
        fields.source_detail.clone_from(&evidence.detail);
        let customer = Customer {
            id: CustomerId::new(Uuid::now_v7()),
            store_id: self.store_id,
            user_id: accounts.get(email_key.as_str()).copied(),
            email,
            email_key,
            version: 1,
            fields,
        };
        let stored = Stored { customer: customer.clone(), import_id: None };
        if !writes::insert_unless_known(self.tx, stored).await? {
            // Somebody else made it just now, an import perhaps.
            return self.find(person).await?.ok_or(ApiError::Unavailable);
        }
        self.counts.add(&customer.fields, customer.user_id.is_some());
        let id = customer.id;
        self.created.insert(id, customer);
        Ok(id)
    }

    /// Makes everybody who was touched what their facts say, and writes the counters.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn close(mut self) -> Result<(), ApiError> {
        let mut updated = Vec::new();
        for before in self.load().await? {
            let mut after = before.clone();
            let id = after.customer.id;
            let fields = &mut after.customer.fields;
            for (_, person, evidence) in self.told.iter().filter(|(told, ..)| *told == id) {
                evidence.apply(fields);
                introduce(fields, person);
            }
            if let (None, Some(user)) = (fields.display_name(), after.customer.user_id) {
                fields.full_name = account_name(self.tx, user).await?;
            }
            let facts = self.facts(id).await?;
            standing(&facts, self.currency).apply(fields, self.idle_after);
            if after != before {
                // Nobody has seen a customer that is only now being made.
                after.customer.version += i64::from(!self.created.contains_key(&id));
                counts::changed(&mut self.counts, &before.customer, &after.customer);
                updated.push((before, after));
            }
        }
        writes::update(self.tx, self.store_id, &updated).await?;
        for (_, after) in updated {
            let id = after.customer.id;
            self.created.entry(id).and_modify(|customer| *customer = after.customer);
        }
        for (id, customer) in self.created {
            let entry = Entry::of_store(self.store_id, AuditAction::CustomerCreated).to(id.uuid());
            entry.after(&CustomerResponse::from(customer))?.record(self.tx).await?;
        }
        // Last, so that the counters are locked shortly.
        self.counts.apply(self.tx, self.store_id).await?;
        Ok(())
    }

    /// Those who were touched. On PostgreSQL their rows are locked first, so that whoever writes
    /// other facts of them has done so before their facts are read here.
    async fn load(&self) -> Result<Vec<Stored>, DbErr> {
        let ids: Vec<Uuid> = self.touched.iter().map(|id| id.uuid()).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql = Sql::new("SELECT * FROM customers WHERE store_id = ");
        sql.bind(self.store_id.uuid()).push(" AND ").is_any_id(self.tx, "id", &ids).push(" ORDER BY id");
        if !is_sqlite(self.tx) {
            sql.push(" FOR UPDATE");
        }
        let models: Vec<customers::Model> = sql.models(self.tx).await?;
        rows::with_tags(self.tx, self.store_id, models).await
    }

    async fn facts(&self, id: CustomerId) -> Result<Facts, ApiError> {
        Ok(Facts {
            enrollments: enrollments::of_customer(self.tx, self.store_id, id).await?,
            purchases: purchases::of_customer(self.tx, self.store_id, id).await?,
            payments: payments::of_customer(self.tx, self.store_id, id).await?,
            subscriptions: subscriptions::of_customer(self.tx, self.store_id, id).await?,
        })
    }
}

/// Fills in the name of somebody who has none.
fn introduce(fields: &mut CustomerFields, person: &Person) {
    if fields.display_name().is_none() {
        fields.first_name.clone_from(&person.first_name);
        fields.last_name.clone_from(&person.last_name);
        fields.full_name.clone_from(&person.full_name);
    }
}

async fn account_name(tx: &DatabaseTransaction, user: UserId) -> Result<Option<String>, DbErr> {
    let mut sql = Sql::new("SELECT name FROM users WHERE id = ");
    sql.bind(user.uuid());
    let row = sql.one(tx).await?;
    row.map(|row| row.try_get_by_index::<Option<String>>(0)).transpose().map(Option::flatten)
}
