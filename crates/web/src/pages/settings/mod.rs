//! `/store/{store}/settings`: the store, its API keys, fields, tags, members and audit log, and the own account; a
//! section each, with an address of its own.

mod account;
mod audit;
mod fields;
mod invite_dialog;
mod key_dialog;
mod keys;
mod members;
mod merge;
mod role_dialog;
mod sessions;
mod store;
mod tags;

use fanbase_domain::role::Permission;
use leptos::prelude::*;

use self::{
    account::AccountSection, audit::AuditSection, fields::FieldsSection, keys::KeysSection,
    members::MembersSection, store::StoreSection, tags::TagsSection,
};
use crate::pages::frame::PageHeader;
use crate::{
    components::Tabs,
    i18n::t,
    routes::{self, Section, StorePage},
    state::store::CurrentStore,
};

#[component]
pub(crate) fn SettingsPage(section: Section) -> impl IntoView {
    let store: CurrentStore = expect_context();
    let slug = store.slug();
    // Who may not change the store starts with who else works on it.
    let section = if is_for(section, store) { section } else { Section::Members };
    let title = format!("{} · {}", (t().settings.section)(section), t().frame.settings);
    Effect::new(move || document().set_title(&title));
    let links = Section::ALL.into_iter().filter(|section| is_for(*section, store)).map(|to| {
        let here = (to == section).then_some("page");
        view! {
            <a class="tab" href=routes::store(&slug, StorePage::Settings(to)) aria-current=here>
                {(t().settings.section)(to)}
            </a>
        }
    });
    let content = match section {
        Section::Store => view! { <StoreSection /> }.into_any(),
        Section::ApiKeys => view! { <KeysSection /> }.into_any(),
        Section::Fields => view! { <FieldsSection /> }.into_any(),
        Section::Tags => view! { <TagsSection /> }.into_any(),
        Section::Members => view! { <MembersSection /> }.into_any(),
        Section::AuditLog => view! { <AuditSection /> }.into_any(),
        Section::Account => view! { <AccountSection /> }.into_any(),
    };
    view! {
        <PageHeader title=t().frame.settings />
        <Tabs label=t().settings.sections links=links.collect_view().into_any() />
        <div class="content">{content}</div>
    }
}

/// Whether a section is of any use to whoever is signed in.
fn is_for(section: Section, store: CurrentStore) -> bool {
    match section {
        Section::Store | Section::ApiKeys | Section::AuditLog => store.may(Permission::ManageStore),
        Section::Fields | Section::Tags => store.may(Permission::Edit),
        Section::Members | Section::Account => true,
    }
}

/// A table in a frame of its own, with the names of its columns; the last may have none.
fn table(label: &'static str, columns: &[&'static str], rows: impl IntoView + 'static) -> AnyView {
    let columns = columns.iter().map(|name| view! { <th scope="col">{*name}</th> });
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=label>
            <table class="table">
                <thead><tr>{columns.collect_view()}<td></td></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// A small button in a table. `label` says what it is about.
fn action(text: &'static str, label: &str, act: Callback<()>) -> AnyView {
    view! {
        <button class="button button--quiet button--small" type="button" aria-label=format!("{text}: {label}")
            on:click=move |_| { act.try_run(()); }>{text}</button>
    }
    .into_any()
}
