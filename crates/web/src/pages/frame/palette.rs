//! The command palette, on Ctrl or ⌘ K: pages, commands and fans by a few letters.

use std::time::Duration;

use fanbase_domain::{
    text,
    wire::{auth::MeResponse, fans::FanResponse},
};
use leptos::ev;
use leptos::{html, prelude::*};

use super::palette_entries::{Deed, Entry, commands};
use crate::{
    api,
    components::{Glyph, Icon, unique_id},
    i18n::{case, t},
    router::{Leave, Router},
    routes,
    state::{
        fans_query::FansQuery, load::Load, palette::Palette, query_string, session::Session,
        store::CurrentStore, task, theme::ThemeChoice,
    },
};

/// How long a pause in the typing has to be before fans are searched.
const PAUSE: Duration = Duration::from_millis(120);
/// How many fans are offered.
const FANS: &str = "6";

#[component]
pub(super) fn CommandPalette(me: MeResponse) -> impl IntoView {
    let palette: Palette = expect_context();
    let keys = window_event_listener(ev::keydown, move |event| {
        if event.key().eq_ignore_ascii_case("k") && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            palette.toggle();
        }
    });
    on_cleanup(move || {
        keys.remove();
        palette.close();
    });
    move || palette.is_open().then(|| view! { <Open me=me.clone() /> })
}

#[component]
fn Open(me: MeResponse) -> impl IntoView {
    let (palette, current): (Palette, Option<CurrentStore>) = (expect_context(), use_context());
    let dialog = NodeRef::<html::Dialog>::new();
    dialog.on_load(|dialog| {
        // Refused only if it is open already.
        _ = dialog.show_modal();
    });
    on_cleanup(move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    });
    let (typed, searched, at) =
        (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(0));
    let mut search = debounce(PAUSE, move |text: String| {
        searched.set(text);
    });
    let slug = current.map(CurrentStore::slug);
    let found = found(current, searched);
    let entries = Memo::new(move |_| {
        let mut entries = commands(slug.as_deref(), &me, &typed.read());
        // Results of an earlier search text are not offered: Enter would open another fan.
        let is_current = *searched.read() == *typed.read();
        if let (Some(slug), Some(fans), true) = (&slug, found.value(), is_current) {
            entries.extend(fan_entries(slug, &fans, &searched.read()));
        }
        entries
    });
    let settled = Memo::new(move |_| !found.is_pending() && *searched.read() == *typed.read());
    let act = deeds();
    let list = unique_id("palette");
    let option = {
        let list = list.clone();
        move |i: usize| format!("{list}-{i}")
    };
    let (active, chosen_id) = (option.clone(), option.clone());
    let active = move || (!entries.read().is_empty()).then(|| active(at.get()));
    let awaited = RwSignal::new(false);
    Effect::new(move || {
        if settled.get() && *awaited.read_untracked() {
            awaited.set(false);
            if let Some(entry) = entries.get_untracked().first() {
                act.try_run(entry.deed.clone());
            }
        }
    });
    let keydown = move |event: web_sys::KeyboardEvent| {
        let count = entries.read_untracked().len().max(1);
        match event.key().as_str() {
            "ArrowDown" => at.update(|at| *at = (*at + 1) % count),
            "ArrowUp" => at.update(|at| *at = (*at + count - 1) % count),
            "Enter" => match entries.get_untracked().get(at.get_untracked()) {
                Some(entry) => _ = act.try_run(entry.deed.clone()),
                // The answer is on its way: its first entry is what is meant.
                None => awaited.set(!settled.get_untracked()),
            },
            _ => return,
        }
        event.prevent_default();
        let chosen = chosen_id(at.get_untracked());
        request_animation_frame(move || {
            if let Some(option) = document().get_element_by_id(&chosen) {
                let nearest = web_sys::ScrollIntoViewOptions::new();
                nearest.set_block(web_sys::ScrollLogicalPosition::Nearest);
                option.scroll_into_view_with_scroll_into_view_options(&nearest);
            }
        });
    };
    let input = move |event| {
        let text = event_target_value(&event);
        at.set(0);
        awaited.set(false);
        typed.set(text.clone());
        search(text);
    };
    let options = move || {
        let entries = entries.get();
        let nothing = entries.is_empty() && !found.is_pending();
        let lines = entries.into_iter().enumerate().map(|(i, entry)| {
            view! { <Line entry id=option(i) chosen=Signal::derive(move || at.get() == i) act /> }
        });
        let nothing = nothing.then(
            || view! { <li class="palette__nothing" role="presentation">{t().frame.palette_nothing}</li> },
        );
        (lines.collect_view(), nothing).into_any()
    };
    view! {
        <dialog class="palette" node_ref=dialog aria-label=t().frame.palette on:close=move |_| palette.close()
            on:click=move |event| if event.target() == event.current_target() { palette.close() }>
            <div class="palette__box">
                <div class="palette__field">
                    <Icon glyph=Glyph::Search />
                    <input class="palette__input" type="text" role="combobox" aria-expanded="true" autofocus
                        aria-label=t().frame.palette aria-controls=list.clone() aria-activedescendant=active
                        placeholder=t().frame.palette_hint autocomplete="off" spellcheck="false"
                        on:input=input on:keydown=keydown />
                </div>
                <ul class="palette__list" id=list role="listbox" aria-label=t().frame.palette>{options}</ul>
            </div>
        </dialog>
    }
}

/// The fans that are found by what was typed.
fn found(current: Option<CurrentStore>, searched: RwSignal<String>) -> Load<Vec<FanResponse>> {
    let id = current.map(CurrentStore::id);
    Load::new(move || {
        let search = text::non_blank(&searched.read()).map(str::to_owned);
        async move {
            let (Some(id), Some(search)) = (id, search) else { return Ok(Vec::new()) };
            let query = query_string::encode([("search", search.as_str()), ("limit", FANS)]);
            api::fans::list_fans(id, query).await.map(|page| page.items)
        }
    })
}

fn fan_entries(slug: &str, fans: &[FanResponse], searched: &str) -> Vec<Entry> {
    let query = FansQuery::default();
    let mut fans: Vec<&FanResponse> = fans.iter().collect();
    // Whose name or address begins with what was typed comes first.
    fans.sort_by_key(|fan| rank(fan, searched));
    let mut entries: Vec<Entry> = fans
        .into_iter()
        .map(|fan| Entry {
            glyph: Glyph::Fans,
            label: fan.name.clone().unwrap_or_else(|| fan.email.clone()),
            detail: fan.name.as_ref().map(|_| fan.email.clone()).unwrap_or_default(),
            deed: Deed::Go(routes::fan(slug, fan.id, &query)),
        })
        .collect();
    if let Some(search) = text::non_blank(searched) {
        entries.push(Entry {
            glyph: Glyph::Search,
            label: (t().frame.palette_all)(search),
            detail: String::new(),
            deed: Deed::Go(routes::fans(slug, &query.with_search(search))),
        });
    }
    entries
}

/// Rank of a match, the best first.
fn rank(fan: &FanResponse, searched: &str) -> u8 {
    let searched = case::lower(searched.trim());
    let name = case::lower(fan.name.as_deref().unwrap_or_default());
    let email = case::lower(&fan.email);
    if name == searched || email == searched {
        0
    } else if name.starts_with(&searched) {
        1
    } else if name.split_whitespace().any(|word| word.starts_with(&searched)) {
        2
    } else if email.starts_with(&searched) {
        3
    } else {
        4
    }
}

/// Does what was chosen.
fn deeds() -> Callback<Deed> {
    let (palette, router): (Palette, Router) = (expect_context(), expect_context());
    let (theme, session): (ThemeChoice, Session) = (expect_context(), expect_context());
    Callback::new(move |deed| {
        palette.close();
        match deed {
            Deed::Go(href) => router.go(&href, Leave::Keep),
            Deed::Theme(choice) => theme.choose(choice),
            // If it fails, one is still signed in, which is seen.
            Deed::LogOut => task::spawn(async move { drop(session.sign_out().await) }),
        }
    })
}

#[component]
fn Line(entry: Entry, id: String, chosen: Signal<bool>, act: Callback<Deed>) -> impl IntoView {
    let Entry { glyph, label, detail, deed } = entry;
    view! {
        <li class="palette__item" id=id role="option" aria-selected=move || chosen.get().to_string()
            on:click=move |_| { act.try_run(deed.clone()); }>
            <Icon glyph />
            <span class="palette__label">{label}</span>
            <span class="palette__detail">{detail}</span>
        </li>
    }
}
