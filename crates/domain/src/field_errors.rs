//! Collecting every error of a request, not only the first.

use serde::{Deserialize, Serialize};

/// One field or parameter that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// Where: a JSON pointer (RFC 6901) into the body, or the name of a parameter.
    #[cfg_attr(feature = "openapi", schema(example = "/email"))]
    pub pointer: String,
    /// The stable code.
    #[cfg_attr(feature = "openapi", schema(example = "email_invalid"))]
    pub code: String,
    /// A sentence for people.
    #[cfg_attr(feature = "openapi", schema(example = "This is not an e-mail address."))]
    pub message: String,
}

/// All that is wrong with a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    /// Nothing wrong so far.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes that something is wrong.
    pub fn add(&mut self, pointer: impl Into<String>, code: &str, message: impl Into<String>) {
        self.0.push(FieldError { pointer: pointer.into(), code: code.to_owned(), message: message.into() });
    }

    /// Trims a text, checks its length in characters, and puts it into Unicode NFC; blank is `None`.
    pub fn text(&mut self, pointer: &str, value: Option<&str>, max: usize) -> Option<String> {
        let value = crate::text::nfc(crate::text::non_blank(value?)?);
        if value.chars().count() > max {
            self.add(pointer, "too_long", format!("At most {max} characters."));
            return None;
        }
        if value.chars().any(|c| c.is_control() && c != '\n' && c != '\t' && c != '\r') {
            self.add(pointer, "control_character", "Control characters are not allowed.");
            return None;
        }
        Some(value.into_owned())
    }

    /// A field of a PATCH that cannot be cleared: null is wrong, absent is not.
    pub fn not_null<T>(&mut self, pointer: &str, value: Option<Option<T>>) -> Option<T> {
        if matches!(value, Some(None)) {
            self.add(pointer, "required", "This can be changed, but not cleared.");
        }
        value.flatten()
    }

    /// The value if nothing was wrong.
    ///
    /// # Errors
    /// Returns all that was noted.
    pub fn into_result<T>(self, value: T) -> Result<T, Self> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }

    /// Whether nothing was noted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All that was noted.
    #[must_use]
    pub fn into_vec(self) -> Vec<FieldError> {
        self.0
    }
}
