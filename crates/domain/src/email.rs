//! E-mail addresses, and the key that identifies a person.

use std::fmt;

use email_address::{EmailAddress, Options};
use serde::{Deserialize, Serialize};
use thiserror::Error;
#[cfg(feature = "unicode")]
use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::text;

/// Longest deliverable e-mail address (RFC 5321, 4.5.3.1.3, with erratum 1690).
const MAX_LENGTH: usize = 254;

/// The reason why a text is not an e-mail address.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum EmailError {
    /// Nothing but white space.
    #[error("The e-mail address is missing.")]
    Missing,
    /// Longer than RFC 5321 allows.
    #[error("The e-mail address is longer than 254 characters.")]
    TooLong,
    /// No `@`, an invalid domain, a forbidden character or similar.
    #[error("This is not an e-mail address.")]
    Invalid,
}

impl EmailError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "email_missing",
            Self::TooLong => "email_too_long",
            Self::Invalid => "email_invalid",
        }
    }
}

/// The normalised form of an e-mail address, which identifies a person.
///
/// Trimmed, NFC, lower case, and the domain in its IDNA ASCII form without a final dot. Exact with the
/// feature `unicode` only: without it, a key is suitable for validation only. Sub-addresses (`a+x@`)
/// and Gmail dots are significant.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EmailKey(String);

impl EmailKey {
    /// A key from the database, made by [`Email::parse`].
    #[must_use]
    pub fn from_stored(key: String) -> Self {
        Self(key)
    }

    /// The key as an owned string.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }

    /// The key as a string slice.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EmailKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An e-mail address as typed, with its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email {
    typed: String,
    key: EmailKey,
}

impl Email {
    /// Parses an e-mail address as people and files write it.
    ///
    /// # Errors
    /// [`EmailError`] with the reason.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let typed = text::non_blank(text).ok_or(EmailError::Missing)?;
        // Quoted local parts look like lists of e-mail addresses; neither is accepted.
        if typed.chars().any(|c| text::is_invisible(c) || c.is_control() || "\"<>()[],;:\\".contains(c)) {
            return Err(EmailError::Invalid);
        }
        let (local, domain) = typed.rsplit_once('@').ok_or(EmailError::Invalid)?;
        let key = if typed.is_ascii() && !domain.to_ascii_lowercase().contains("xn--") {
            let domain = domain.strip_suffix('.').unwrap_or(domain);
            format!("{local}@{domain}").to_ascii_lowercase()
        } else {
            let domain = domain_key(domain).ok_or(EmailError::Invalid)?;
            format!("{}@{domain}", lower_nfc(local))
        };
        // RFC 5321 limits the octets on the wire, so the length of the key counts.
        if key.len() > MAX_LENGTH {
            return Err(EmailError::TooLong);
        }
        let syntax = Options::default().with_required_tld().without_display_text().without_domain_literal();
        EmailAddress::parse_with_options(&key, syntax).map_err(|_| EmailError::Invalid)?;
        if key.contains("..") {
            return Err(EmailError::Invalid);
        }
        Ok(Self { typed: typed.to_owned(), key: EmailKey(key) })
    }

    /// The e-mail address as typed, trimmed: for display and sending.
    #[must_use]
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// The key, which identifies the person.
    #[must_use]
    pub fn key(&self) -> &EmailKey {
        &self.key
    }

    /// The e-mail address as typed, and its key.
    #[must_use]
    pub fn into_parts(self) -> (String, EmailKey) {
        (self.typed, self.key)
    }
}

impl std::str::FromStr for Email {
    type Err = EmailError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

#[cfg(feature = "unicode")]
fn domain_key(domain: &str) -> Option<String> {
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    idna::domain_to_ascii(&lower_nfc(domain)).ok()
}

/// Without the Unicode tables only domains that are invalid in every script are rejected; the server
/// validates exactly.
#[cfg(not(feature = "unicode"))]
fn domain_key(domain: &str) -> Option<String> {
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    // Letters beyond ASCII are replaced, because the syntax check supports ASCII only.
    let ascii = domain.chars().map(|c| if c.is_alphabetic() && !c.is_ascii() { 'x' } else { c });
    Some(ascii.collect::<String>().to_ascii_lowercase())
}

#[cfg(not(feature = "unicode"))]
fn lower_nfc(text: &str) -> String {
    crate::text::lower(text)
}

/// NFC and lower case, repeated until both hold: lower-casing can undo NFC.
#[cfg(feature = "unicode")]
fn lower_nfc(text: &str) -> String {
    let mut lowered: String = text.nfc().collect::<String>().to_lowercase();
    while !is_nfc(&lowered) {
        lowered = lowered.nfc().collect::<String>().to_lowercase();
    }
    lowered
}

#[cfg(all(test, feature = "unicode"))]
mod tests {
    use proptest::prelude::*;

    use super::{Email, EmailError};

    fn key(text: &str) -> Result<String, EmailError> {
        Email::parse(text).map(|email| email.key().as_str().to_owned())
    }

    #[test]
    fn the_same_person_has_one_key() {
        for (input, expected) in [
            ("Ava@Example.com", "ava@example.com"),
            (" ava@example.com\t", "ava@example.com"),
            ("\u{FEFF}\u{00A0}ava@example.com\u{200B}", "ava@example.com"),
            ("ava@EXAMPLE.COM.", "ava@example.com"),
            ("ivan@München-Beats.de", "ivan@xn--mnchen-beats-dlb.de"),
            ("ivan@mu\u{0308}nchen-beats.de", "ivan@xn--mnchen-beats-dlb.de"),
            ("ivan@XN--mnchen-beats-dlb.de", "ivan@xn--mnchen-beats-dlb.de"),
            ("ZOË@dubois.fr", "zoë@dubois.fr"),
            ("a+x@gmail.com", "a+x@gmail.com"),
            ("a.b@gmail.com", "a.b@gmail.com"),
            ("o'neil@example.org", "o'neil@example.org"),
        ] {
            assert_eq!(key(input).as_deref(), Ok(expected), "{input:?}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for (input, expected) in [
            ("", EmailError::Missing),
            (" \u{00A0}\u{200B}", EmailError::Missing),
            ("ava", EmailError::Invalid),
            ("ava@", EmailError::Invalid),
            ("@example.com", EmailError::Invalid),
            ("a@b@example.com", EmailError::Invalid),
            ("ava@localhost", EmailError::Invalid),
            ("ava @example.com", EmailError::Invalid),
            ("a\u{200B}va@example.com", EmailError::Invalid),
            ("ava..x@example.com", EmailError::Invalid),
            ("ava@example..com", EmailError::Invalid),
            ("ava@example.com,bob@example.com", EmailError::Invalid),
            ("Ava <ava@example.com>", EmailError::Invalid),
            ("ava@-example.com", EmailError::Invalid),
            ("ava@[127.0.0.1]", EmailError::Invalid),
        ] {
            assert_eq!(key(input), Err(expected), "{input:?}");
        }
        assert_eq!(key(&format!("a@{}.com", "b".repeat(260))), Err(EmailError::TooLong));
    }

    proptest! {
        #[test]
        fn the_key_of_a_key_is_itself(local in "\\PC{1,20}", domain in "\\PC{1,20}\\.[a-zA-Zäöüß]{2,6}\\.?") {
            if let Ok(first) = key(&format!("{local}@{domain}")) {
                prop_assert_eq!(key(&first), Ok(first));
            }
        }

        #[test]
        fn any_text_is_read_without_panic(text in "\\PC*") {
            let _ = Email::parse(&text);
        }
    }
}
