//! What can be done to those who are selected.

use crate::ui::prelude::*;
use fanbase_domain::wire::bulk::BulkAction;

use super::{Fans, Selection, bulk_dialogs::BulkDialog, export};
use crate::{
    api,
    components::{Glyph, Icon},
    i18n::{format, t},
    state::query_string,
};

#[component]
pub(super) fn BulkBar() -> impl IntoView {
    let fans: Fans = expect_context();
    let asked = RwSignal::new(None::<BulkAction>);
    let some = Memo::new(move || !fans.selection.read().is_empty());
    let dialog = move || asked.get().map(|action| view! { <BulkDialog action asked fans /> });
    move || {
        some.get().then(|| {
            view! {
                <div class="bulk" role="region" aria-label=(t().fans.selected)("")>
                    <Count fans />
                    <div class="bulk__actions">
                        <BulkButton glyph=Glyph::Tag label=t().fans.tag action=BulkAction::Tag asked />
                        <BulkButton glyph=Glyph::Untag label=t().fans.untag action=BulkAction::Untag asked />
                        {export_action(fans)}
                        <BulkButton glyph=Glyph::Trash label=t().components.delete action=BulkAction::Delete asked />
                        <button class="bulk__button" type="button" aria-label=t().fans.select_none
                            title=t().fans.select_none on:click=move |_| fans.selection.set(Selection::Nobody)>
                            <Icon glyph=Glyph::Close />
                        </button>
                    </div>
                </div>
                {dialog}
            }
        })
    }
}

/// How many, and the way to everyone.
#[component]
fn Count(fans: Fans) -> impl IntoView {
    let count = move || {
        let text = if fans.selection.read().is_all() { t().fans.all_selected } else { t().fans.selected };
        text(&format::count(fans.selected()))
    };
    let all = move || {
        let more = !fans.selection.read().is_all() && fans.total() > Some(fans.selected());
        more.then(|| {
            view! {
                <button class="bulk__all" type="button" on:click=move |_| fans.selection.set(Selection::All)>
                    {move || (t().fans.select_all)(&fans.total_text())}
                </button>
            }
        })
    };
    view! { <p class="bulk__count" role="status">{count}</p>{all} }
}

#[component]
fn BulkButton(
    glyph: Glyph,
    label: &'static str,
    action: BulkAction,
    asked: RwSignal<Option<BulkAction>>,
) -> impl IntoView {
    view! {
        <button class="bulk__button" type="button" on:click=move |_| asked.set(Some(action))>
            <Icon glyph /><span class="bulk__label">{label}</span>
        </button>
    }
}

/// Everyone who matches is downloaded from the server; a few who were picked are here already.
fn export_action(fans: Fans) -> impl Fn() -> AnyView {
    let (id, currency) = (fans.store.id(), fans.store.get().currency);
    let face = || view! { <Icon glyph=Glyph::Download /><span class="bulk__label">{t().fans.export}</span> };
    move || {
        if fans.selection.read().is_all() {
            let pairs = fans.query.read().filter.api_pairs(super::now());
            let query = query_string::encode(pairs.iter().map(|(key, value)| (*key, value.as_str())));
            view! {
                <a class="bulk__button" href=api::fans::export_address(id, &query) download="">{face()}</a>
            }
            .into_any()
        } else {
            let save = move |_| {
                if let Selection::Some { fans, .. } = &*fans.selection.read_untracked() {
                    export::save("fans.csv", &export::csv(fans.iter().map(AsRef::as_ref), currency));
                }
            };
            view! { <button class="bulk__button" type="button" on:click=save>{face()}</button> }.into_any()
        }
    }
}
