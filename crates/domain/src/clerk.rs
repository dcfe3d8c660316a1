//! Accounts as Clerk tells of them, in events that come in any order and more than once.
//!
//! The state of an account is a function of the set of its events: of snapshots the latest counts,
//! and a deletion absorbs whatever comes before or after it. Events: <https://clerk.com/docs/webhooks/overview>

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

/// Longest address of a picture, in bytes.
const MAX_URL: usize = 2048;
/// The last millisecond of the year 9999: what any part of the system can write.
const LAST: i64 = 253_402_300_799_999;

/// Why an event cannot be understood.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ClerkError {
    /// Not even JSON.
    #[error("The event is not JSON.")]
    NotJson,
    /// A part that must be there.
    #[error("The event has no {0}, or not one of the right kind.")]
    Missing(&'static str),
    /// A point in time that no calendar has.
    #[error("The event's {0} is no time in milliseconds.")]
    NoTime(&'static str),
}

/// An event, as far as all of them are the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its type, such as `user.created`.
    pub kind: String,
    /// Clerk's id of what it is about, if it has one.
    pub subject: Option<String>,
    /// When it happened, if it says so.
    pub occurred_at: Option<Timestamp>,
    data: Value,
}

/// What an event changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The account is so.
    Snapshot(Snapshot),
    /// The account is deleted.
    Deleted(Timestamp),
}

/// An account at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The moment.
    pub updated_at: Timestamp,
    /// When it signed up.
    pub created_at: Timestamp,
    /// When it last signed in.
    pub last_sign_in_at: Option<Timestamp>,
    /// The rest.
    pub profile: Profile,
}

/// What a later snapshot replaces as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Profile {
    /// The primary address, if there is one.
    pub address: Option<Address>,
    /// The name to show.
    pub name: Option<String>,
    /// Its picture.
    pub avatar_url: Option<String>,
}

/// An address that an account claims.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Address {
    /// As typed.
    pub email: String,
    /// Its key.
    pub key: EmailKey,
    /// Whether Clerk has seen that its owner reads it.
    pub verified: bool,
}

impl Event {
    /// Reads what all events have in common.
    ///
    /// # Errors
    /// When the body is none of Clerk's events.
    pub fn read(body: &[u8]) -> Result<Self, ClerkError> {
        let mut event: Value = serde_json::from_slice(body).map_err(|_| ClerkError::NotJson)?;
        let kind = event["type"].as_str().and_then(clean).ok_or(ClerkError::Missing("type"))?;
        let data = event["data"].take();
        let subject = data["id"].as_str().and_then(clean);
        let occurred_at = event["timestamp"].as_i64().and_then(|at| millis(at, "timestamp").ok());
        Ok(Self { kind, subject, occurred_at, data })
    }

    /// What the event changes; `None` when it is not about an account. `received_at` stands in for
    /// the time of a deletion that does not tell it. The text says what of it was left out.
    ///
    /// # Errors
    /// When the event lacks what it must have.
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

/// Reads a user of Clerk, as events and its API tell of it. The text says what was left out.
///
/// # Errors
/// When it lacks what it must have.
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

/// The entry whose id is that of the primary address.
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

/// Without control characters, which no database likes, and white space around it.
fn clean(text: &str) -> Option<String> {
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    text::non_blank(&text).map(str::to_owned)
}

/// What all events of an account that are known amount to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The earliest time at which it is known to have existed.
    pub created_at: Timestamp,
    /// When it last signed in.
    pub last_sign_in_at: Option<Timestamp>,
    /// The latest snapshot; none of a deleted account.
    pub latest: Option<(Timestamp, Profile)>,
    /// Since when it was deleted.
    pub deleted_at: Option<Timestamp>,
    /// The addresses that it has had, each since when; none of a deleted account.
    pub addresses: BTreeMap<EmailKey, Timestamp>,
}

impl Account {
    /// The address that it claims now.
    #[must_use]
    pub fn claims(&self) -> Option<&Address> {
        self.latest.as_ref().and_then(|(_, profile)| profile.address.as_ref())
    }

    /// The account after one more event. The order of events makes no difference, nor does it
    /// whether one comes again.
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
