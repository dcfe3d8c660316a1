//! A bar for each, with its word and its number: sources, consents.

use leptos::prelude::*;

use super::{Datum, Figure, numbers, percent};
use crate::i18n::format;

#[component]
pub(crate) fn BarChart(#[prop(into)] label: String, data: Vec<Datum>) -> impl IntoView {
    let most = data.iter().map(|datum| datum.value).max().unwrap_or_default();
    let numbers = numbers(&data);
    let bars = data.into_iter().map(|datum| {
        // What is there at all is seen.
        let width = percent(datum.value, most).max(u64::from(datum.value > 0));
        view! {
            <div class="bars__row">
                <span class="bars__label">{datum.label}</span>
                <svg class="bars__bar" aria-hidden="true">
                    <rect class="bars__track" width="100%" height="100%" rx="4" />
                    <rect class="tone" data-tone=datum.tone.name() width=format!("{width}%") height="100%" rx="4" />
                </svg>
                <span class="bars__value">{format::count(datum.value)}</span>
            </div>
        }
    });
    let bars = bars.collect_view();
    view! { <Figure label=label numbers><div class="bars" aria-hidden="true">{bars}</div></Figure> }
}
