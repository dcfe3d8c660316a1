//! The audit log: of a store, in its settings, and of the platform, at `/admin/audit-log`.

use std::sync::Arc;

use fanbase_domain::{
    consent::Consent,
    customer::CustomerStatus,
    fan::FanType,
    role::Role,
    source::Source,
    time::Timestamp,
    wire::{
        api_keys::Scope,
        audit::{ActorKind, AuditAction, AuditEntryResponse},
        page::Page,
    },
};
use leptos::prelude::*;
use serde_json::{Map, Value};

use crate::pages::frame::PageHeader;
use crate::{
    api::{self, audit::Log},
    components::{Glyph, Icon, SelectField, SkeletonLines, TextField, When, error_text, loaded},
    i18n::{day, format, t},
    state::{load::Load, query_string, task::Task},
};

/// How many differences are told at once.
const FEW: usize = 4;

/// The log of the platform.
#[component]
pub(super) fn AuditLogPage() -> impl IntoView {
    Effect::new(move || document().set_title(t().frame.audit_log_long));
    view! {
        <PageHeader title=t().frame.audit_log />
        <div class="content content--wide"><AuditLog log=Log::Platform /></div>
    }
}

/// A log, with what it can be narrowed down by.
#[component]
pub(super) fn AuditLog(log: Log) -> impl IntoView {
    let a = &t().audit;
    let text = || RwSignal::new(String::new());
    let (action, from, until) = (text(), text(), text());
    let query = Memo::new(move |_| {
        let (action, from, until) = (action.get(), from.get(), until.get());
        // Both days included, as the reader's calendar has them.
        let bound = |at: Option<Timestamp>| at.and_then(Timestamp::to_rfc3339).unwrap_or_default();
        let (from, until) = (bound(day::start(&from)), bound(day::end(&until)));
        let pairs = [("action", action.as_str()), ("after", &from), ("before", &until)];
        query_string::encode(pairs.into_iter().filter(|(_, value)| !value.is_empty()))
    });
    let first = Load::new(move || api::audit::list_audit_log(log, query.get()));
    let waiting = || view! { <SkeletonLines lines=8 /> };
    let show = move |page: Arc<Page<AuditEntryResponse>>| match page.items.is_empty() {
        true => view! { <p class="content__note">{a.nothing}</p> }.into_any(),
        false => view! { <Entries first=Page::clone(&page) log query=query.get_untracked() /> }.into_any(),
    };
    let any = (String::new(), a.any_action.to_owned());
    let actions = AuditAction::ALL.iter().map(|action| (action.as_str().to_owned(), words(*action)));
    let options = std::iter::once(any).chain(actions).collect();
    view! {
        <section class="block">
            <p class="content__note">{a.detail}</p>
            <div class="audit__filter">
                <SelectField label=a.action value=action options />
                <TextField label=a.from value=from kind="date" />
                <TextField label=a.until value=until kind="date" />
                <a class="button" download="" href=move || api::audit::export_address(log, &query.read())>
                    <Icon glyph=Glyph::Download /><span class="button__label">{a.export}</span>
                </a>
            </div>
            {loaded(first, a.failed, waiting, show)}
        </section>
    }
}

/// The lines, and the way to older ones.
#[component]
fn Entries(first: Page<AuditEntryResponse>, log: Log, query: String) -> impl IntoView {
    let (a, more) = (&t().audit, Task::new());
    let cursor = RwSignal::new(first.next_cursor);
    let entries = RwSignal::new(first.items);
    let older = move |_| {
        let at = cursor.get_untracked().unwrap_or_default();
        let query = format!("{query}&{}", query_string::encode([("cursor", at.as_str())]));
        more.run(async move {
            let page = api::audit::list_audit_log(log, query).await?;
            cursor.set(page.next_cursor);
            entries.update(|entries| entries.extend(page.items));
            Ok(())
        });
    };
    let entry = move |entry: AuditEntryResponse| {
        view! {
            <tr>
                <td><When at=entry.at /></td>
                <td>{who(&entry)}</td>
                <td class="audit__what"><b>{words(entry.action)}</b>{told(differences(&entry))}</td>
                <td>{entry.address.clone().unwrap_or_default()}</td>
            </tr>
        }
    };
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=t().frame.audit_log>
            <table class="table audit">
                <thead><tr>
                    <th scope="col">{a.when}</th><th scope="col">{a.who}</th><th scope="col">{a.what}</th>
                    <th scope="col">{a.from_where}</th>
                </tr></thead>
                <tbody><For each=move || entries.get() key=|entry| entry.id children=entry /></tbody>
            </table>
        </div>
        {move || more.failure().map(|error| view! { <p class="content__note">{error_text(&error)}</p> })}
        {move || cursor.read().is_some().then(|| view! {
            <button class="button" type="button" disabled=move || more.is_running() on:click=older.clone()>{t().components.older}</button>
        })}
    }
}

/// Who did it.
fn who(entry: &AuditEntryResponse) -> String {
    let a = &t().audit;
    match (&entry.actor.name, entry.actor.kind) {
        (Some(name), ActorKind::ApiKey) => (a.key)(name),
        (Some(name), _) => name.clone(),
        (None, kind) => (a.actor)(kind).to_owned(),
    }
}

/// What was done, in words: `tag.merged` is "Tag merged".
fn words(action: AuditAction) -> String {
    (t().audit.action_names)(action).map_or_else(|| spelled(action.as_str()), str::to_owned)
}

/// A code as words.
fn spelled(code: &str) -> String {
    let mut words = code.replace(['.', '_'], " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}

/// A few differences, or the way to many.
fn told(differences: Vec<AnyView>) -> AnyView {
    if differences.len() <= FEW {
        return differences.into_any();
    }
    let summary = (t().audit.details)(differences.len() as u64);
    view! { <details><summary>{summary}</summary>{differences}</details> }.into_any()
}

/// What is different: a line for each field, before and after. What is created with nothing in a
/// field has nothing to tell of it.
fn differences(entry: &AuditEntryResponse) -> Vec<AnyView> {
    let none = Map::new();
    let (before, after) = (entry.before.as_ref().unwrap_or(&none), entry.after.as_ref().unwrap_or(&none));
    let gone = before.keys().filter(|name| !after.contains_key(*name));
    let lines = after.keys().chain(gone).filter_map(|name| {
        let was = before.get(name).filter(|was| !is_nothing(was)).map(|was| written(name, was));
        let is = after.get(name).filter(|is| !is_nothing(is)).map(|is| written(name, is));
        let no_value = || t().audit.no_value.to_owned();
        let change = match (was, is) {
            (None, None) => return None,
            (None, Some(is)) if !before.contains_key(name) => is,
            (was, is) => format!("{} → {}", was.unwrap_or_else(no_value), is.unwrap_or_else(no_value)),
        };
        Some(
            view! {
                <span class="audit__change"><span>{field(name)}": "</span>{change}</span>
            }
            .into_any(),
        )
    });
    lines.collect()
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(values) => values.is_empty(),
        Value::Object(values) => values.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// What a field is called.
fn field(code: &str) -> String {
    (t().audit.field_names)(code).map_or_else(|| spelled(code), str::to_owned)
}

/// A value of a field for people: no codes, and points in time as their locale writes them.
fn written(name: &str, value: &Value) -> String {
    match value {
        Value::Null => t().audit.no_value.to_owned(),
        Value::Bool(yes) => if *yes { t().words.yes } else { t().words.no }.to_owned(),
        Value::String(text) => written_text(name, text),
        Value::Array(values) => {
            values.iter().map(|value| written(name, value)).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

fn written_text(name: &str, text: &str) -> String {
    let w = &t().words;
    let known = match name {
        "role" => Role::parse(text).map(|role| (w.role)(role).to_owned()),
        "scopes" => Scope::parse(text).map(|scope| (t().settings.scope)(scope).to_owned()),
        "consent" => Consent::parse(text).map(|consent| (w.consent)(consent).to_owned()),
        "status" => CustomerStatus::parse(text).map(|status| (w.status)(status).to_owned()),
        "source" => Source::parse(text).map(|source| (w.source)(source).to_owned()),
        "type" => FanType::parse(text).map(|kind| (w.fan_type)(kind).to_owned()),
        "query" => Some(filters(text)),
        _ if name.ends_with("_at") => Timestamp::parse(text).and_then(format::instant),
        _ => None,
    };
    known.unwrap_or_else(|| text.to_owned())
}

/// The query of a saved view: its parts with their names.
fn filters(query: &str) -> String {
    let parts =
        query_string::decode(query).into_iter().map(|(name, value)| format!("{} {value}", field(&name)));
    parts.collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_have_words() {
        assert_eq!(words(AuditAction::ApiKeyCreated), "API key created");
        assert_eq!(words(AuditAction::PasswordChanged), "Password changed");
        assert_eq!(words(AuditAction::TagMerged), "Tag merged");
    }

    #[test]
    fn values_are_for_people() {
        for (name, value, expected) in [
            ("name", Value::Null, "none"),
            ("name", "Anna".into(), "Anna"),
            ("tags", vec!["a", "b"].into(), "a, b"),
            ("is_admin", true.into(), "Yes"),
            ("score", 7.into(), "7"),
            ("role", "SUBACCOUNT_USER".into(), "Member"),
            ("consent", "unsubscribed".into(), "Unsubscribed"),
            ("query", "tag=a%20b&sort=-total_spent".into(), "Tag a b · Sort -total_spent"),
        ] {
            assert_eq!(written(name, &value), expected);
        }
    }
}
