//! The open store, a context of everything under `/store/{store}`.

use fanbase_domain::{
    ids::StoreId,
    role::Permission,
    wire::{fans::FanCountsResponse, stores::StoreResponse, tags::TagResponse},
};
use leptos::prelude::*;

use super::load::Load;
use crate::api;

/// The store that the URL names.
#[derive(Clone, Copy)]
pub(crate) struct CurrentStore {
    id: StoreId,
    store: RwSignal<StoreResponse>,
    /// How many fans it has, whatever the page filters.
    pub counts: Load<FanCountsResponse>,
    /// Its tags, with how many customers have each.
    pub tags: Load<Vec<TagResponse>>,
}

impl CurrentStore {
    /// Opens a store, which loads what every page of it shows.
    pub(crate) fn open(store: StoreResponse) -> Self {
        let id = store.id;
        Self {
            id,
            store: RwSignal::new(store),
            counts: Load::new(move || api::fans::get_fan_counts(id, String::new())),
            tags: Load::new(move || api::tags::list_tags(id)),
        }
    }

    /// The names of its tags, the most used first; followed.
    pub(crate) fn tag_names(self) -> Vec<String> {
        let Some(tags) = self.tags.value() else { return Vec::new() };
        let mut tags: Vec<&TagResponse> = tags.iter().collect();
        tags.sort_by_key(|tag| std::cmp::Reverse(tag.customers));
        tags.into_iter().map(|tag| tag.name.clone()).collect()
    }

    /// The store itself.
    pub(crate) fn get(self) -> StoreResponse {
        self.store.get_untracked()
    }

    /// Whether it is known to have nobody but accounts; followed.
    pub(crate) fn is_new(self) -> bool {
        self.counts.value().is_some_and(|counts| counts.lead + counts.paying + counts.subscription == 0)
    }

    /// Takes in other settings of it.
    pub(crate) fn replace(self, store: StoreResponse) {
        self.store.set(store);
    }

    /// Its id.
    pub(crate) fn id(self) -> StoreId {
        self.id
    }

    /// Whether whoever is signed in may do something in it.
    pub(crate) fn may(self, permission: Permission) -> bool {
        self.store.read_untracked().permissions.contains(&permission)
    }

    /// Its part of the address.
    pub(crate) fn slug(self) -> String {
        self.store.read_untracked().slug.clone()
    }
}
