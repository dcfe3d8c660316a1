//! The columns of a file: their names, their first values, and what each becomes.

use std::sync::Arc;

use fanbase_domain::wire::{
    custom_fields::CustomFieldResponse,
    imports::{ImportPreviewResponse, PreviewColumn},
};
use leptos::prelude::*;

use super::plan::{ATTRIBUTE, IGNORE, attribute_of, field_name};
use crate::{
    components::{Glyph, Icon},
    i18n::t,
    state::load::Load,
};

/// The custom fields that there are.
pub(super) type Fields = Load<Vec<CustomFieldResponse>>;

#[component]
pub(super) fn Columns(
    preview: Arc<ImportPreviewResponse>,
    targets: RwSignal<Vec<String>>,
    fields: Fields,
) -> impl IntoView {
    let i = &t().imports;
    let rows = preview.columns.iter().enumerate().map(|(index, column)| row(index, column, targets, fields));
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=i.columns>
            <table class="table columns">
                <thead><tr>
                    <th scope="col">{i.column}</th><th scope="col">{i.first_values}</th><th scope="col">{i.becomes}</th>
                </tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}

fn row(index: usize, column: &PreviewColumn, targets: RwSignal<Vec<String>>, fields: Fields) -> AnyView {
    let samples =
        column.samples.iter().take(3).map(|sample| view! { <span class="sample">{sample.clone()}</span> });
    let attribute = attribute_of(column, index + 1);
    let target = move || targets.read().get(index).cloned().unwrap_or_default();
    let option = move |code: String, label: String| {
        let value = code.clone();
        view! { <option value=code prop:selected=move || target() == value>{label}</option> }
    };
    let options =
        t().imports.targets.into_iter().map(|(code, label)| option(code.to_owned(), label.to_owned()));
    let own = attribute.trim_start_matches(ATTRIBUTE).to_owned();
    let custom = format!("{}: {}", t().imports.custom_field, field_name(column, &attribute));
    let existing = move || {
        let fields = fields.value()?;
        let others = fields.iter().filter(|field| field.key != own);
        let options = others.map(|field| option(format!("{ATTRIBUTE}{}", field.key), field.label.clone()));
        Some(view! { <optgroup label=t().imports.custom_fields>{options.collect_view()}</optgroup> })
    };
    let unclear = column.unclear_consent.then(|| {
        view! { <p class="columns__unclear"><Icon glyph=Glyph::Alert />{t().imports.unclear_consent}</p> }
    });
    let ignored = move || (target() == IGNORE).then_some("");
    view! {
        <tr data-ignored=ignored>
            <th scope="row">{column.name.clone()}{unclear}</th>
            <td><span class="samples">{samples.collect_view()}</span></td>
            <td>
                <select class="field__input" aria-label=(t().imports.column_becomes)(&column.name)
                    on:change=move |event| {
                        let chosen = event_target_value(&event);
                        targets.update(|targets| targets[index] = chosen);
                    }>
                    {option(IGNORE.to_owned(), t().imports.ignore.to_owned())}
                    {option(attribute, custom)}
                    {options.collect_view()}
                    {existing}
                </select>
            </td>
        </tr>
    }
    .into_any()
}
