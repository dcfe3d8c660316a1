//! The imports so far, newest first.

use std::sync::Arc;

use fanbase_domain::wire::{
    imports::{ImportResponse, ImportStatus},
    page::Page,
};
use leptos::prelude::*;

use super::report::outcome;
use crate::{
    api,
    components::{Badge, SkeletonLines, Tone, When, loaded},
    i18n::t,
    router::Router,
    routes::{self, StorePage},
    state::{load::Load, query_string, store::CurrentStore},
};

#[component]
pub(super) fn History() -> impl IntoView {
    let store: CurrentStore = expect_context();
    let id = store.id();
    let router: Router = expect_context();
    let imports = Load::new(move || {
        api::imports::list_imports(id, query_string::get(&router.address().query, "cursor"))
    });
    let waiting = || view! { <SkeletonLines lines=6 /> };
    view! {
        <section class="block">
            <h2 class="block__title">{t().imports.history}</h2>
            {loaded(imports, t().imports.failed, waiting, move |page| table(page, store))}
        </section>
    }
}

fn table(page: Arc<Page<ImportResponse>>, store: CurrentStore) -> AnyView {
    let i = &t().imports;
    if page.items.is_empty() {
        return view! { <p class="content__note">{i.none}</p> }.into_any();
    }
    let rows = without_superseded(&page.items).map(|import| row(import, store));
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=i.history>
            <table class="table">
                <thead><tr>
                    <th scope="col">{i.file}</th><th scope="col">{t().fan.status}</th>
                    <th scope="col">{i.result}</th><th scope="col">{i.when}</th>
                </tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
        {pager(page.prev_cursor.as_deref(), page.next_cursor.as_deref())}
    }
    .into_any()
}

/// The imports without the checks that led on to another check of the same file, or to its import.
fn without_superseded(newest_first: &[ImportResponse]) -> impl Iterator<Item = &ImportResponse> {
    let file = |import: &ImportResponse| (import.file_name.clone(), import.bytes);
    newest_first.iter().enumerate().filter_map(move |(at, import)| {
        let is_check = import.options.dry_run && import.status.is_final();
        let led_on = newest_first[..at].iter().any(|newer| file(newer) == file(import));
        (!(is_check && led_on)).then_some(import)
    })
}

fn row(import: &ImportResponse, store: CurrentStore) -> AnyView {
    let i = &t().imports;
    let (tone, status) = match import.status {
        ImportStatus::Completed if import.options.dry_run => (Tone::Neutral, i.checked),
        ImportStatus::Completed => (Tone::Good, (i.status)(import.status)),
        ImportStatus::Failed => (Tone::Bad, (i.status)(import.status)),
        ImportStatus::Undone => (Tone::Neutral, (i.status)(import.status)),
        _ => (Tone::Paying, (i.status)(import.status)),
    };
    let result = import.error.clone().unwrap_or_else(|| match import.options.dry_run {
        true => (i.would)(&outcome(&import.tally)),
        false => outcome(&import.tally),
    });
    let href = routes::store(&store.slug(), StorePage::Import(import.id));
    view! {
        <tr>
            <th scope="row"><a class="link" href=href>{import.file_name.clone()}</a></th>
            <td><Badge tone text=status /></td>
            <td class="table__wrap">{result}</td>
            <td><When at=import.created_at /></td>
        </tr>
    }
    .into_any()
}

/// Leads to the pages before and after, if there are any; the cursor is in the address.
pub(super) fn pager(before: Option<&str>, after: Option<&str>) -> AnyView {
    let path = &expect_context::<Router>().address_now().path;
    let link = |cursor: &str, label: &'static str| {
        let href = format!("{path}?{}", query_string::encode([("cursor", cursor)]));
        view! { <a class="button" href=href>{label}</a> }
    };
    let before = before.map(|cursor| link(cursor, t().imports.newer));
    let after = after.map(|cursor| link(cursor, t().imports.older));
    (before.is_some() || after.is_some())
        .then(|| view! { <nav class="pager">{before}{after}</nav> })
        .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn import(file: &str, dry_run: bool, status: &str) -> ImportResponse {
        serde_json::from_value(serde_json::json!({
            "id": "0199f1c2-6a35-7c2e-9a57-3c1d2b8e4f10", "status": status, "file_name": file, "bytes": 10,
            "bytes_done": 10, "options": {"dry_run": dry_run}, "shape": null, "rows": 0, "created": 0, "updated": 0,
            "unchanged": 0, "duplicate_in_file": 0, "invalid": 0, "problems": 0, "kept_unsubscribed": 0,
            "undo_left": 0, "error": null, "error_code": null, "created_at": "2026-01-02T03:04:05Z",
            "started_at": null, "finished_at": null,
        }))
        .unwrap()
    }

    #[test]
    fn a_check_is_shown_until_something_came_of_it() {
        let imports = [
            import("b.csv", true, "completed"),
            import("a.csv", false, "completed"),
            import("b.csv", true, "completed"),
            import("a.csv", true, "completed"),
            import("a.csv", true, "failed"),
            import("c.csv", true, "completed"),
            import("a.csv", false, "undone"),
        ];
        let shown: Vec<_> = without_superseded(&imports)
            .map(|import| (import.file_name.as_str(), import.options.dry_run, import.status))
            .collect();
        assert_eq!(
            shown,
            [
                ("b.csv", true, ImportStatus::Completed),
                ("a.csv", false, ImportStatus::Completed),
                ("c.csv", true, ImportStatus::Completed),
                ("a.csv", false, ImportStatus::Undone),
            ]
        );
    }
}
