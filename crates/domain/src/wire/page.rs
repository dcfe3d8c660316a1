//! A page of a list.

use serde::{Deserialize, Serialize};

/// A page of a list, in the order of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Continues after the last item; null at the end of the list.
    #[cfg_attr(feature = "openapi", schema(example = "eyJwIjp7InYiOjE3…"))]
    pub next_cursor: Option<String>,
    /// Leads to what precedes the first item; null at the start of the list.
    pub prev_cursor: Option<String>,
}
