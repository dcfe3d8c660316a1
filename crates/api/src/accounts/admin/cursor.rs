//! Keyset cursor of a list of accounts.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use fanbase_domain::page::SortValue;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::params::UserSort;
use crate::error::ApiError;

/// The keyset position after which a page starts. Needs no signature: admins see every account, so that a
/// forged cursor reveals nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserCursor {
    sort: String,
    /// The account's sort value, if it has one.
    pub value: Option<SortValue>,
    /// The account.
    pub id: Uuid,
}

impl UserCursor {
    /// The position after an account, in a list of this order.
    #[must_use]
    pub fn new(sort: UserSort, value: Option<SortValue>, id: Uuid) -> Self {
        Self { sort: sort.to_string(), value, id }
    }

    /// Encodes the cursor.
    ///
    /// # Errors
    /// Never in practice: it is always JSON.
    pub fn encode(&self) -> Result<String, ApiError> {
        Ok(URL_SAFE_NO_PAD.encode(serde_json::to_vec(self)?))
    }

    /// Decodes a cursor for a list of this order.
    ///
    /// # Errors
    /// `ApiError::InvalidCursor` when the cursor is malformed, or belongs to a list of another order.
    pub fn decode(text: &str, sort: UserSort) -> Result<Self, ApiError> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| ApiError::InvalidCursor)?;
        let cursor: Self = serde_json::from_slice(&bytes).map_err(|_| ApiError::InvalidCursor)?;
        if cursor.sort == sort.to_string() { Ok(cursor) } else { Err(ApiError::InvalidCursor) }
    }
}
