//! The open store, a context of everything under `/store/{store}`.

use fanbase_domain::wire::{fans::FanCountsResponse, stores::StoreResponse};
use leptos::prelude::*;

use super::session::Session;
use crate::api::{self, ApiError};

/// The store that the URL names.
#[derive(Clone)]
pub(crate) struct CurrentStore {
    /// The store.
    pub store: StoreResponse,
    /// How many fans it has, whatever the page filters.
    pub counts: LocalResource<Result<FanCountsResponse, ApiError>>,
}

impl CurrentStore {
    /// Opens a store, which loads its counts.
    pub(crate) fn open(store: StoreResponse, session: Session) -> Self {
        let id = store.id;
        let counts =
            LocalResource::new(move || async move { session.watch(api::fans::get_fan_counts(id, "").await) });
        Self { store, counts }
    }
}
