//! Keyed hashes (HMAC-SHA-256) of e-mail addresses: they can be matched only with the key of the
//! installation.

use std::{collections::BTreeSet, fmt};

use fanbase_domain::email::{Email, EmailKey};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sea_orm::{ConnectionTrait, DbErr, Value};
use sha2::Sha256;

use crate::db::sql::Sql;

/// Characters that end an e-mail address within JSON text.
const ENDS: [char; 8] = ['"', '\\', '<', '>', ',', ';', '(', ')'];

/// The key that e-mail addresses are hashed with.
#[derive(Clone)]
pub struct EmailHasher(Vec<u8>);

impl fmt::Debug for EmailHasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailHasher")
    }
}

impl EmailHasher {
    /// Loads the key of the installation; it is generated at the first use, and never changes.
    ///
    /// # Errors
    /// Returns the error of the database.
    pub async fn load(db: &impl ConnectionTrait) -> Result<Self, DbErr> {
        const KEY: &str = "SELECT value FROM settings WHERE name = 'email_hash_key'";
        if let Some(row) = Sql::new(KEY).one(db).await? {
            return Ok(Self(row.try_get_by_index(0)?));
        }
        let mut sql = Sql::new("INSERT INTO settings (name, value) VALUES ('email_hash_key', ");
        sql.bind(Value::from(rand::random::<[u8; 32]>().to_vec())).push(") ON CONFLICT (name) DO NOTHING");
        sql.execute(db).await?;
        let row = Sql::new(KEY).one(db).await?;
        let row = row.ok_or_else(|| DbErr::RecordNotFound("the key of e-mail hashes".to_owned()))?;
        Ok(Self(row.try_get_by_index(0)?))
    }

    /// The hash of an e-mail address.
    #[must_use]
    pub fn hash(&self, key: &EmailKey) -> String {
        // HMAC takes a key of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return String::new() };
        mac.update(key.as_str().as_bytes());
        hex::encode(&mac.finalize().into_bytes()[..16])
    }

    /// The hash of a text; `None` if it is not an e-mail address.
    #[must_use]
    pub fn hash_text(&self, text: &str) -> Option<String> {
        Email::parse(text).ok().map(|email| self.hash(email.key()))
    }

    /// The hashes of all e-mail addresses in a JSON text.
    #[must_use]
    pub fn hashes_in(&self, json: &str) -> BTreeSet<String> {
        let is_end = |c: char| c.is_whitespace() || ENDS.contains(&c);
        json.split(is_end)
            .filter(|word| word.contains('@'))
            .filter_map(|word| self.hash_text(word.trim_matches(['\'', ':', '.'])))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_json_are_found_whatever_is_around_them() {
        let hasher = EmailHasher(vec![7; 32]);
        let hash = |email: &str| hasher.hash_text(email).unwrap();
        let json = r#"{"email":"Ann@Hunt.example","note":"from Bob <bob@x.example>, or: eve@x.example."}"#;
        let expected = ["ann@hunt.example", "bob@x.example", "eve@x.example"].map(hash);
        assert_eq!(hasher.hashes_in(json), expected.into_iter().collect());
        assert_eq!(hasher.hashes_in(r#"{"name": "no @ address", "at": "@"}"#), BTreeSet::new());
        assert_ne!(EmailHasher(vec![8; 32]).hash_text("a@x.example"), hasher.hash_text("a@x.example"));
    }
}
