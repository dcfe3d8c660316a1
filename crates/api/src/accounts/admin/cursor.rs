//! Where a list of accounts goes on.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use fanbase_domain::page::SortValue;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::params::UserSort;
use crate::error::ApiError;

/// Behind which account a page starts. Admins see every account, so that nothing is to be
/// gained by making one up, and it needs no signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserCursor {
    sort: String,
    /// What the account is sorted by, if it has that.
    pub value: Option<SortValue>,
    /// The account.
    pub id: Uuid,
}

impl UserCursor {
    /// Behind an account, in a list of this order.
    #[must_use]
    pub fn new(sort: UserSort, value: Option<SortValue>, id: Uuid) -> Self {
        Self { sort: sort.to_string(), value, id }
    }

    /// Writes it.
    ///
    /// # Errors
    /// Never in practice: it is always JSON.
    pub fn encode(&self) -> Result<String, ApiError> {
        Ok(URL_SAFE_NO_PAD.encode(serde_json::to_vec(self)?))
    }

    /// Reads one of a list of this order.
    ///
    /// # Errors
    /// When it is none, or of a list of another order.
    pub fn decode(text: &str, sort: UserSort) -> Result<Self, ApiError> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| ApiError::InvalidCursor)?;
        let cursor: Self = serde_json::from_slice(&bytes).map_err(|_| ApiError::InvalidCursor)?;
        if cursor.sort == sort.to_string() { Ok(cursor) } else { Err(ApiError::InvalidCursor) }
    }
}
