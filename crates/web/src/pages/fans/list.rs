//! The table of fans: its columns, and what is shown in the place of nobody.

use std::sync::Arc;

use fanbase_domain::{
    page::{Sort, SortColumn},
    role::Permission,
};
use leptos::prelude::*;

use super::{Fans, row};
use crate::{
    components::{Glyph, Place, StatePanel},
    i18n::{format, t},
    router::Leave,
    routes::{self, StorePage},
    state::fans_query::{Column, FansQuery},
    table::{Layout, List, Sorting},
};

#[component]
pub(super) fn FanList() -> impl IntoView {
    let fans: Fans = expect_context();
    let columns = Memo::new(move |_| -> Arc<[Column]> { fans.columns().into() });
    let layout = Memo::new(move |_| {
        let columns = columns.read();
        let tracks: Vec<&str> = columns.iter().map(|column| column.track()).collect();
        Layout {
            columns: columns.iter().map(|column| column.as_str()).collect(),
            tracks: tracks.join(" "),
            least: columns.iter().map(|column| column.least()).sum(),
            density: fans.density(),
        }
    });
    let formats = StoredValue::new_local(format::Formats::new(fans.store.get().currency));
    let cells = move |row| row::cells(row, &columns.read(), formats, fans);
    let sorting = sorting(fans);
    let head = move || {
        let heads = move || {
            let columns = columns.get();
            let heads = columns.iter().map(|column| {
                let sort = column.sort().map(SortColumn::as_str);
                sorting.head(column.as_str(), (t().fans.column)(*column), sort)
            });
            heads.collect_view()
        };
        view! { {sorting.head("who", t().fans.fan, Some(SortColumn::Name.as_str()))}{heads} }
    };
    let retry = Callback::new(move |()| {
        fans.table.rows.restart();
        fans.counts.again();
        fans.store.counts.again();
    });
    let nothing = move || view! { <Nobody fans /> };
    view! {
        <List table=fans.table label=(t().fans.title)(fans.audience()) layout head=head cells=Arc::new(cells)
            nothing=nothing failed=t().fans.failed retry />
    }
}

fn sorting(fans: Fans) -> Sorting {
    let turn = Callback::new(move |sort: String| {
        let query = fans.query.get_untracked();
        fans.show(&query.with_sort(Sort::parse(&sort).unwrap_or_default()), Leave::Keep);
    });
    Sorting { now: Memo::new(move |_| fans.query.read().sort.to_string()), turn }
}

/// Nobody to show: because of search or filters, or since the store is new.
#[component]
pub(super) fn Nobody(fans: Fans) -> impl IntoView {
    let f = &t().fans;
    let slug = fans.store.slug();
    move || {
        if fans.query.read().filter.is_empty() {
            let import = routes::store(&slug, StorePage::NewImport);
            view! {
                <StatePanel glyph=Glyph::Fans place=Place::Part title=f.empty_title detail=f.empty_detail>
                    {fans.store.may(Permission::Import).then(|| view! {
                        <a class="button button--primary" href=import>{t().frame.import}</a>
                    })}
                </StatePanel>
            }
        } else {
            let everyone = routes::fans(&slug, &FansQuery::of(fans.audience()));
            view! {
                <StatePanel glyph=Glyph::Search place=Place::Part title=f.nothing_title detail=f.nothing_detail>
                    <a class="button" href=everyone>{f.show_all}</a>
                </StatePanel>
            }
        }
    }
}
