//! Passwords of local accounts.

use thiserror::Error;

/// Minimum length in characters (NIST SP 800-63B, 3.1.1.2).
pub const MIN_LENGTH: usize = 8;
/// Maximum length in characters: the time of hashing grows with it.
pub const MAX_LENGTH: usize = 256;

/// The reason why a password is rejected.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum PasswordError {
    /// Shorter than the minimum.
    #[error("A password has at least {MIN_LENGTH} characters.")]
    TooShort,
    /// Longer than the maximum.
    #[error("A password has at most {MAX_LENGTH} characters.")]
    TooLong,
}

impl PasswordError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooShort => "password_too_short",
            Self::TooLong => "password_too_long",
        }
    }
}

/// A valid password. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Validates a new password. White space is significant: the password is not trimmed.
    ///
    /// # Errors
    /// [`PasswordError`] with the reason.
    pub fn parse(text: &str) -> Result<Self, PasswordError> {
        match text.chars().count() {
            length if length < MIN_LENGTH => Err(PasswordError::TooShort),
            length if length > MAX_LENGTH => Err(PasswordError::TooLong),
            _ => Ok(Self(text.to_owned())),
        }
    }

    /// The password as an owned string.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password")
    }
}

#[cfg(test)]
mod tests {
    use super::{Password, PasswordError};

    #[test]
    fn a_password_is_neither_short_nor_endless() {
        for (text, expected) in [
            ("1234567", Some(PasswordError::TooShort)),
            ("12345678", None),
            ("пароль12", None),
            (&*"x".repeat(256), None),
            (&*"x".repeat(257), Some(PasswordError::TooLong)),
        ] {
            assert_eq!(Password::parse(text).err(), expected, "{text}");
        }
        assert_eq!(format!("{:?}", Password::parse("open sesame").unwrap()), "Password");
    }
}
