//! Collects all validation errors of a request, not only the first.

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
    /// No errors.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an error.
    pub fn add(&mut self, pointer: impl Into<String>, code: &str, message: impl Into<String>) {
        self.0.push(FieldError { pointer: pointer.into(), code: code.to_owned(), message: message.into() });
    }

    /// Trims a text and normalises it to Unicode NFC; a blank text is `None`. A text of more than `max`
    /// characters or with control characters is an error.
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

    /// A PATCH field that cannot be cleared: null is an error, an absent field is not.
    pub fn not_null<T>(&mut self, pointer: &str, value: Option<Option<T>>) -> Option<T> {
        if matches!(value, Some(None)) {
            self.add(pointer, "required", "This can be changed, but not cleared.");
        }
        value.flatten()
    }

    /// Returns the value if there are no errors.
    ///
    /// # Errors
    /// All collected errors.
    pub fn into_result<T>(self, value: T) -> Result<T, Self> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }

    /// Whether there are no errors.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All collected errors.
    #[must_use]
    pub fn into_vec(self) -> Vec<FieldError> {
        self.0
    }
}
