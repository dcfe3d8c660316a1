//! The changes that an import made to a customer, for undo.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    consent::Consent,
    customer::{AttributeValue, CustomerFields, CustomerStatus, CustomerType},
    facts::Balance,
    tag::TagName,
    time::Timestamp,
};

/// A value before and after a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change<T> {
    /// Before.
    #[serde(rename = "b")]
    before: T,
    /// After.
    #[serde(rename = "a")]
    after: T,
}

/// All changes to one customer. Unchanged fields are absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Changes {
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<Change<Option<String>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<Change<Option<String>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    full_name: Option<Change<Option<String>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<Change<Option<String>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alias: Option<Change<Option<String>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<Change<CustomerType>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    consent: Option<Change<Consent>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Change<CustomerStatus>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<Change<Option<i64>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_spent: Option<Change<i64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    imported_spent: Option<Change<Option<Balance>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<Change<Timestamp>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_activity_at: Option<Change<Option<Timestamp>>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    attributes: BTreeMap<String, Change<Option<AttributeValue>>>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    tags_added: BTreeSet<TagName>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    tags_removed: BTreeSet<TagName>,
}

impl Changes {
    /// The difference between two states of a customer.
    #[must_use]
    pub fn between(before: &CustomerFields, after: &CustomerFields) -> Self {
        let keys: BTreeSet<&String> = before.attributes.keys().chain(after.attributes.keys()).collect();
        let attributes = keys
            .into_iter()
            .filter_map(|key| {
                let change =
                    change(&before.attributes.get(key).cloned(), &after.attributes.get(key).cloned())?;
                Some((key.clone(), change))
            })
            .collect();
        Self {
            first_name: change(&before.first_name, &after.first_name),
            last_name: change(&before.last_name, &after.last_name),
            full_name: change(&before.full_name, &after.full_name),
            phone: change(&before.phone, &after.phone),
            alias: change(&before.alias, &after.alias),
            kind: change(&before.kind, &after.kind),
            consent: change(&before.consent, &after.consent),
            status: change(&before.status, &after.status),
            score: change(&before.score, &after.score),
            total_spent: change(&before.total_spent, &after.total_spent),
            imported_spent: change(&before.imported_spent, &after.imported_spent),
            created_at: change(&before.created_at, &after.created_at),
            last_activity_at: change(&before.last_activity_at, &after.last_activity_at),
            attributes,
            tags_added: after.tags.difference(&before.tags).cloned().collect(),
            tags_removed: before.tags.difference(&after.tags).cloned().collect(),
        }
    }

    /// Whether there are no changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Names of the changed fields.
    #[must_use]
    pub fn names(&self) -> BTreeSet<String> {
        let mut names: BTreeSet<String> = [
            ("first_name", self.first_name.is_some()),
            ("last_name", self.last_name.is_some()),
            ("name", self.full_name.is_some()),
            ("phone", self.phone.is_some()),
            ("alias", self.alias.is_some()),
            ("type", self.kind.is_some()),
            ("consent", self.consent.is_some()),
            ("status", self.status.is_some()),
            ("score", self.score.is_some()),
            ("total_spent", self.total_spent.is_some()),
            ("created_at", self.created_at.is_some()),
            ("last_activity_at", self.last_activity_at.is_some()),
            ("tags", !(self.tags_added.is_empty() && self.tags_removed.is_empty())),
        ]
        .into_iter()
        .filter(|(_, changed)| *changed)
        .map(|(name, _)| name.to_owned())
        .collect();
        names.extend(self.attributes.keys().map(|key| format!("attributes.{key}")));
        names
    }

    /// Reverts the changes, except for fields edited since, and returns the names of those fields.
    ///
    /// `untouched` states that the customer was not written to since. Only then is consent reverted: a
    /// later unsubscription must not be undone.
    pub fn revert(&self, fields: &mut CustomerFields, untouched: bool) -> Vec<String> {
        let mut left = Vec::new();
        revert(&mut left, "first_name", &mut fields.first_name, self.first_name.as_ref());
        revert(&mut left, "last_name", &mut fields.last_name, self.last_name.as_ref());
        revert(&mut left, "name", &mut fields.full_name, self.full_name.as_ref());
        revert(&mut left, "phone", &mut fields.phone, self.phone.as_ref());
        revert(&mut left, "alias", &mut fields.alias, self.alias.as_ref());
        if fields.follows_facts {
            // Derived values are derived again, without the imported sum.
            revert(&mut left, "total_spent", &mut fields.imported_spent, self.imported_spent.as_ref());
            revert(&mut Vec::new(), "total_spent", &mut fields.total_spent, self.total_spent.as_ref());
            revert(&mut Vec::new(), "type", &mut fields.kind, self.kind.as_ref());
        } else {
            revert(&mut left, "type", &mut fields.kind, self.kind.as_ref());
            revert(&mut left, "total_spent", &mut fields.total_spent, self.total_spent.as_ref());
            revert(&mut Vec::new(), "total_spent", &mut fields.imported_spent, self.imported_spent.as_ref());
        }
        let mut status = fields.status;
        revert(&mut left, "status", &mut status, self.status.as_ref());
        fields.note_status_of_file(status);
        revert(&mut left, "score", &mut fields.score, self.score.as_ref());
        revert(&mut left, "created_at", &mut fields.created_at, self.created_at.as_ref());
        revert(&mut left, "last_activity_at", &mut fields.last_activity_at, self.last_activity_at.as_ref());
        match (&self.consent, untouched) {
            (Some(_), false) => left.push("consent".to_owned()),
            (consent, _) => revert(&mut left, "consent", &mut fields.consent, consent.as_ref()),
        }
        for (key, change) in &self.attributes {
            if fields.attributes.get(key) != change.after.as_ref() {
                left.push(format!("attributes.{key}"));
            } else if let Some(value) = &change.before {
                fields.attributes.insert(key.clone(), value.clone());
            } else {
                fields.attributes.remove(key);
            }
        }
        for tag in &self.tags_added {
            fields.tags.remove(tag);
        }
        fields.tags.extend(self.tags_removed.iter().cloned());
        left
    }

    /// Reapplies the changes to the state before them.
    pub fn redo(&self, fields: &mut CustomerFields) {
        redo(&mut fields.first_name, self.first_name.as_ref());
        redo(&mut fields.last_name, self.last_name.as_ref());
        redo(&mut fields.full_name, self.full_name.as_ref());
        redo(&mut fields.phone, self.phone.as_ref());
        redo(&mut fields.alias, self.alias.as_ref());
        redo(&mut fields.kind, self.kind.as_ref());
        redo(&mut fields.total_spent, self.total_spent.as_ref());
        redo(&mut fields.imported_spent, self.imported_spent.as_ref());
        redo(&mut fields.consent, self.consent.as_ref());
        let mut status = fields.status;
        redo(&mut status, self.status.as_ref());
        fields.note_status_of_file(status);
        redo(&mut fields.score, self.score.as_ref());
        redo(&mut fields.created_at, self.created_at.as_ref());
        redo(&mut fields.last_activity_at, self.last_activity_at.as_ref());
        for (key, change) in &self.attributes {
            match &change.after {
                Some(value) => fields.attributes.insert(key.clone(), value.clone()),
                None => fields.attributes.remove(key),
            };
        }
        fields.tags.retain(|tag| !self.tags_removed.contains(tag));
        fields.tags.extend(self.tags_added.iter().cloned());
    }

    /// Reconstructs the state before the changes from the state after them.
    #[must_use]
    pub fn before(&self, after: &CustomerFields) -> CustomerFields {
        let mut fields = after.clone();
        self.revert(&mut fields, true);
        fields
    }
}

fn change<T: Clone + PartialEq>(before: &T, after: &T) -> Option<Change<T>> {
    (before != after).then(|| Change { before: before.clone(), after: after.clone() })
}

fn redo<T: Clone>(value: &mut T, change: Option<&Change<T>>) {
    if let Some(change) = change {
        *value = change.after.clone();
    }
}

fn revert<T: Clone + PartialEq>(
    left: &mut Vec<String>,
    name: &str,
    value: &mut T,
    change: Option<&Change<T>>,
) {
    match change {
        None => {}
        Some(change) if *value == change.after => *value = change.before.clone(),
        Some(_) => left.push(name.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn ava() -> CustomerFields {
        CustomerFields::unknown(Source::Manual, Consent::Subscribed, Timestamp::from_millis(5))
    }

    fn changed() -> CustomerFields {
        let mut fields = ava();
        fields.first_name = Some("Ava".into());
        fields.consent = Consent::Unsubscribed;
        fields.tags.insert(TagName::parse("vip").unwrap());
        fields.attributes.insert("daw".into(), AttributeValue::Text("Reaper".into()));
        fields
    }

    #[test]
    fn what_was_changed_goes_back() {
        let changes = Changes::between(&ava(), &changed());
        let stored: Changes = serde_json::from_str(&serde_json::to_string(&changes).unwrap()).unwrap();
        assert_eq!(stored, changes);
        assert_eq!(changes.before(&changed()), ava());
        let mut again = ava();
        changes.redo(&mut again);
        assert_eq!(again, changed());
        assert!(Changes::between(&ava(), &ava()).is_empty());
    }

    #[test]
    fn what_was_edited_since_stays_and_is_named() {
        let changes = Changes::between(&ava(), &changed());
        let mut now = changed();
        now.first_name = Some("Eva".into());
        now.attributes.insert("daw".into(), AttributeValue::Text("Logic".into()));
        let left = changes.revert(&mut now, false);
        assert_eq!(left, ["first_name", "consent", "attributes.daw"]);
        assert_eq!(now.first_name.as_deref(), Some("Eva"));
        assert_eq!(now.consent, Consent::Unsubscribed);
        assert!(now.tags.is_empty());
    }
}
