//! Creates, changes and deletes single customers.

use std::collections::BTreeSet;

use fanbase_domain::{
    consent::Consent,
    customer::Customer,
    ids::{CustomerId, StoreId, UserId},
    merge::{self, Defaults},
    source::Source,
    undo::Changes,
    wire::{
        activities::ActivityKind,
        audit::AuditAction,
        customers::{CustomerPatch, CustomerResponse, NewCustomer},
    },
};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use serde_json::json;
use uuid::Uuid;

use super::{
    rows::{self, Stored},
    writes,
};
use crate::{
    audience::{
        counters::{self, CountDelta},
        custom_fields, links,
        privacy::{erasure, suppressions},
        timeline,
    },
    clock,
    db::{Db, audit_log::Entry, entities::customers, is_sqlite, sql::Sql, transaction},
    error::ApiError,
    http::version::Expected,
    request_context::Actor,
};

/// Reads a customer.
///
/// # Errors
/// [`ApiError::NotFound`] when the store has no such customer.
pub async fn find(db: &impl ConnectionTrait, store_id: StoreId, id: CustomerId) -> Result<Stored, ApiError> {
    load(db, store_id, id, "").await
}

async fn load(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    id: CustomerId,
    lock: &str,
) -> Result<Stored, ApiError> {
    let mut sql = Sql::new("SELECT * FROM customers WHERE store_id = ");
    sql.bind_store(db, store_id).push(" AND id = ").bind(id.uuid());
    if !is_sqlite(db) {
        sql.push(lock);
    }
    let models: Vec<customers::Model> = sql.models(db).await?;
    rows::with_tags(db, store_id, models).await?.pop().ok_or(ApiError::NotFound("customer"))
}

/// Creates a customer.
///
/// # Errors
/// [`ApiError::EmailTaken`] when another customer of the store has the e-mail address.
pub async fn create(
    tx: &DatabaseTransaction,
    store_id: StoreId,
    new: NewCustomer,
    actor: Actor,
) -> Result<Customer, ApiError> {
    let now = clock::now();
    let source = match actor {
        Actor::User(_) => Source::Manual,
        Actor::ApiKey(_) | Actor::Webhook => Source::Api,
    };
    let NewCustomer(contact) = new;
    let (email, email_key) = contact.email.clone().into_parts();
    links::share(tx, &[&email_key]).await?;
    let accounts = links::free_accounts(tx, store_id, &[email_key.as_str()]).await?;
    let mut fields = merge::create(contact, Defaults { source, consent: Consent::Unconfirmed, now });
    if let Some(at_most) =
        suppressions::consents(tx, store_id, &[email_key.as_str()]).await?.into_values().next()
    {
        // A person who unsubscribed before the deletion stays unsubscribed until a member changes it by hand.
        fields.consent = fields.consent.fold(at_most);
    }
    let customer = Customer {
        id: CustomerId::new(Uuid::now_v7()),
        store_id,
        user_id: accounts.get(email_key.as_str()).copied(),
        email,
        email_key,
        version: 1,
        fields,
    };
    custom_fields::service::ensure(tx, store_id, customer.fields.attributes.keys()).await?;
    let stored = Stored { customer: customer.clone(), import_id: None };
    writes::insert(tx, store_id, vec![stored]).await.map_err(taken)?;
    let id = customer.id.uuid();
    timeline::queries::record(tx, store_id, id, ActivityKind::Created, None, now).await?;
    let mut delta = CountDelta::default();
    delta.add(&customer.fields, customer.user_id.is_some());
    delta.apply(tx, store_id).await?;
    // As stored: a tag keeps the spelling of its first use.
    let customer = find(tx, store_id, customer.id).await?.customer;
    let entry = Entry::of_store(store_id, AuditAction::CustomerCreated).to(id);
    entry.after(&CustomerResponse::from(customer.clone()))?.record(tx).await?;
    Ok(customer)
}

/// Changes a customer that was read in the version `expected`.
///
/// # Errors
/// [`ApiError::NotFound`], [`ApiError::VersionMismatch`] when the customer was changed since, or
/// [`ApiError::EmailTaken`].
pub async fn patch(
    db: &Db,
    store_id: StoreId,
    id: CustomerId,
    expected: Expected,
    patch: CustomerPatch,
) -> Result<Customer, ApiError> {
    let now = clock::now();
    transaction::write(db, |tx| {
        let patch = patch.clone();
        Box::pin(async move {
            if let Some(email) = patch.email() {
                links::share(tx, &[email.key()]).await?;
            }
            let before = load(tx, store_id, id, " FOR UPDATE").await?;
            expected.check(before.customer.version)?;
            let mut after = before.clone();
            patch.apply(&mut after.customer.fields);
            if let Some(email) = patch.email() {
                change_address(tx, &mut after.customer, email.clone()).await?;
            }
            if after == before {
                return Ok(before.customer);
            }
            let is_subscribed = after.customer.fields.consent == Consent::Subscribed;
            if is_subscribed && before.customer.fields.consent != Consent::Subscribed {
                suppressions::lift(tx, store_id, &[&after.customer.email_key].into()).await?;
            }
            after.customer.version += 1;
            custom_fields::service::ensure(tx, store_id, after.customer.fields.attributes.keys()).await?;
            let updated = [(before, after)];
            writes::update(tx, store_id, &updated).await.map_err(taken)?;
            let [(before, after)] = updated;
            let changed = changed_fields(&before.customer, &after.customer);
            let kind = ActivityKind::Edited;
            timeline::queries::record(tx, store_id, id.uuid(), kind, Some(changed), now).await?;
            let mut delta = CountDelta::default();
            counters::changed(&mut delta, &before.customer, &after.customer);
            delta.apply(tx, store_id).await?;
            let after = find(tx, store_id, id).await?.customer;
            let entry = Entry::of_store(store_id, AuditAction::CustomerUpdated).to(id.uuid());
            let [before, seen] = [before.customer, after.clone()].map(CustomerResponse::from);
            entry.changed(&before, &seen)?.record(tx).await?;
            Ok(after)
        })
    })
    .await
}

/// Changes the e-mail address. A link is kept; an unlinked customer is linked to the account with the new
/// address.
async fn change_address(
    db: &impl ConnectionTrait,
    customer: &mut Customer,
    email: fanbase_domain::email::Email,
) -> Result<(), ApiError> {
    let (typed, key) = email.into_parts();
    if customer.user_id.is_none() {
        let accounts = links::free_accounts(db, customer.store_id, &[key.as_str()]).await?;
        customer.user_id = accounts.get(key.as_str()).copied();
    }
    customer.email = typed;
    customer.email_key = key;
    Ok(())
}

/// The names of the changed fields, for the timeline; without values, which are personal data.
fn changed_fields(before: &Customer, after: &Customer) -> String {
    let mut names: BTreeSet<String> = Changes::between(&before.fields, &after.fields).names();
    if before.email != after.email {
        names.insert("email".to_owned());
    }
    names.into_iter().collect::<Vec<_>>().join(", ")
}

/// Deletes a customer. A linked account is then listed as a registered user again.
///
/// # Errors
/// [`ApiError::NotFound`], or [`ApiError::VersionMismatch`] when the customer was changed since it was read.
pub async fn delete(
    db: &Db,
    store_id: StoreId,
    id: CustomerId,
    expected: Option<Expected>,
) -> Result<(), ApiError> {
    transaction::write(db, |tx| {
        Box::pin(async move {
            let Stored { customer, .. } = load(tx, store_id, id, " FOR UPDATE").await?;
            if let Some(expected) = expected {
                expected.check(customer.version)?;
            }
            let customers = std::slice::from_ref(&customer);
            let hashes = erasure::erase_customers(tx, store_id, customers, clock::now()).await?;
            writes::delete(tx, store_id, &[id.uuid()]).await?;
            let mut delta = CountDelta::default();
            delta.remove(&customer.fields, customer.user_id.is_some());
            let freed: Vec<Uuid> = customer.user_id.map(UserId::uuid).into_iter().collect();
            for _ in links::link_freed(tx, store_id, &freed).await? {
                delta.link(1);
            }
            delta.apply(tx, store_id).await?;
            let entry = Entry::of_store(store_id, AuditAction::CustomerDeleted).to(id.uuid());
            // The hash identifies no person by itself; it only matches an e-mail address that is already
            // known.
            entry.before(&json!({ "email_hashes": hashes }))?.record(tx).await
        })
    })
    .await
}

fn taken(error: ApiError) -> ApiError {
    match error {
        ApiError::Database(error) => ApiError::on_unique(error, ApiError::EmailTaken),
        error => error,
    }
}
