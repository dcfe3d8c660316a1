//! Tags: a name as typed, and the folded key that makes it one tag.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::text;

/// Longest tag, in characters.
pub const MAX_TAG_LENGTH: usize = 100;

/// The reason why a text is not a tag.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum TagError {
    /// Nothing but white space.
    #[error("The tag is blank.")]
    Blank,
    /// More than 100 characters.
    #[error("The tag is longer than 100 characters.")]
    TooLong,
    /// A control character, such as NUL or a line break.
    #[error("The tag has a control character.")]
    ControlCharacter,
}

impl TagError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Blank => "tag_blank",
            Self::TooLong => "tag_too_long",
            Self::ControlCharacter => "tag_control_character",
        }
    }
}

/// The name of a tag. Names that differ only in case or white space are the same tag.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TagName {
    key: String,
    name: String,
}

impl TagName {
    /// Parses a tag name.
    ///
    /// # Errors
    /// [`TagError`] with the reason.
    pub fn parse(text: &str) -> Result<Self, TagError> {
        let name = text::nfc(text::non_blank(text).ok_or(TagError::Blank)?);
        if name.chars().count() > MAX_TAG_LENGTH {
            return Err(TagError::TooLong);
        }
        if name.chars().any(char::is_control) {
            return Err(TagError::ControlCharacter);
        }
        let key = text::lower(&name.split_whitespace().collect::<Vec<_>>().join(" "));
        Ok(Self { key, name: name.into_owned() })
    }

    /// The name as typed.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key: lower case, single spaces.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl PartialEq for TagName {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for TagName {}

impl PartialOrd for TagName {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for TagName {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key.cmp(&other.key)
    }
}

impl TryFrom<String> for TagName {
    type Error = TagError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<TagName> for String {
    fn from(tag: TagName) -> Self {
        tag.name
    }
}

#[cfg(test)]
mod tests {
    use super::{TagError, TagName};

    #[test]
    fn tags_that_look_alike_are_one() {
        assert_eq!(TagName::parse(" VIP  Club ").unwrap(), TagName::parse("vip club").unwrap());
        assert_eq!(TagName::parse(" VIP ").unwrap().name(), "VIP");
        assert_eq!(TagName::parse("Cafe\u{301}").unwrap(), TagName::parse("Café").unwrap());
        assert_eq!(TagName::parse("\u{00A0}"), Err(TagError::Blank));
        assert_eq!(TagName::parse(&"x".repeat(101)), Err(TagError::TooLong));
    }
}
