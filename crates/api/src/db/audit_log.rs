//! The audit log: builds and writes its entries.

use std::sync::Arc;

use fanbase_domain::{
    ids::StoreId,
    wire::audit::{ActorKind, AuditAction},
};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{
    clock,
    db::bulk::{self, OnConflict, Target, Type},
    error::ApiError,
    request_context::{self, Actor, Context},
};

/// The `store_id` of platform-wide entries.
pub const PLATFORM: Uuid = Uuid::nil();

const AUDIT_LOG: Target = Target {
    table: "audit_log",
    columns: &[
        ("store_id", Type::Uuid),
        ("id", Type::Uuid),
        ("at", Type::BigInt),
        ("actor", Type::Text),
        ("actor_id", Type::Uuid),
        ("address", Type::Text),
        ("request_id", Type::Text),
        ("action", Type::Text),
        ("subject_id", Type::Uuid),
        ("before", Type::Text),
        ("after", Type::Text),
    ],
    on_conflict: OnConflict::Fail,
};

/// An audit entry that is not written yet. The actor and the IP address come from the current request's
/// context.
#[derive(Clone, Debug)]
#[must_use]
pub struct Entry {
    request: Option<Arc<Context>>,
    store_id: Uuid,
    action: AuditAction,
    actor: Option<Actor>,
    subject_id: Option<Uuid>,
    before: Option<Map<String, Value>>,
    after: Option<Map<String, Value>>,
}

impl Entry {
    /// An entry about an action in a store.
    pub fn of_store(store_id: StoreId, action: AuditAction) -> Self {
        Self::new(store_id.uuid(), action)
    }

    /// An entry about an action on the platform.
    pub fn of_platform(action: AuditAction) -> Self {
        Self::new(PLATFORM, action)
    }

    fn new(store_id: Uuid, action: AuditAction) -> Self {
        let request = request_context::current();
        Self { request, store_id, action, actor: None, subject_id: None, before: None, after: None }
    }

    /// Sets the subject of the action.
    pub fn to(self, subject: Uuid) -> Self {
        Self { subject_id: Some(subject), ..self }
    }

    /// Sets the actor where the request does not know it yet: after a sign-in, for example.
    pub fn by(self, actor: Actor) -> Self {
        Self { actor: Some(actor), ..self }
    }

    /// Records the state of a deleted subject.
    ///
    /// # Errors
    /// [`ApiError::Internal`] when a value cannot be serialised to JSON.
    pub fn before(self, thing: &impl Serialize) -> Result<Self, ApiError> {
        Ok(Self { before: Some(object(thing)?), ..self })
    }

    /// Records the state of a created subject.
    ///
    /// # Errors
    /// [`ApiError::Internal`] when a value cannot be serialised to JSON.
    pub fn after(self, thing: &impl Serialize) -> Result<Self, ApiError> {
        Ok(Self { after: Some(object(thing)?), ..self })
    }

    /// Records an update: only the fields that differ are stored.
    ///
    /// # Errors
    /// [`ApiError::Internal`] when a value cannot be serialised to JSON.
    pub fn changed<T: Serialize>(self, before: &T, after: &T) -> Result<Self, ApiError> {
        let (mut before, mut after) = (object(before)?, object(after)?);
        let same: Vec<String> = before
            .iter()
            .filter(|(name, value)| after.get(*name) == Some(value))
            .map(|(name, _)| name.clone())
            .collect();
        for name in same {
            before.remove(&name);
            after.remove(&name);
        }
        Ok(Self { before: Some(before), after: Some(after), ..self })
    }

    /// Inserts the entry, in the transaction of the action that it records.
    ///
    /// # Errors
    /// [`ApiError::Database`] when the database fails.
    pub async fn record(self, db: &impl ConnectionTrait) -> Result<(), ApiError> {
        Self::record_all(vec![self], db).await
    }

    /// Inserts many entries.
    ///
    /// # Errors
    /// [`ApiError::Database`] when the database fails.
    pub async fn record_all(entries: Vec<Self>, db: &impl ConnectionTrait) -> Result<(), ApiError> {
        let at = clock::now().millis();
        bulk::insert(db, &AUDIT_LOG, Box::new(entries.into_iter().map(|entry| entry.values(at)))).await?;
        Ok(())
    }

    fn values(self, at: i64) -> Vec<sea_orm::Value> {
        let Self { request, store_id, action, actor, subject_id, before, after } = self;
        let (kind, actor_id) = who(actor, request.as_deref());
        let text = |map: Option<Map<String, Value>>| map.map(|map| Value::Object(map).to_string());
        let address = request.as_ref().and_then(|request| request.address).map(|ip| ip.to_string());
        vec![
            store_id.into(),
            Uuid::now_v7().into(),
            at.into(),
            kind.as_str().into(),
            actor_id.into(),
            address.into(),
            request.map(|request| request.request_id.clone()).into(),
            action.as_str().into(),
            subject_id.into(),
            text(before).into(),
            text(after).into(),
        ]
    }
}

fn who(actor: Option<Actor>, request: Option<&Context>) -> (ActorKind, Option<Uuid>) {
    match (actor.or_else(|| request?.actor()), request) {
        (Some(Actor::User(id)), _) => (ActorKind::User, Some(id.uuid())),
        (Some(Actor::ApiKey(id)), _) => (ActorKind::ApiKey, Some(id.uuid())),
        (Some(Actor::Webhook), _) => (ActorKind::Webhook, None),
        (None, Some(_)) => (ActorKind::Nobody, None),
        (None, None) => (ActorKind::CommandLine, None),
    }
}

fn object(thing: &impl Serialize) -> Result<Map<String, Value>, ApiError> {
    match serde_json::to_value(thing)? {
        Value::Object(map) => Ok(map),
        other => Ok(Map::from_iter([("value".to_owned(), other)])),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_differs_is_kept() {
        let entry = Entry::of_platform(AuditAction::UserUpdated)
            .changed(&json!({"name": "Ava", "role": "a", "old": 1}), &json!({"name": "Ava", "role": "b"}))
            .unwrap();
        let value = |map: Option<Map<String, Value>>| Value::Object(map.unwrap());
        assert_eq!(value(entry.before), json!({"role": "a", "old": 1}));
        assert_eq!(value(entry.after), json!({"role": "b"}));
    }
}
