//! The table: a window onto all rows. What scrolls is as high as the list, or as high as a browser
//! allows; what is in the page is a few dozen rows.

use std::{cell::Cell, sync::Arc, time::Duration};

use crate::ui::prelude::*;
use fanbase_domain::wire::fans::FanResponse;

use super::{
    Fans,
    grid_head::GridHead,
    keys::{self, Command},
    row::{FanRow, SkeletonRow},
    window::{Geometry, Scroll},
};
use crate::{
    i18n::{format, t},
    state::fans_query::Column,
};

/// The height of the head, in pixels; `grid.css` has the same.
const HEAD: f64 = 34.0;
/// How long the list has to rest before the scroll bar is put right.
const REST: Duration = Duration::from_millis(160);

/// A row that is drawn.
#[derive(Clone)]
struct Line {
    index: u64,
    fan: Option<Arc<FanResponse>>,
    columns: Arc<[Column]>,
}

impl Line {
    /// Differs when the row has to be drawn anew.
    fn key(&self) -> [u64; 2] {
        let fan = self.fan.as_ref().map_or(0, |fan| Arc::as_ptr(fan).addr());
        // Addresses of a browser's memory have 32 bits.
        [self.index, (fan as u64) << 32 ^ self.columns.as_ptr().addr() as u64]
    }
}

impl PartialEq for Line {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

/// The table's place in the list.
#[derive(Clone, Copy)]
struct Viewport {
    fans: Fans,
    element: NodeRef<web_sys::HtmlElement>,
    scroll: RwSignal<Scroll>,
    geometry: Memo<Geometry>,
}

impl Viewport {
    fn new(fans: Fans) -> Self {
        let (element, height) = (NodeRef::<web_sys::HtmlElement>::new(), RwSignal::new(600.0));
        super::observe::follow_height(element, height);
        let geometry = Memo::new(move || Geometry {
            total: fans.total().unwrap_or_default(),
            row: fans.density().row(),
            view: (height.get() - HEAD).max(0.0),
        });
        Self { fans, element, scroll: RwSignal::new(Scroll::default()), geometry }
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
        if self.scroll.get_untracked() != scroll {
            self.scroll.set(scroll);
            if let Some(element) = self.element.get_untracked() {
                element.set_scroll_top(scroll.top() as i32);
            }
        }
    }

    /// Moves the keyboard to a row.
    fn go(self, row: u64) {
        self.fans.active.set(Some(row));
        // While the panel is open, it goes along.
        if self.fans.open.read_untracked().is_some()
            && let Some(fan) = self.fans.rows.get(row)
        {
            self.fans.open(fan.id);
        }
        self.scroll_to(self.scroll.get_untracked().reveal(self.geometry.get_untracked(), row));
    }

    fn press(self, event: &web_sys::KeyboardEvent) {
        let modified = event.ctrl_key() || event.meta_key() || event.alt_key();
        let Some(command) = keys::command(&event.key(), event.shift_key()).filter(|_| !modified) else {
            return;
        };
        event.prevent_default();
        let geometry = self.geometry.get_untracked();
        let Some(last) = geometry.total.checked_sub(1) else { return };
        let active = self.fans.active.get_untracked();
        let at = active.unwrap_or_else(|| self.scroll.get_untracked().seen(geometry).start);
        let page = (geometry.view / geometry.row).floor().max(1.0) as i64;
        let moved = |rows: i64| at.saturating_add_signed(rows).min(last);
        match command {
            // The first press only shows where the keyboard is.
            Command::Move { .. } if active.is_none() => self.go(at),
            Command::Move { rows, extend } => {
                if extend && !self.fans.is_selected(at) {
                    self.fans.pick(at, false);
                }
                self.go(moved(rows));
                if extend {
                    self.fans.pick(moved(rows), true);
                }
            }
            Command::Page(pages) => self.go(moved(pages * page)),
            Command::First => self.go(0),
            Command::Last => self.go(last),
            Command::Open => {
                if let Some(fan) = self.fans.rows.get(at) {
                    self.fans.open(fan.id);
                }
            }
            Command::Toggle => self.fans.pick(at, false),
        }
    }
}

#[component]
pub(super) fn Grid() -> impl IntoView {
    let fans: Fans = expect_context();
    let viewport = Viewport::new(fans);
    let Viewport { element, scroll, geometry, .. } = viewport;
    effect(move || {
        let geometry = geometry.get();
        fans.rows.want(scroll.get().seen(geometry), geometry.total.max(1));
    });
    let mut before: Option<(u32, Geometry)> = None;
    effect(move || {
        let now = (fans.rows.arrived(), geometry.get());
        if let (Some((arrived, old)), Some(element)) = (before.replace(now), element.get_untracked()) {
            if arrived != now.0 {
                // Another list starts at its start.
                element.set_scroll_top(0);
                fans.active.set(None);
            } else if old.row != now.1.row {
                element.set_scroll_top(scroll.get_untracked().keep(old, now.1).top() as i32);
            }
        }
    });
    let columns = Memo::new(move || -> Arc<[Column]> { fans.columns().into() });
    let sight = Memo::new(move || scroll.get().sight(geometry.get()));
    let lines = Memo::new(move || {
        let columns = columns.get();
        let lines = fans.rows.lines(sight.read().rows.clone()).into_iter();
        lines.map(|(index, fan)| Line { index, fan, columns: Arc::clone(&columns) }).collect::<Vec<_>>()
    });
    let currency = fans.store.get().currency;
    let formats = StoredValue::new_local(format::Formats::new(currency));
    let row = move |line: Line| match line.fan {
        Some(fan) => view! { <FanRow index=line.index fan columns=line.columns formats /> }.into_any(),
        None => view! { <SkeletonRow index=line.index columns=line.columns /> }.into_any(),
    };
    let waiting = move || fans.total().is_none() && fans.rows.is_stale();
    let skeletons = move || {
        waiting().then(|| {
            let rows = (0..18).map(|index| view! { <SkeletonRow index columns=columns.get_untracked() /> });
            rows.collect_view()
        })
    };
    let tracks = move || {
        let tracks: Vec<&str> = columns.read().iter().map(|column| column.track()).collect();
        format!("44px minmax(220px, 1.6fr) {}", tracks.join(" "))
    };
    let least =
        move || format!("{}px", 44 + 220 + columns.read().iter().map(|column| column.least()).sum::<u32>());
    view! {
        <div class="grid" role="grid" tabindex="0" node_ref=element aria-label=t().fans.table
            aria-multiselectable="true" aria-rowcount=move || (geometry.read().total + 1).to_string()
            aria-colcount=move || (columns.read().len() + 2).to_string()
            aria-activedescendant=move || fans.active.get().map(|row| format!("fan-{row}"))
            data-rows=move || fans.density().as_str() style:--columns=tracks style:--least=least
            on:scroll=move |_| viewport.scrolled() on:keydown=move |event| viewport.press(&event)>
            <GridHead columns />
            <div class="grid__rows" role="rowgroup"
                style:height=move || format!("{}px", geometry.get().height() as i32)>
                <div class="grid__window" role="presentation"
                    style:transform=move || format!("translateY({}px)", sight.read().top(geometry.read().row) as i32)>
                    {each(move || lines.get(), Line::key, row)}
                    {skeletons}
                </div>
            </div>
        </div>
        <Footer viewport />
    }
}

/// Which rows are in sight.
#[component]
fn Footer(viewport: Viewport) -> impl IntoView {
    let Viewport { fans, scroll, geometry, .. } = viewport;
    let seen = Memo::new(move || scroll.get().seen(geometry.get()));
    let rows = move || {
        let (seen, total) = (seen.get(), fans.total()?);
        let first = (seen.start + 1).min(total);
        let f = format::count;
        Some((t().fans.rows)(&f(first), &f(seen.end), &f(total)))
    };
    view! {
        <footer class="list__foot">
            <p>{rows}</p>
            <p class="list__keys" aria-hidden="true">{t().fans.keys_hint}</p>
        </footer>
    }
}
