//! The rows that were not imported, or not fully: a page of them, and all as a file.

use std::sync::Arc;

use fanbase_domain::{
    ids::{ImportId, StoreId},
    wire::{
        imports::{ImportProblemResponse, Severity},
        page::Page,
    },
};
use leptos::prelude::*;

use super::history::pager;
use crate::{
    api,
    components::{Badge, Glyph, Icon, SkeletonLines, Tone, loaded},
    i18n::{format, t},
    router::Router,
    state::{load::Load, query_string},
};

#[component]
pub(super) fn Problems(store: StoreId, id: ImportId, count: u64) -> impl IntoView {
    let i = &t().imports;
    if count == 0 {
        return view! { <p class="content__note">{i.no_problems}</p> }.into_any();
    }
    let router: Router = expect_context();
    let problems = Load::new(move || {
        api::imports::list_problems(store, id, query_string::get(&router.address().query, "cursor"))
    });
    let waiting = || view! { <SkeletonLines lines=6 /> };
    view! {
        <section class="block">
            <header class="block__head">
                <h2 class="block__title">{i.problems}" "<span class="block__count">{format::count(count)}</span></h2>
                <a class="button" href=api::imports::problems_address(store, id) download="">
                    <Icon glyph=Glyph::Download />{i.download}
                </a>
            </header>
            <p class="content__note">{i.problems_detail}</p>
            {loaded(problems, i.problems, waiting, table)}
        </section>
    }.into_any()
}

fn table(page: Arc<Page<ImportProblemResponse>>) -> AnyView {
    let i = &t().imports;
    let rows = page.items.iter().map(|problem| {
        let tone = match problem.severity {
            Severity::Error => Tone::Bad,
            Severity::Warning => Tone::Notice,
            Severity::Undo => Tone::Neutral,
        };
        view! {
            <tr>
                <td class="table__number">{format::count(problem.line)}</td>
                <td class="table__wrap">{problem.email.clone()}</td>
                <td><Badge tone text=(i.severity)(problem.severity) /></td>
                <td class="table__wrap">{problem.reason.clone()}</td>
            </tr>
        }
    });
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=i.problems>
            <table class="table">
                <thead><tr>
                    <th scope="col" class="table__number">{i.line}</th><th scope="col">{i.email}</th>
                    <th scope="col">{i.problem}</th><th scope="col">{i.reason}</th>
                </tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
        {pager(page.prev_cursor.as_deref(), page.next_cursor.as_deref())}
    }
    .into_any()
}
