//! The table: a window onto all rows. What scrolls is as high as the list, or as high as a browser
//! allows; what is in the page is a few dozen rows.

use std::{cell::Cell, sync::Arc, time::Duration};

use leptos::{html, prelude::*};

use super::{
    Table,
    head::SelectAll,
    keys::{self, Command},
    row::{Cells, Slot},
    window::{Geometry, Scroll, Sight},
};
use crate::{
    i18n::{format, t},
    state::{fans_query::Density, memory},
};

/// The height of the head, in pixels; `grid.css` has the same.
const HEAD: f64 = 34.0;
/// The widths of the selection and of the first column, in pixels at least.
const FIRST: u32 = 44 + 220;
/// How many shapes of rows are shown until it is known how many rows there are.
const PLACEHOLDERS: u64 = 18;
/// How long the list has to rest before the scroll bar is put right.
const REST: Duration = Duration::from_millis(160);
/// The name under which the place in the list that was left is remembered.
const PLACE: &str = "place";

/// How rows are laid out. Other columns draw all cells again.
#[derive(Clone, PartialEq)]
pub(crate) struct Layout {
    /// The names of the columns behind the first, as style sheets call them.
    pub columns: Arc<[&'static str]>,
    /// Their widths, as style sheets write them.
    pub tracks: String,
    /// Their least width together, in pixels.
    pub least: u32,
    /// How high a row is.
    pub density: Density,
}

/// The table's place in the list.
#[derive(Clone, Copy)]
struct Viewport {
    table: Table,
    element: NodeRef<html::Div>,
    scroll: RwSignal<Scroll>,
    geometry: Memo<Geometry>,
}

impl Viewport {
    fn new(table: Table, layout: Memo<Layout>) -> Self {
        let (element, height) = (NodeRef::<html::Div>::new(), RwSignal::new(600.0));
        super::observe::follow_height(element, height);
        let geometry = Memo::new(move |_| Geometry {
            total: table.total.get().unwrap_or_default(),
            row: layout.read().density.row(),
            view: (height.get() - HEAD).max(0.0),
        });
        Self { table, element, scroll: RwSignal::new(Scroll::default()), geometry }
    }

    /// Takes in that the element was scrolled.
    fn scrolled(self) {
        let Some(element) = self.element.get_untracked() else { return };
        let (geometry, top) = (self.geometry.get_untracked(), f64::from(element.scroll_top()));
        self.scroll.update(|scroll| *scroll = scroll.follow(geometry, top));
        thread_local! { static LATEST: Cell<u32> = const { Cell::new(0) }; }
        let this = LATEST.get() + 1;
        LATEST.set(this);
        let settle = move || {
            let settled = self.scroll.try_get_untracked().and_then(|scroll| scroll.settle(geometry));
            if let Some(settled) = settled.filter(|_| LATEST.get() == this) {
                self.scroll_to(settled);
            }
        };
        set_timeout(settle, REST);
    }

    fn scroll_to(self, scroll: Scroll) {
        if self.scroll.try_get_untracked().is_some_and(|now| now != scroll) {
            self.scroll.set(scroll);
            if let Some(element) = self.element.get_untracked() {
                element.set_scroll_top(scroll.top() as i32);
            }
        }
    }

    /// Comes back to where the same list was left, after another page or a reload.
    fn remember_place(self) {
        let list = self.table.rows.list();
        let place = memory::recall_here(PLACE).unwrap_or_default();
        let left = place.split_once(' ').filter(|(_, left)| *left == *list.read_untracked());
        let left = left.and_then(|(row, _)| row.parse::<u64>().ok());
        let mut restored = left.is_none();
        Effect::new(move || {
            let geometry = self.geometry.get();
            if !restored && geometry.total > 0 && geometry.view > 0.0 {
                restored = true;
                let row = left.unwrap_or_default().min(geometry.total - 1);
                // Once the element is as high as the list.
                request_animation_frame(move || {
                    self.scroll_to(Scroll::default().reveal_first(geometry, row))
                });
            }
        });
        let first = Memo::new(move |_| (list.get(), self.scroll.get().seen(self.geometry.get()).start));
        Effect::new(move || {
            let (list, first) = &*first.read();
            memory::remember_here(PLACE, &format!("{first} {list}"));
        });
    }

    /// Moves the keyboard to a row.
    fn go(self, row: u64) {
        self.table.active.set(Some(row));
        // While the panel is open, it goes along.
        if self.table.open.read_untracked().is_some()
            && let Some(row) = self.table.rows.get(row)
        {
            self.table.opener.try_run(row);
        }
        self.scroll_to(self.scroll.get_untracked().reveal(self.geometry.get_untracked(), row));
    }

    fn press(self, event: &web_sys::KeyboardEvent) {
        // The buttons in the head have keys of their own.
        if keys::is_in_head(event) {
            return;
        }
        let modified = event.ctrl_key() || event.meta_key() || event.alt_key();
        let Some(command) = keys::command(&event.key(), event.shift_key()).filter(|_| !modified) else {
            return;
        };
        event.prevent_default();
        let geometry = self.geometry.get_untracked();
        let Some(last) = geometry.total.checked_sub(1) else { return };
        let active = self.table.active.get_untracked();
        let at = active.unwrap_or_else(|| self.scroll.get_untracked().seen(geometry).start);
        let page = (geometry.view / geometry.row).floor().max(1.0) as i64;
        let moved = |rows: i64| at.saturating_add_signed(rows).min(last);
        match command {
            // The first press only shows where the keyboard is.
            Command::Move { .. } if active.is_none() => self.go(at),
            Command::Move { rows, extend } => {
                if extend && !self.table.is_selected(at) {
                    self.table.pick(at, false);
                }
                self.go(moved(rows));
                if extend {
                    self.table.pick(moved(rows), true);
                }
            }
            Command::Page(pages) => self.go(moved(pages * page)),
            Command::First => self.go(0),
            Command::Last => self.go(last),
            Command::Open => {
                if let Some(row) = self.table.rows.get(at) {
                    self.table.opener.try_run(row);
                }
            }
            Command::Toggle => self.table.pick(at, false),
        }
    }
}

/// The rows under their head.
#[component]
pub(super) fn Grid(
    table: Table,
    label: &'static str,
    layout: Memo<Layout>,
    #[prop(into)] head: ViewFn,
    cells: Cells,
) -> impl IntoView {
    let viewport = Viewport::new(table, layout);
    let Viewport { element, scroll, geometry, .. } = viewport;
    Effect::new(move || {
        let geometry = geometry.get();
        table.rows.want(scroll.get().seen(geometry), geometry.total.max(1));
    });
    viewport.remember_place();
    let mut before: Option<(u32, Geometry)> = None;
    Effect::new(move || {
        let now = (table.rows.arrived(), geometry.get());
        if let (Some((arrived, old)), Some(element)) = (before.replace(now), element.get_untracked()) {
            if arrived != now.0 && arrived > 0 {
                // Another list starts at its start.
                element.set_scroll_top(0);
                table.active.set(None);
            } else if old.row != now.1.row {
                element.set_scroll_top(scroll.get_untracked().keep(old, now.1).top() as i32);
            }
        }
    });
    let waiting = Memo::new(move |_| table.total.get().is_none() && table.rows.is_stale());
    let sight = Memo::new(move |_| match waiting.get() {
        true => Sight::of_first(PLACEHOLDERS),
        false => scroll.get().sight(geometry.get()),
    });
    // Slots are only added, when the window becomes higher.
    let slots = Memo::new(move |before: Option<&u64>| {
        let most = geometry.get().slots();
        let drawn = sight.read().rows.clone().count() as u64;
        most.max(drawn).max(before.copied().unwrap_or_default())
    });
    let slot = move |slot: u64| {
        let index = Memo::new(move |_| sight.read().row_in(slot, slots.get()));
        let top = Memo::new(move |_| {
            // Before what depends on it: see `Footer`.
            let (base, row) = (sight.read().base(slots.get()), geometry.read().row);
            Some(index.get()?.saturating_sub(base) as f64 * row)
        });
        let top = Signal::derive(move || top.get().unwrap_or_default());
        view! { <Slot index top table cells=Arc::clone(&cells) /> }
    };
    let height = move || {
        let geometry = geometry.get();
        if waiting.get() { PLACEHOLDERS as f64 * geometry.row } else { geometry.height() }
    };
    let window_top = move || sight.read().top(slots.get(), geometry.read().row);
    let tracks = move || format!("44px minmax(220px, 1.6fr) {}", layout.read().tracks);
    let least = move || format!("{}px", FIRST + layout.read().least);
    view! {
        <div class="grid" role="grid" tabindex="0" node_ref=element aria-label=label
            aria-multiselectable="true" aria-rowcount=move || (geometry.read().total + 1).to_string()
            aria-colcount=move || (layout.read().columns.len() + 2).to_string()
            aria-activedescendant=move || table.active.get().map(|row| format!("row-{row}"))
            data-rows=move || layout.read().density.as_str() style:--columns=tracks style:--least=least
            on:scroll=move |_| viewport.scrolled() on:keydown=move |event| viewport.press(&event)>
            <div class="grid__head" role="rowgroup">
                <div class="row row--head" role="row" aria-rowindex="1">
                    <div class="cell cell--check" role="columnheader"><SelectAll table /></div>
                    {head.run()}
                </div>
            </div>
            <div class="grid__rows" role="rowgroup"
                style:height=move || format!("{}px", height() as i32)>
                <div class="grid__window" role="presentation"
                    style:transform=move || format!("translateY({}px)", window_top() as i32)>
                    <For each=move || 0..slots.get() key=|slot| *slot children=slot />
                </div>
            </div>
        </div>
        <Footer viewport />
    }
}

/// Which rows are in sight.
#[component]
fn Footer(viewport: Viewport) -> impl IntoView {
    let Viewport { table, scroll, geometry, .. } = viewport;
    let seen = Memo::new(move |_| scroll.get().seen(geometry.get()));
    let rows = move || {
        // The total first: Leptos 0.8.23 does not run an effect again for a memo if, before it, the effect
        // reads another that depends on it and stays the same.
        let total = table.total.get()?;
        let seen = seen.get();
        let first = (seen.start + 1).min(total);
        let f = format::count;
        Some((t().table.rows)(&f(first), &f(seen.end), &f(total)))
    };
    view! {
        <footer class="list__foot">
            <p>{rows}</p>
            <p class="list__keys" aria-hidden="true">{t().table.keys_hint}</p>
        </footer>
    }
}
