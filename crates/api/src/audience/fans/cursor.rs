//! Cursors as clients see them: opaque, signed, and bound to one list.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use fanbase_domain::{
    filter::FanFilter,
    ids::StoreId,
    page::{Cursor, Sort},
};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::{app_state::AppState, error::ApiError};

/// Bytes of the signature.
const SIGNATURE: usize = 16;

/// What a cursor belongs to: a store, an order and a filter as it was asked for. A course that is
/// added while somebody scrolls does not end the list.
#[must_use]
pub fn list_key(store_id: StoreId, sort: Sort, filter: &FanFilter) -> String {
    format!("{store_id} {sort} {:?}", filter.as_asked())
}

/// Writes a cursor of a list.
///
/// # Errors
/// Never in practice: a cursor is always JSON.
pub fn encode(state: &AppState, list: &str, cursor: &Cursor) -> Result<String, ApiError> {
    let mut bytes = serde_json::to_vec(cursor)?;
    let signature = sign(state, list, &bytes);
    bytes.extend(signature);
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// Reads a cursor of a list.
///
/// # Errors
/// When it was not made here, or for another list.
pub fn decode(state: &AppState, list: &str, text: &str) -> Result<Cursor, ApiError> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| ApiError::InvalidCursor)?;
    let split = bytes.len().checked_sub(SIGNATURE).ok_or(ApiError::InvalidCursor)?;
    let (json, signature) = bytes.split_at(split);
    if !bool::from(sign(state, list, json).ct_eq(signature)) {
        return Err(ApiError::InvalidCursor);
    }
    serde_json::from_slice(json).map_err(|_| ApiError::InvalidCursor)
}

fn sign(state: &AppState, list: &str, json: &[u8]) -> Vec<u8> {
    let mut message = Sha256::digest(list.as_bytes()).to_vec();
    message.extend(json);
    state.sign(&message)
}
