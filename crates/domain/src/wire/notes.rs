//! `/api/v1/stores/{store_id}/customers/{customer_id}/notes`

use serde::{Deserialize, Serialize};

use crate::{
    field_errors::FieldErrors,
    ids::{NoteId, UserId},
    time::Timestamp,
};

/// Longest note, in characters.
const MAX_NOTE: usize = 20_000;

/// A note to write.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NoteRequest {
    /// The text (Markdown), at most 20,000 characters.
    #[cfg_attr(feature = "openapi", schema(example = "Asked about the mixing course."))]
    pub text: String,
}

/// The text of a note, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteText(pub String);

impl TryFrom<NoteRequest> for NoteText {
    type Error = FieldErrors;

    fn try_from(request: NoteRequest) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        match errors.text("/text", Some(&request.text), MAX_NOTE) {
            Some(text) => Ok(Self(text)),
            None => {
                if errors.is_empty() {
                    errors.add("/text", "required", "The note is blank.");
                }
                Err(errors)
            }
        }
    }
}

/// A note on a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NoteResponse {
    /// Its id.
    pub id: NoteId,
    /// Its text (Markdown).
    #[cfg_attr(feature = "openapi", schema(example = "Asked about the **mixing** course."))]
    pub text: String,
    /// The same as HTML that is safe to show: without scripts, pictures, styles and relative links.
    #[cfg_attr(
        feature = "openapi",
        schema(example = "<p>Asked about the <strong>mixing</strong> course.</p>\n")
    )]
    pub html: String,
    /// Who wrote it; null for an API key.
    pub author_id: Option<UserId>,
    /// When it was written.
    pub created_at: Timestamp,
}
