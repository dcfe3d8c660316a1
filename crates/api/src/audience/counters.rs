//! The counters of a store: exact, since each change of a counter is in the transaction of the change that it
//! counts.

use std::collections::BTreeMap;

use fanbase_domain::{
    consent::Consent,
    customer::{Customer, CustomerFields, CustomerStatus, CustomerType},
    ids::StoreId,
    source::Source,
    wire::fans::FanCountsResponse,
};
use sea_orm::{ConnectionTrait, DbErr, Value};

use super::fans::conditions;
use crate::db::{
    bulk::{self, OnConflict, Target, Type},
    is_sqlite,
    sql::Sql,
};

/// The number of rows per counter on PostgreSQL, so that concurrent writers rarely block each other.
const SLOTS: u64 = 8;

const FAN_COUNTS: Target = Target {
    table: "fan_counts",
    columns: &[
        ("store_id", Type::Uuid),
        ("counter", Type::Text),
        ("slot", Type::BigInt),
        ("n", Type::BigInt),
    ],
    on_conflict: OnConflict::Clause(
        "ON CONFLICT (store_id, counter, slot) DO UPDATE SET n = fan_counts.n + excluded.n",
    ),
};

/// Changes of counters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CountDelta(BTreeMap<String, i64>);

impl CountDelta {
    /// Counts an added customer.
    pub fn add(&mut self, fields: &CustomerFields, linked: bool) {
        self.change(fields, linked, 1);
    }

    /// Counts a removed customer.
    pub fn remove(&mut self, fields: &CustomerFields, linked: bool) {
        self.change(fields, linked, -1);
    }

    /// Counts an added (1) or removed (-1) link to an account.
    pub fn link(&mut self, by: i64) {
        *self.0.entry("linked".to_owned()).or_default() += by;
    }

    /// Counts `n` customers of a type whose status changed.
    pub fn status(&mut self, kind: CustomerType, from: CustomerStatus, to: CustomerStatus, n: i64) {
        for (status, by) in [(from, -n), (to, n)] {
            *self.0.entry(Facet::Status(status).counter(kind)).or_default() += by;
        }
    }

    fn change(&mut self, fields: &CustomerFields, linked: bool, by: i64) {
        let facets =
            [Facet::Consent(fields.consent), Facet::Source(fields.source), Facet::Status(fields.status)];
        *self.0.entry(type_counter(fields.kind)).or_default() += by;
        for facet in facets {
            *self.0.entry(facet.counter(fields.kind)).or_default() += by;
        }
        if linked {
            self.link(by);
        }
    }

    /// Applies the changes. Call it last in the transaction, so that the counters are locked only briefly.
    ///
    /// # Errors
    /// Returns the error of the database.
    pub async fn apply(self, db: &impl ConnectionTrait, store_id: StoreId) -> Result<(), DbErr> {
        let slot = slot(db);
        let rows: Vec<Vec<Value>> = self
            .0
            .into_iter()
            .filter(|(_, by)| *by != 0)
            .map(|(counter, by)| vec![store_id.uuid().into(), counter.into(), slot.into(), Value::from(by)])
            .collect();
        bulk::insert(db, &FAN_COUNTS, Box::new(rows.into_iter())).await?;
        Ok(())
    }
}

/// Changes the number of accounts that have an e-mail address.
///
/// # Errors
/// Returns the error of the database.
pub async fn change_users(db: &impl ConnectionTrait, by: i64) -> Result<(), DbErr> {
    let mut sql = Sql::new("INSERT INTO user_counts (slot, with_email) VALUES (");
    sql.bind(slot(db)).push(", ").bind(by);
    sql.push(") ON CONFLICT (slot) DO UPDATE SET with_email = user_counts.with_email + excluded.with_email");
    sql.execute(db).await?;
    Ok(())
}

fn slot(db: &impl ConnectionTrait) -> i64 {
    if is_sqlite(db) { 0 } else { i64::try_from(rand::random::<u64>() % SLOTS).unwrap_or(0) }
}

fn type_counter(kind: CustomerType) -> String {
    format!("type:{kind}")
}

/// A property by which customers are counted, within their type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Facet {
    /// E-mail consent.
    Consent(Consent),
    /// Source of the customer.
    Source(Source),
    /// Status.
    Status(CustomerStatus),
}

impl Facet {
    fn counter(self, kind: CustomerType) -> String {
        match self {
            Self::Consent(consent) => format!("{kind}/consent:{consent}"),
            Self::Source(source) => format!("{kind}/source:{source}"),
            Self::Status(status) => format!("{kind}/status:{status}"),
        }
    }
}

/// The values of a store's counters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Counters by name.
    pub of_store: BTreeMap<String, i64>,
    /// Accounts of the platform that have an e-mail address.
    pub users: i64,
    /// Accounts of staff with an e-mail address that are not customers of the store. Counted at each read:
    /// they are few, and change in many places.
    pub staff: i64,
}

impl Counters {
    /// The number of customers of a type.
    #[must_use]
    pub fn customers_of(&self, kind: CustomerType) -> i64 {
        self.of_store.get(&type_counter(kind)).copied().unwrap_or(0)
    }

    /// The number of customers of a type with a facet.
    #[must_use]
    pub fn customers_with(&self, kind: CustomerType, facet: Facet) -> i64 {
        self.of_store.get(&facet.counter(kind)).copied().unwrap_or(0)
    }

    /// The number of customers.
    #[must_use]
    pub fn customers(&self) -> i64 {
        CustomerType::ALL.iter().map(|kind| self.customers_of(*kind)).sum()
    }

    /// The number of customers that are linked to an account.
    #[must_use]
    pub fn linked(&self) -> i64 {
        self.of_store.get("linked").copied().unwrap_or(0)
    }

    /// The number of accounts that are not customers of the store.
    #[must_use]
    pub fn unlinked_users(&self) -> i64 {
        self.users - self.staff - self.linked()
    }

    /// The same counters without the accounts that are not customers.
    #[must_use]
    pub fn without_accounts(self) -> Self {
        Self { users: self.linked(), staff: 0, ..self }
    }

    /// The number of fans by type.
    #[must_use]
    pub fn fans(&self) -> FanCountsResponse {
        let count = |n: i64| u64::try_from(n).unwrap_or(0);
        FanCountsResponse {
            total: 0,
            lead: count(self.customers_of(CustomerType::Lead)),
            paying: count(self.customers_of(CustomerType::Paying)),
            subscription: count(self.customers_of(CustomerType::Subscription)),
            user: count(self.unlinked_users()),
        }
        .summed()
    }
}

/// Reads the counters of a store.
///
/// # Errors
/// Returns the error of the database.
pub async fn read(db: &impl ConnectionTrait, store_id: StoreId) -> Result<Counters, DbErr> {
    let mut sql = all_in_one(db);
    sql.push("SELECT counter, CAST(SUM(n) AS BIGINT) AS n FROM fan_counts WHERE store_id = ");
    sql.bind(store_id.uuid())
        .push(" GROUP BY counter UNION ALL SELECT 'users', CAST(SUM(with_email) AS BIGINT) FROM user_counts");
    staff(&mut sql, store_id);
    collect(sql, db).await
}

/// Recomputes the counters from the tables.
///
/// # Errors
/// Returns the error of the database.
pub async fn recount(db: &impl ConnectionTrait, store_id: StoreId) -> Result<Counters, DbErr> {
    let mut sql = all_in_one(db);
    sql.push(
        "WITH counted AS (SELECT kind, consent, source, status, COUNT(*) AS n FROM customers WHERE store_id = ",
    );
    sql.bind(store_id.uuid()).push(" GROUP BY kind, consent, source, status)");
    sql.push(" SELECT 'type:' || kind AS counter, CAST(SUM(n) AS BIGINT) AS n FROM counted GROUP BY kind");
    for facet in ["consent", "source", "status"] {
        sql.push(&format!(
            " UNION ALL SELECT kind || '/{facet}:' || {facet}, CAST(SUM(n) AS BIGINT) FROM counted GROUP BY kind, {facet}"
        ));
    }
    sql.push(" UNION ALL SELECT 'linked', COUNT(*) FROM customers WHERE user_id IS NOT NULL AND store_id = ");
    sql.bind(store_id.uuid());
    sql.push(" UNION ALL SELECT 'users', COUNT(*) FROM users WHERE email_key IS NOT NULL");
    staff(&mut sql, store_id);
    collect(sql, db).await
}

/// Adds the number of accounts that are not listed as fans because they belong to staff.
fn staff(sql: &mut Sql, store_id: StoreId) {
    sql.push(
        " UNION ALL SELECT 'staff', COUNT(*) FROM users u WHERE u.email_key IS NOT NULL AND u.id IN (
            SELECT a.id FROM users a WHERE a.is_admin UNION SELECT m.user_id FROM store_members m WHERE ",
    );
    conditions::of_staff(sql, store_id);
    sql.push(") AND NOT EXISTS (SELECT 1 FROM customers l WHERE l.user_id = u.id AND l.store_id = ");
    sql.bind(store_id.uuid()).push(")");
}

/// Starts a statement that aggregates rows of a counter and its value into one JSON row, which is read in a
/// fraction of the time.
fn all_in_one(db: &impl ConnectionTrait) -> Sql {
    Sql::new(if is_sqlite(db) {
        "SELECT json_group_array(json_array(counter, n)) FROM ("
    } else {
        "SELECT CAST(json_agg(json_build_array(counter, n)) AS TEXT) FROM ("
    })
}

async fn collect(mut sql: Sql, db: &impl ConnectionTrait) -> Result<Counters, DbErr> {
    sql.push(") AS counters");
    let row = sql.one(db).await?;
    let list: Option<String> = row.map(|row| row.try_get_by_index(0)).transpose()?.flatten();
    let list: Vec<(String, Option<i64>)> = list
        .map_or(Ok(Vec::new()), |list| serde_json::from_str(&list))
        .map_err(|_| DbErr::Type("the counters are no list".to_owned()))?;
    let mut counters = Counters::default();
    for (counter, n) in list {
        let n = n.unwrap_or(0);
        if counter == "users" {
            counters.users = n;
        } else if counter == "staff" {
            counters.staff = n;
        } else if n != 0 {
            counters.of_store.insert(counter, n);
        }
    }
    Ok(counters)
}

/// Counts a change of a customer.
pub fn changed(delta: &mut CountDelta, before: &Customer, after: &Customer) {
    delta.remove(&before.fields, before.user_id.is_some());
    delta.add(&after.fields, after.user_id.is_some());
}
