//! `/api/v1/stores/{store_id}/courses` and `…/products`

use fanbase_domain::{
    ids::StoreId,
    wire::{catalogue::ItemResponse, page::Page},
};

use super::{ApiError, http};
use crate::state::query_string;

/// All courses, or all products, of a store.
pub(crate) async fn list_items(store: StoreId, kind: &str) -> Result<Vec<ItemResponse>, ApiError> {
    let mut items = Vec::new();
    let mut cursor = String::new();
    loop {
        let page: Page<ItemResponse> = http::get(format!("/stores/{store}/{kind}{cursor}")).await?;
        items.extend(page.items);
        match page.next_cursor {
            Some(next) => cursor = format!("?{}", query_string::encode([("cursor", next.as_str())])),
            None => return Ok(items),
        }
    }
}
