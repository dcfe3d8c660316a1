//! The button that adds a filter: first which, then what.

use std::sync::Arc;

use crate::ui::prelude::*;

use super::filter_editors::PartEditor;
use crate::{
    components::{Glyph, Icon, Popover},
    i18n::t,
    state::fans_query::Part,
};

#[component]
pub(super) fn FilterMenu() -> impl IntoView {
    let face = || view! { <Icon glyph=Glyph::Plus /><span>{t().fans.add_filter}</span> };
    let content = || view! { <Choice /> }.into_any();
    view! {
        <Popover label=t().fans.add_filter class="button button--quiet" role="dialog" trigger=Arc::new(face)
            children=Arc::new(content) />
    }
}

#[component]
fn Choice() -> impl IntoView {
    let chosen = RwSignal::new(None::<Part>);
    move || match chosen.get() {
        Some(part) => {
            view! { <p class="menu__title">{(t().fans.part)(part)}</p><PartEditor part /> }.into_any()
        }
        None => {
            let parts = Part::ALL.map(|part| {
                view! {
                    <button class="menu__item" type="button" on:click=move |_| chosen.set(Some(part))>
                        <span class="menu__text">{(t().fans.part)(part)}</span>
                        <Icon glyph=Glyph::ChevronRight />
                    </button>
                }
            });
            parts.into_iter().collect_view().into_any()
        }
    }
}
