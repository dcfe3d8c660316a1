//! The people of a transaction: existing customers and those to create.

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

/// A customer to create, and their entry in the audit log.
#[derive(Clone, Debug)]
pub(super) struct Created {
    pub(super) customer: Customer,
    pub(super) entry: Entry,
}

/// Customers by e-mail address. Only requested e-mail addresses are known to exist or not.
#[derive(Debug, Default)]
pub(super) struct People {
    asked: BTreeSet<String>,
    known: BTreeMap<String, CustomerId>,
    /// Accounts of people who are not customers.
    accounts: HashMap<String, UserId>,
    /// The strongest consent allowed for people who are not customers and are on the suppression list.
    suppressed: BTreeMap<String, Consent>,
    /// Customers to create.
    pub(super) created: BTreeMap<CustomerId, Created>,
    /// Recorded evidence by customer.
    pub(super) told: BTreeMap<CustomerId, Vec<(Option<Person>, Evidence)>>,
}

impl People {
    /// Finds the customers with these e-mail addresses, and the accounts and suppressions of the others.
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

    /// Whether an e-mail address belongs to a customer, including the ones to create.
    pub(super) fn knows(&self, key: &EmailKey) -> bool {
        self.known.contains_key(key.as_str())
    }

    /// Returns the customer with this e-mail address. Creates the customer if absent, linked to the account
    /// with that e-mail address if there is one.
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

    /// Records evidence for a customer.
    pub(super) fn tell(&mut self, id: CustomerId, person: Option<&Person>, evidence: &Evidence) {
        self.told.entry(id).or_default().push((person.cloned(), evidence.clone()));
    }
}

/// Names by account.
pub(super) type Names = HashMap<UserId, String>;

/// Reads the names of these accounts; accounts without a name are left out.
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
