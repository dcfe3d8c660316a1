//! `/store/{store}/settings`: the store, its API keys, fields and tags, and the own account; a
//! section each, with an address of its own.

mod account;
mod dialogs;
mod fields;
mod key_dialog;
mod keys;
mod merge;
mod store;
mod tags;

use crate::ui::prelude::*;

use self::{
    account::AccountSection, fields::FieldsSection, keys::KeysSection, store::StoreSection, tags::TagsSection,
};
use crate::{
    components::PageHeader,
    i18n::t,
    routes::{self, Section, StorePage},
    state::store::CurrentStore,
};

#[component]
pub(crate) fn SettingsPage(section: Section) -> impl IntoView {
    let slug = expect_context::<CurrentStore>().slug();
    let title = format!("{} · {}", (t().settings.section)(section), t().frame.settings);
    effect(move || document().set_title(&title));
    let links = Section::ALL.map(|to| {
        let here = (to == section).then_some("page");
        view! {
            <a class="tab" href=routes::store(&slug, StorePage::Settings(to)) aria-current=here>
                {(t().settings.section)(to)}
            </a>
        }
    });
    let content = match section {
        Section::Store => view! { <StoreSection /> },
        Section::ApiKeys => view! { <KeysSection /> },
        Section::Fields => view! { <FieldsSection /> },
        Section::Tags => view! { <TagsSection /> },
        Section::Account => view! { <AccountSection /> },
    };
    view! {
        <PageHeader title=t().frame.settings />
        <nav class="tabs" aria-label=t().settings.sections>{links.into_iter().collect_view()}</nav>
        <div class="content">{content}</div>
    }
}

/// A table in a frame of its own, with the names of its columns; the last may have none.
fn table(label: &'static str, columns: &[&'static str], rows: Vec<AnyView>) -> AnyView {
    let columns = columns.iter().map(|name| view! { <th scope="col">{*name}</th> });
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=label>
            <table class="table">
                <thead><tr>{columns.collect_view()}<td></td></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// A small button in a table. `label` says what it is about.
fn action(text: &'static str, label: &str, act: Callback<()>) -> AnyView {
    view! {
        <button class="button button--quiet button--small" type="button" aria-label=format!("{text}: {label}")
            on:click=move |_| act.run(())>{text}</button>
    }
}
