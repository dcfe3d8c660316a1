//! The OpenAPI document.

/// The document as JSON.
#[must_use]
pub fn document() -> String {
    String::new()
}
