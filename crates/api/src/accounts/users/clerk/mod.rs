//! Applies Clerk's events to accounts, and links the accounts to customers, in one transaction.
//!
//! The state of an account is derived in `fanbase_domain::clerk`, its links in `fanbase_domain::links`. This
//! module resolves conflicts between accounts: an e-mail address that several accounts claim.

pub mod bulk;
mod stored;

use std::collections::{BTreeMap, BTreeSet};

use fanbase_domain::{
    clerk::{Account, Address, Change},
    email::EmailKey,
    ids::UserId,
    links::{Claim, is_newest},
    time::Timestamp,
    wire::audit::AuditAction,
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::clerk::stored::{Known, adopted, heir, local, note, of_clerk, pass_on};
use super::{
    account_graph::{self, Surroundings},
    writes,
};
use crate::{
    audience::{links, privacy::erasure},
    db::{audit_log::Entry, entities::users::Model, is_sqlite, sql::Sql},
    error::ApiError,
};

/// The account that an event is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The account with this Clerk id, which may be unknown so far.
    Clerk(String),
    /// An account that does not come from Clerk.
    Local(UserId),
}

/// The effect of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Whether the account is deleted.
    pub is_deleted: bool,
}

/// Applies an event to an account. Returns `None`, without any change, when a concurrent transaction has
/// changed the connected accounts: the caller must retry in a new transaction with `patiently`, which waits
/// for every transaction that writes accounts or customers.
///
/// # Errors
/// `ApiError::NotFound` when there is no such local account; otherwise when the database fails.
pub async fn apply(
    tx: &impl ConnectionTrait,
    subject: &Subject,
    change: &Change,
    patiently: bool,
) -> Result<Option<Applied>, ApiError> {
    let Some(mut plan) = Plan::make(tx, subject, change).await? else {
        return Ok(Some(Applied { is_deleted: is_deleted(tx, subject).await? }));
    };
    if !is_sqlite(tx) {
        if patiently {
            links::hold_all(tx).await?;
        } else {
            links::hold(tx, plan.names()).await?;
        }
        // Another transaction may have written before the locks were acquired.
        let Some(again) = Plan::make(tx, subject, change).await? else {
            return Ok(Some(Applied { is_deleted: is_deleted(tx, subject).await? }));
        };
        if !patiently && !again.surroundings.keys.is_subset(&plan.surroundings.keys) {
            return Ok(None);
        }
        plan = again;
    }
    let is_deleted = plan.after.deleted_at.is_some();
    plan.carry_out(tx).await?;
    Ok(Some(Applied { is_deleted }))
}

/// The changes to make.
struct Plan<'a> {
    subject: &'a Subject,
    known: Option<Known>,
    after: Account,
    surroundings: Surroundings,
}

impl<'a> Plan<'a> {
    /// Returns `None` when the event changes nothing.
    async fn make(
        db: &impl ConnectionTrait,
        subject: &'a Subject,
        change: &Change,
    ) -> Result<Option<Self>, ApiError> {
        let known = match subject {
            Subject::Clerk(id) => match of_clerk(db, id).await? {
                None => adopted(db, change).await?,
                known => known,
            },
            Subject::Local(id) => Some(local(db, *id).await?.ok_or(ApiError::NotFound("user"))?),
        };
        let after = Account::after(known.as_ref().map(|known| &known.account), change);
        let stays = |known: &Known| {
            known.account == after && (known.is_clerks || *subject == Subject::Local(known.id))
        };
        if known.as_ref().is_some_and(stays) {
            return Ok(None);
        }
        let mut keys: BTreeSet<String> = BTreeSet::new();
        let before = known.iter().flat_map(|known| known.account.addresses.keys());
        keys.extend(before.chain(after.addresses.keys()).map(|key| key.as_str().to_owned()));
        let id = known.as_ref().map(|known| known.id);
        if let (Some(id), Some(_)) = (id, after.deleted_at) {
            keys.extend(account_graph::addresses_of_customers(db, id).await?);
        }
        let surroundings = Surroundings::of(db, id, keys).await?;
        Ok(Some(Self { subject, known, after, surroundings }))
    }

    /// The names to lock while the plan is carried out.
    fn names(&self) -> impl Iterator<Item = &str> {
        let account = match self.subject {
            Subject::Clerk(id) => Some(id.as_str()),
            Subject::Local(_) => None,
        };
        self.surroundings.keys.iter().map(String::as_str).chain(account)
    }

    async fn carry_out(self, db: &impl ConnectionTrait) -> Result<(), ApiError> {
        let was_deleted = self.known.as_ref().is_some_and(|known| known.account.deleted_at.is_some());
        match (self.after.deleted_at, was_deleted) {
            (None, _) => self.write(db).await,
            (Some(at), false) => self.delete(db, at).await,
            (Some(at), true) => self.date(db, at).await,
        }
    }

    fn id(&self) -> UserId {
        self.known.as_ref().map_or_else(|| UserId::new(Uuid::now_v7()), |known| known.id)
    }

    /// Its e-mail key before the event.
    fn held(&self) -> Option<&EmailKey> {
        self.known.as_ref().and_then(|known| known.held.as_ref())
    }

    /// Corrects the dates of a tombstone: a late event may know an earlier creation or another deletion.
    async fn date(self, db: &impl ConnectionTrait, deleted_at: Timestamp) -> Result<(), ApiError> {
        let mut sql = Sql::new("UPDATE users SET created_at = ");
        sql.bind(self.after.created_at.millis()).push(", deleted_at = ").bind(deleted_at.millis());
        sql.push(" WHERE id = ").bind(self.id().uuid());
        sql.execute(db).await?;
        Ok(())
    }

    async fn delete(mut self, db: &impl ConnectionTrait, at: Timestamp) -> Result<(), ApiError> {
        let id = self.id();
        let held = self.held().cloned();
        if let Some(known) = &self.known {
            let mut addresses: BTreeSet<&EmailKey> = known.account.addresses.keys().collect();
            addresses.extend(&known.held);
            erasure::erase_account(db, id, &addresses).await?;
            writes::bury(db, id, self.after.created_at, at).await?;
            Entry::of_platform(AuditAction::UserDeleted).to(id.uuid()).record(db).await?;
        } else {
            let blank = writes::blank(id, self.after.created_at);
            writes::insert(db, Model { deleted_at: Some(at.millis()), ..blank }).await?;
        }
        if let Subject::Clerk(clerk_id) = self.subject {
            note(db, clerk_id, id, &self.after).await?;
        }
        if let Some(key) = held
            && let Some(heir) = pass_on(db, &key).await?
        {
            links::link_everywhere(db, heir, key.as_str(), at).await?;
        }
        self.surroundings.replace(id, []);
        Ok(self.surroundings.relink(db, Some(id), at).await?)
    }

    async fn write(mut self, db: &impl ConnectionTrait) -> Result<(), ApiError> {
        let Subject::Clerk(clerk_id) = self.subject else { return Err(ApiError::NotFound("user")) };
        let id = self.id();
        note(db, clerk_id, id, &self.after).await?;
        let changed = self.note_addresses(db, id).await?;
        let claims = self.after.claims().cloned();
        let address = match &claims {
            Some(address) if self.wins(db, id, address).await? => Some(address.clone()),
            _ => None,
        };
        self.write_user(db, id, address.clone()).await?;
        let at = self.after.latest.as_ref().map_or(self.after.created_at, |(at, _)| *at);
        // Customers to link: those of the e-mail address that this account has gained, and those of one that
        // it leaves to a successor.
        let mut met: BTreeMap<String, (UserId, Timestamp)> = BTreeMap::new();
        if let Some(address) = address {
            let since = self.after.addresses.get(&address.key).copied().unwrap_or(at);
            met.insert(address.key.into_string(), (id, since));
        }
        let left = self.held().filter(|key| claims.as_ref().is_none_or(|claims| claims.key != **key));
        if let Some(key) = left
            && let Some(heir) = pass_on(db, key).await?
        {
            met.insert(key.as_str().to_owned(), (heir, at));
        }
        match self.meet(clerk_id, id, &changed) {
            Meeting::Nobody => {}
            Meeting::One(key, since) => {
                links::link_everywhere(db, id, key.as_str(), since).await?;
            }
            Meeting::Anew => self.surroundings.relink(db, None, at).await?,
        }
        for (key, (user, since)) in met {
            links::link_everywhere(db, user, &key, since).await?;
        }
        Ok(())
    }

    /// Stores the e-mail addresses that the account has had. Returns those that are new or have another start
    /// date.
    async fn note_addresses(
        &self,
        db: &impl ConnectionTrait,
        id: UserId,
    ) -> Result<Vec<(EmailKey, Timestamp)>, ApiError> {
        let known = self.known.as_ref();
        let mut changed = Vec::new();
        for (key, since) in &self.after.addresses {
            let is_known = known.is_some_and(|known| known.account.addresses.get(key) == Some(since));
            if !is_known {
                changed.push((key.clone(), *since));
            }
            if is_known && known.is_some_and(|known| known.is_clerks) {
                continue;
            }
            let mut sql = Sql::new("INSERT INTO user_addresses (user_id, email_key, since) VALUES (");
            sql.bind(id.uuid()).push(", ").bind(key.as_str()).push(", ").bind(since.millis());
            sql.push(") ON CONFLICT (user_id, email_key) DO UPDATE SET since = excluded.since");
            sql.execute(db).await?;
        }
        Ok(changed)
    }

    /// Whether the account wins the e-mail address that it claims. If another account had it, that account
    /// loses it.
    async fn wins(&self, db: &impl ConnectionTrait, id: UserId, address: &Address) -> Result<bool, ApiError> {
        let mut sql = Sql::new(
            "SELECT u.id, c.clerk_id FROM users u LEFT JOIN clerk_accounts c ON c.user_id = u.id WHERE u.email_key = ",
        );
        sql.bind(address.key.as_str());
        let Some(row) = sql.one(db).await? else { return Ok(true) };
        let holder = UserId::new(row.try_get_by_index::<Uuid>(0)?);
        if holder == id {
            return Ok(true);
        }
        if row.try_get_by_index::<Option<String>>(1)?.is_none() {
            return Ok(false); // it belongs to an account that does not come from Clerk
        }
        let wins = heir(db, &address.key).await?.is_some_and(|(heir, _)| heir == id);
        if wins {
            writes::give(db, holder, None).await?;
        }
        Ok(wins)
    }

    async fn write_user(
        &self,
        db: &impl ConnectionTrait,
        id: UserId,
        address: Option<Address>,
    ) -> Result<(), ApiError> {
        let Account { created_at, last_sign_in_at, latest, .. } = &self.after;
        let before = self.known.as_ref().and_then(|known| known.account.latest.as_ref());
        // A name that was changed here stays until Clerk's profile changes.
        let profile = latest.as_ref().map(|(_, profile)| profile);
        let profile = profile.filter(|profile| before.map(|(_, before)| before) != Some(*profile));
        let change = |model: &mut Model| {
            if let Some(profile) = profile {
                model.name.clone_from(&profile.name);
                model.avatar_url.clone_from(&profile.avatar_url);
            }
            writes::hold(model, address.map(|address| (address.email, address.key)));
            model.created_at = created_at.millis();
            model.last_sign_in_at = last_sign_in_at.map(Timestamp::millis);
        };
        if let Some(known) = &self.known {
            if !known.is_clerks {
                writes::settle(db, id).await?;
            }
            return writes::update(db, id, change).await;
        }
        let mut model = writes::blank(id, *created_at);
        change(&mut model);
        writes::insert(db, model).await?;
        Entry::of_platform(AuditAction::UserCreated).to(id.uuid()).record(db).await
    }

    /// Determines the links that the changed e-mail addresses may affect.
    fn meet(&mut self, clerk_id: &str, id: UserId, changed: &[(EmailKey, Timestamp)]) -> Meeting {
        let claim = |(key, since): (&EmailKey, &Timestamp)| Claim {
            since: *since,
            name: clerk_id.to_owned(),
            key: key.clone(),
            user: id,
        };
        let claims: Vec<Claim> = self.after.addresses.iter().map(claim).collect();
        self.surroundings.replace(id, claims);
        match changed {
            [] => Meeting::Nobody,
            [(key, since)] => {
                let all: Vec<Claim> = self.surroundings.claims.iter().cloned().collect();
                let is_new =
                    self.known.as_ref().is_none_or(|known| !known.account.addresses.contains_key(key));
                if is_new && is_newest(&claim((key, since)), &all) {
                    Meeting::One(key.clone(), *since)
                } else {
                    Meeting::Anew
                }
            }
            _ => Meeting::Anew,
        }
    }
}

/// The links that may change.
enum Meeting {
    /// No links.
    Nobody,
    /// At most one more link per store, to the customer with this e-mail address.
    One(EmailKey, Timestamp),
    /// All links of the connected component.
    Anew,
}

async fn is_deleted(db: &impl ConnectionTrait, subject: &Subject) -> Result<bool, ApiError> {
    let Subject::Clerk(id) = subject else { return Ok(true) };
    Ok(of_clerk(db, id).await?.is_some_and(|known| known.account.deleted_at.is_some()))
}
