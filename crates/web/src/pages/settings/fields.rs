//! The custom fields of the store.

use std::sync::Arc;

use fanbase_domain::ids::CustomFieldId;
use leptos::prelude::*;

use super::{action, table};
use crate::{
    api,
    components::{Question, SkeletonLines, asked, loaded},
    i18n::t,
    state::{load::Load, store::CurrentStore},
};

#[component]
pub(super) fn FieldsSection() -> impl IntoView {
    let (s, store) = (&t().settings, expect_context::<CurrentStore>().id());
    let fields = Load::new(move || api::settings::list_fields(store));
    let question = RwSignal::new(None);
    let ask = move |id: Option<CustomFieldId>, label: &str| {
        let title = if id.is_some() { (s.rename_title)(label) } else { s.new_field.to_owned() };
        let deed = move |label| -> std::pin::Pin<Box<dyn Future<Output = _>>> {
            Box::pin(async move {
                api::settings::save_field(store, id, label).await?;
                fields.again();
                Ok(())
            })
        };
        question.set(Some(Question {
            title,
            detail: String::new(),
            name: Some((s.label, label.to_owned())),
            confirm: t().components.save,
            destructive: false,
            done: s.saved.to_owned(),
            deed: Arc::new(deed),
        }));
    };
    let list = move |list: Arc<Vec<fanbase_domain::wire::custom_fields::CustomFieldResponse>>| {
        if list.is_empty() {
            return view! { <p class="content__note">{s.no_fields}</p> }.into_any();
        }
        let rows = list.iter().map(|field| {
            let (id, label) = (field.id, field.label.clone());
            let rename = Callback::new(move |()| ask(Some(id), &label));
            view! {
                <tr>
                    <th scope="row" class="table__wrap">{field.label.clone()}</th>
                    <td><code>{field.key.clone()}</code></td>
                    <td class="table__actions">{action(s.rename, &field.label, rename)}</td>
                </tr>
            }
        });
        table((s.section)(crate::routes::Section::Fields), &[s.label, s.key], rows.collect_view()).into_any()
    };
    let waiting = || view! { <SkeletonLines lines=6 /> };
    view! {
        <section class="block">
            <header class="block__head">
                <p class="content__note">{s.fields_detail}</p>
                <button class="button" type="button" on:click=move |_| ask(None, "")>{s.new_field}</button>
            </header>
            {loaded(fields, s.failed, waiting, list)}
        </section>
        {asked(question)}
    }
}
