//! Parses Clerk's events about accounts, which are delivered in any order and more than once.
//!
//! The state of an account is a function of the set of its events: the latest snapshot counts, and a
//! deletion absorbs all snapshots. Events: <https://clerk.com/docs/webhooks/overview>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use crate::{
    email::{Email, EmailKey},
    name, text,
    time::Timestamp,
    wire::auth::MAX_NAME,
};

/// Longest URL of a picture, in bytes.
const MAX_URL: usize = 2048;
/// The last millisecond of the year 9999, which all parts of the system can represent.
const LAST: i64 = 253_402_300_799_999;

/// The reason why an event cannot be parsed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ClerkError {
    /// Not JSON.
    #[error("The event is not JSON.")]
    NotJson,
    /// A required field is missing.
    #[error("The event has no {0}, or not one of the right kind.")]
    Missing(&'static str),
    /// A timestamp is invalid or out of range.
    #[error("The event's {0} is no time in milliseconds.")]
    NoTime(&'static str),
}

/// The envelope of an event, the same for all types.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its type, such as `user.created`.
    pub kind: String,
    /// Clerk's id of the object, if there is one.
    pub subject: Option<String>,
    /// Time of the event, if it is stated.
    pub occurred_at: Option<Timestamp>,
    data: Value,
}

/// The effect of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A snapshot of the account.
    Snapshot(Snapshot),
    /// The deletion of the account.
    Deleted(Timestamp),
}

/// A snapshot of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Time of the snapshot.
    pub updated_at: Timestamp,
    /// Time of the sign-up.
    pub created_at: Timestamp,
    /// Time of the last sign-in.
    pub last_sign_in_at: Option<Timestamp>,
    /// The profile.
    pub profile: Profile,
}

/// The fields that a later snapshot replaces as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Profile {
    /// The primary e-mail address, if there is one.
    pub address: Option<Address>,
    /// The name to show.
    pub name: Option<String>,
    /// URL of the picture.
    pub avatar_url: Option<String>,
}

/// An e-mail address that an account claims.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Address {
    /// As typed.
    pub email: String,
    /// Its key.
    pub key: EmailKey,
    /// Whether Clerk has verified it.
    pub verified: bool,
}

impl Event {
    /// Parses the envelope of an event.
    ///
    /// # Errors
    /// [`ClerkError::NotJson`]; [`ClerkError::Missing`] without a type.
    pub fn read(body: &[u8]) -> Result<Self, ClerkError> {
        let mut event: Value = serde_json::from_slice(body).map_err(|_| ClerkError::NotJson)?;
        let kind = event["type"].as_str().and_then(clean).ok_or(ClerkError::Missing("type"))?;
        let data = event["data"].take();
        let subject = data["id"].as_str().and_then(clean);
        let occurred_at = event["timestamp"].as_i64().and_then(|at| millis(at, "timestamp").ok());
        Ok(Self { kind, subject, occurred_at, data })
    }

    /// The effect of the event; `None` if it is not about an account. `received_at` is the time of a
    /// deletion without a timestamp. The text states which part was left out.
    ///
    /// # Errors
    /// [`ClerkError`] if a required field is missing or a timestamp is invalid.
    pub fn change(&self, received_at: Timestamp) -> Result<Option<(Change, Option<String>)>, ClerkError> {
        match self.kind.as_str() {
            "user.created" | "user.updated" => {
                self.subject.as_ref().ok_or(ClerkError::Missing("data.id"))?;
                let (snapshot, note) = snapshot(&self.data)?;
                Ok(Some((Change::Snapshot(snapshot), note)))
            }
            "user.deleted" => {
                self.subject.as_ref().ok_or(ClerkError::Missing("data.id"))?;
                Ok(Some((Change::Deleted(self.occurred_at.unwrap_or(received_at)), None)))
            }
            _ => Ok(None),
        }
    }
}

/// Parses a user object of Clerk's events and API. The text states which part was left out.
///
/// # Errors
/// [`ClerkError`] if a required field is missing or a timestamp is invalid.
pub fn snapshot(data: &Value) -> Result<(Snapshot, Option<String>), ClerkError> {
    let (address, note) = address(data);
    let word = |field: &str| data[field].as_str().and_then(clean);
    let (first, last) = (word("first_name"), word("last_name"));
    let name = name::display_name(first.as_deref(), last.as_deref(), word("username").as_deref());
    let picture = word("image_url").filter(|url| url.starts_with("https://") && url.len() <= MAX_URL);
    let updated_at = time(data, "updated_at")?.ok_or(ClerkError::Missing("data.updated_at"))?;
    let snapshot = Snapshot {
        updated_at,
        created_at: time(data, "created_at")?.unwrap_or(updated_at),
        last_sign_in_at: time(data, "last_sign_in_at")?,
        profile: Profile {
            address,
            name: name.map(|name| name.chars().take(MAX_NAME).collect()),
            avatar_url: picture,
        },
    };
    Ok((snapshot, note))
}

/// The primary e-mail address, found by its id.
fn address(data: &Value) -> (Option<Address>, Option<String>) {
    let Some(primary) = data["primary_email_address_id"].as_str() else { return (None, None) };
    let mut entries = data["email_addresses"].as_array().into_iter().flatten();
    let Some(entry) = entries.find(|entry| entry["id"].as_str() == Some(primary)) else {
        return (None, Some("The primary address is not among the addresses.".to_owned()));
    };
    match Email::parse(entry["email_address"].as_str().unwrap_or_default()) {
        Ok(email) => {
            let (email, key) = email.into_parts();
            let verified = entry["verification"]["status"].as_str() == Some("verified");
            (Some(Address { email, key, verified }), None)
        }
        Err(error) => (None, Some(format!("The primary address was left out. {error}"))),
    }
}

fn time(data: &Value, field: &'static str) -> Result<Option<Timestamp>, ClerkError> {
    match &data[field] {
        Value::Null => Ok(None),
        value => millis(value.as_i64().ok_or(ClerkError::NoTime(field))?, field).map(Some),
    }
}

fn millis(at: i64, field: &'static str) -> Result<Timestamp, ClerkError> {
    if (0..=LAST).contains(&at) { Ok(Timestamp::from_millis(at)) } else { Err(ClerkError::NoTime(field)) }
}

/// Removes control characters, which databases reject, and surrounding white space.
fn clean(text: &str) -> Option<String> {
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    text::non_blank(&text).map(str::to_owned)
}

/// The merged state of all known events of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The earliest time at which the account existed.
    pub created_at: Timestamp,
    /// Time of the last sign-in.
    pub last_sign_in_at: Option<Timestamp>,
    /// The latest snapshot; `None` for a deleted account.
    pub latest: Option<(Timestamp, Profile)>,
    /// Time of the deletion.
    pub deleted_at: Option<Timestamp>,
    /// All e-mail keys that the account has had, with the start of each; empty for a deleted account.
    pub addresses: BTreeMap<EmailKey, Timestamp>,
}

impl Account {
    /// The e-mail address that the account claims now.
    #[must_use]
    pub fn claims(&self) -> Option<&Address> {
        self.latest.as_ref().and_then(|(_, profile)| profile.address.as_ref())
    }

    /// Merges one more event. The result does not depend on the order or repetition of events.
    #[must_use]
    pub fn after(known: Option<&Self>, change: &Change) -> Self {
        match (known, change) {
            (None, Change::Deleted(at)) => Self {
                created_at: *at,
                last_sign_in_at: None,
                latest: None,
                deleted_at: Some(*at),
                addresses: BTreeMap::new(),
            },
            (Some(known), Change::Deleted(at)) => Self {
                created_at: known.created_at.min(*at),
                last_sign_in_at: None,
                latest: None,
                deleted_at: Some(known.deleted_at.map_or(*at, |earlier| earlier.min(*at))),
                addresses: BTreeMap::new(),
            },
            (Some(known), Change::Snapshot(snapshot)) if known.deleted_at.is_some() => {
                Self { created_at: known.created_at.min(snapshot.created_at), ..known.clone() }
            }
            (known, Change::Snapshot(snapshot)) => Self::with(known, snapshot),
        }
    }

    fn with(known: Option<&Self>, snapshot: &Snapshot) -> Self {
        let mut addresses = known.map(|known| known.addresses.clone()).unwrap_or_default();
        if let Some(address) = &snapshot.profile.address {
            let since = addresses.entry(address.key.clone()).or_insert(snapshot.updated_at);
            *since = snapshot.updated_at.min(*since);
        }
        let this = (snapshot.updated_at, snapshot.profile.clone());
        let earlier = known.and_then(|known| known.latest.clone());
        Self {
            created_at: known.map_or(snapshot.created_at, |known| known.created_at.min(snapshot.created_at)),
            last_sign_in_at: known.and_then(|known| known.last_sign_in_at).max(snapshot.last_sign_in_at),
            latest: Some(earlier.map_or(this.clone(), |earlier| earlier.max(this))),
            deleted_at: None,
            addresses,
        }
    }
}

#[cfg(all(test, feature = "unicode"))]
mod tests;
