//! The courses and products that filters name. Loaded when a filter asks for them, not with the page.

use fanbase_domain::{ids::StoreId, wire::catalogue::ItemResponse};
use leptos::prelude::*;

use crate::{
    api,
    state::{
        fans_query::{Filter, Part},
        load::Load,
    },
};

/// What the store sells, once somebody has asked.
#[derive(Clone, Copy)]
pub(super) struct Catalogue {
    courses: Wanted,
    products: Wanted,
}

/// A list, and whether anybody wants it.
#[derive(Clone, Copy)]
struct Wanted {
    wanted: RwSignal<bool>,
    items: Load<Option<Vec<ItemResponse>>>,
}

impl Wanted {
    fn new(store: StoreId, kind: &'static str) -> Self {
        let wanted = RwSignal::new(false);
        let items = Load::new(move || {
            let wanted = wanted.get();
            async move { if wanted { api::catalogue::list_items(store, kind).await.map(Some) } else { Ok(None) } }
        });
        Self { wanted, items }
    }

    fn want(self) -> Load<Option<Vec<ItemResponse>>> {
        if !*self.wanted.read_untracked() {
            self.wanted.set(true);
        }
        self.items
    }
}

impl Catalogue {
    /// Of a store.
    pub(super) fn new(store: StoreId) -> Self {
        Self { courses: Wanted::new(store, "courses"), products: Wanted::new(store, "products") }
    }

    /// What a part of the filter can name; nothing until the answer is there.
    pub(super) fn items(self, part: Part) -> Load<Option<Vec<ItemResponse>>> {
        if part == Part::Course { self.courses.want() } else { self.products.want() }
    }

    /// What those are called that a filter names.
    pub(super) fn titles(self, part: Part, filter: &Filter) -> Vec<String> {
        let ids: Vec<String> = match part {
            Part::Course => filter.courses.iter().map(ToString::to_string).collect(),
            _ => filter.products.iter().map(ToString::to_string).collect(),
        };
        let items = self.items(part).value();
        let items = items.as_deref().and_then(Option::as_deref).unwrap_or_default();
        let title =
            |id: &String| items.iter().find(|item| item.id.to_string() == *id).map(|item| item.title.clone());
        ids.iter().filter_map(title).collect()
    }
}
