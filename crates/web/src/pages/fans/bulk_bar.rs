//! What can be done to those who are selected.

use fanbase_domain::{role::Permission, wire::bulk::BulkAction};
use leptos::prelude::*;

use super::{Fans, bulk_dialogs::BulkDialog, export};
use crate::{
    api,
    components::{Glyph, Icon},
    i18n::{format, t},
    table::SelectedBar,
};

#[component]
pub(super) fn BulkBar() -> impl IntoView {
    let fans: Fans = expect_context();
    let asked = RwSignal::new(None::<BulkAction>);
    let dialog = move || asked.get().map(|action| view! { <BulkDialog action asked fans /> });
    let actions = move || {
        let edits = fans.store.may(Permission::Edit);
        let button = |glyph, label, action| edits.then(|| view! { <BulkButton glyph label action asked /> });
        view! {
            {button(Glyph::Tag, t().fans.tag, BulkAction::Tag)}
            {button(Glyph::Untag, t().fans.untag, BulkAction::Untag)}
            {fans.store.may(Permission::Export).then(|| export_action(fans))}
            {button(Glyph::Trash, t().components.delete, BulkAction::Delete)}
        }
    };
    view! { <SelectedBar table=fans.table actions=actions />{dialog} }
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
        if fans.table.selection.read().is_all() {
            let query = fans.query.read().export(format::now(), None);
            view! {
                <a class="bulk__button" href=api::fans::export_address(id, &query) download="">{face()}</a>
            }
            .into_any()
        } else {
            let save = move |_| {
                let fans = fans.picked();
                export::save("fans.csv", &export::csv(fans.iter().map(AsRef::as_ref), currency));
            };
            view! { <button class="bulk__button" type="button" on:click=save>{face()}</button> }.into_any()
        }
    }
}
