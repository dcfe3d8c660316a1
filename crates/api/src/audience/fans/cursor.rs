//! Encodes and verifies cursors: opaque, signed, and bound to one list.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use fanbase_domain::{
    filter::FanFilter,
    ids::StoreId,
    page::{Cursor, Sort},
};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::{app_state::AppState, error::ApiError};

/// The length of the signature in bytes.
const SIGNATURE: usize = 16;

/// The identity of a list: store, order and requested filter. It leaves out the matches of the search in the
/// catalogue, so that a new course does not invalidate cursors.
#[must_use]
pub fn list_key(store_id: StoreId, sort: Sort, filter: &FanFilter) -> String {
    format!("{store_id} {sort} {:?}", filter.as_asked())
}

/// Encodes a cursor of a list.
///
/// # Errors
/// [`ApiError::Internal`], which cannot happen: a cursor can always be serialised.
pub fn encode(state: &AppState, list: &str, cursor: &Cursor) -> Result<String, ApiError> {
    let mut bytes = serde_json::to_vec(cursor)?;
    let signature = sign(state, list, &bytes);
    bytes.extend(signature);
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// Decodes a cursor of a list.
///
/// # Errors
/// [`ApiError::InvalidCursor`] when the cursor is malformed, or its signature is wrong or for another list.
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
