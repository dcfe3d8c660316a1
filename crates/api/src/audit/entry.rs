//! A line of the log, and writing it.

use fanbase_domain::{
    ids::StoreId,
    wire::audit::{ActorKind, AuditAction},
};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait};
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{
    auth::identity::Actor,
    clock,
    db::entities::audit_log,
    error::ApiError,
    http::context::{self, Context},
};

/// What stands for the platform where the log says which store.
pub const PLATFORM: Uuid = Uuid::nil();

/// A line in the making. Who acts, and from where, it takes from the request.
#[derive(Clone, Debug)]
#[must_use]
pub struct Entry {
    store_id: Uuid,
    action: AuditAction,
    actor: Option<Actor>,
    subject_id: Option<Uuid>,
    before: Option<Map<String, Value>>,
    after: Option<Map<String, Value>>,
}

impl Entry {
    /// Something that was done in a store.
    pub fn of_store(store_id: StoreId, action: AuditAction) -> Self {
        Self { store_id: store_id.uuid(), action, actor: None, subject_id: None, before: None, after: None }
    }

    /// Something that was done on the platform.
    pub fn of_platform(action: AuditAction) -> Self {
        Self { store_id: PLATFORM, action, actor: None, subject_id: None, before: None, after: None }
    }

    /// What it was done to.
    pub fn to(self, subject: Uuid) -> Self {
        Self { subject_id: Some(subject), ..self }
    }

    /// Who did it, when the request does not know: whoever has just proved who they are.
    pub fn by(self, actor: Actor) -> Self {
        Self { actor: Some(actor), ..self }
    }

    /// What there was, and is no more.
    ///
    /// # Errors
    /// When it is outside of what JSON can say.
    pub fn before(self, thing: &impl Serialize) -> Result<Self, ApiError> {
        Ok(Self { before: Some(object(thing)?), ..self })
    }

    /// What there is now, and was not.
    ///
    /// # Errors
    /// When it is outside of what JSON can say.
    pub fn after(self, thing: &impl Serialize) -> Result<Self, ApiError> {
        Ok(Self { after: Some(object(thing)?), ..self })
    }

    /// What a thing was and what it became: only the fields that differ are kept.
    ///
    /// # Errors
    /// When it is outside of what JSON can say.
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

    /// Writes the line, in the transaction of what it tells.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record(self, db: &impl ConnectionTrait) -> Result<(), ApiError> {
        let Self { store_id, action, actor, subject_id, before, after } = self;
        let request = context::current();
        let (kind, actor_id) = who(actor, request.as_deref());
        let text = |map: Option<Map<String, Value>>| map.map(|map| Value::Object(map).to_string());
        let line = audit_log::ActiveModel {
            store_id: Set(store_id),
            id: Set(Uuid::now_v7()),
            at: Set(clock::now().millis()),
            actor: Set(kind.as_str().to_owned()),
            actor_id: Set(actor_id),
            address: Set(request.as_ref().and_then(|request| request.address).map(|ip| ip.to_string())),
            request_id: Set(request.map(|request| request.request_id.clone())),
            action: Set(action.as_str().to_owned()),
            subject_id: Set(subject_id),
            before: Set(text(before)),
            after: Set(text(after)),
        };
        line.insert(db).await?;
        Ok(())
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
