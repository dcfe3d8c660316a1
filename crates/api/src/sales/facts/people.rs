//! The people of a transaction: who is a customer already, and who becomes one.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use fanbase_domain::{
    consent::Consent,
    customer::{Customer, CustomerFields},
    email::EmailKey,
    facts::{Evidence, Person},
    ids::{CustomerId, StoreId, UserId},
    wire::audit::AuditAction,
};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::{
    audience::{links, privacy::suppressions},
    db::{
        audit_log::Entry,
        sql::{Each, Sql},
    },
};

/// A customer who is being made, and the line of the audit log that tells of it.
#[derive(Clone, Debug)]
pub(super) struct Created {
    pub(super) customer: Customer,
    pub(super) entry: Entry,
}

/// Who is who, by address. Only who was asked for is known to be there or not.
#[derive(Debug, Default)]
pub(super) struct People {
    asked: BTreeSet<String>,
    known: BTreeMap<String, CustomerId>,
    /// Accounts of strangers.
    accounts: HashMap<String, UserId>,
    /// Strangers who left before, and what consent they can have at most.
    suppressed: BTreeMap<String, Consent>,
    /// Those who are being made.
    pub(super) created: BTreeMap<CustomerId, Created>,
    /// What was told of whom.
    pub(super) told: BTreeMap<CustomerId, Vec<(Option<Person>, Evidence)>>,
}

impl People {
    /// Finds the customers of these addresses, and the accounts of those who are none.
    pub(super) async fn read(
        &mut self,
        db: &impl ConnectionTrait,
        store_id: StoreId,
        keys: &BTreeSet<&EmailKey>,
    ) -> Result<(), DbErr> {
        let asked: Vec<&EmailKey> =
            keys.iter().filter(|key| !self.asked.contains(key.as_str())).copied().collect();
        if asked.is_empty() {
            return Ok(());
        }
        let names: Vec<&str> = asked.iter().map(|key| key.as_str()).collect();
        let mut sql = Sql::new("SELECT customers.email_key, customers.id FROM ");
        sql.each(db, &Each { lock: false, ..Each::named("customers", store_id, "email_key", &names) });
        for row in sql.all(db).await? {
            self.known.insert(row.try_get_by_index(0)?, CustomerId::new(row.try_get_by_index(1)?));
        }
        let is_stranger = |key: &&EmailKey| !self.known.contains_key(key.as_str());
        let strangers: Vec<&EmailKey> = asked.into_iter().filter(is_stranger).collect();
        if !strangers.is_empty() {
            links::share(db, &strangers).await?;
            let keys: Vec<&str> = strangers.iter().map(|key| key.as_str()).collect();
            self.accounts.extend(links::free_accounts(db, store_id, &keys).await?);
            self.suppressed.extend(suppressions::consents(db, store_id, &keys).await?);
        }
        self.asked.extend(names.into_iter().map(str::to_owned));
        Ok(())
    }

    /// Whether somebody of an address is a customer, or is being made one.
    pub(super) fn knows(&self, key: &EmailKey) -> bool {
        self.known.contains_key(key.as_str())
    }

    /// The customer of an address; made, and linked to the account of the address, when there is
    /// none.
    pub(super) fn find_or_make(
        &mut self,
        store_id: StoreId,
        person: &Person,
        evidence: &Evidence,
    ) -> CustomerId {
        let (email, email_key) = person.email.clone().into_parts();
        debug_assert!(self.asked.contains(email_key.as_str()), "nobody asked for this person");
        if let Some(id) = self.known.get(email_key.as_str()) {
            return *id;
        }
        let id = CustomerId::new(Uuid::now_v7());
        let suppressed = self.suppressed.get(email_key.as_str()).copied();
        let consent = suppressed.unwrap_or(Consent::Unconfirmed);
        let mut fields = CustomerFields::unknown(evidence.source, consent, evidence.at);
        fields.source_detail.clone_from(&evidence.detail);
        self.known.insert(email_key.to_string(), id);
        let user_id = self.accounts.get(email_key.as_str()).copied();
        let customer = Customer { id, store_id, user_id, email, email_key, version: 1, fields };
        let entry = Entry::of_store(store_id, AuditAction::CustomerCreated).to(id.uuid());
        self.created.insert(id, Created { customer, entry });
        id
    }

    /// Notes what is told of a customer.
    pub(super) fn tell(&mut self, id: CustomerId, person: Option<&Person>, evidence: &Evidence) {
        self.told.entry(id).or_default().push((person.cloned(), evidence.clone()));
    }
}

/// Names of accounts.
pub(super) type Names = HashMap<UserId, String>;

/// The names of accounts that have one.
pub(super) async fn account_names(db: &impl ConnectionTrait, accounts: &[Uuid]) -> Result<Names, DbErr> {
    if accounts.is_empty() {
        return Ok(Names::new());
    }
    let mut sql = Sql::new("SELECT id, name FROM users WHERE name IS NOT NULL AND ");
    sql.is_any_id(db, "id", accounts);
    let read = |row: &sea_orm::QueryResult| {
        Ok((UserId::new(row.try_get_by_index(0)?), row.try_get_by_index::<String>(1)?))
    };
    sql.all(db).await?.iter().map(read).collect()
}
