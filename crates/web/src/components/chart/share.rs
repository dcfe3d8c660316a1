//! One bar, divided: what the audience is made of.

use leptos::prelude::*;

use super::{Datum, Figure, numbers, percent, share};
use crate::i18n::format;

#[component]
pub(crate) fn ShareChart(#[prop(into)] label: String, data: Vec<Datum>) -> impl IntoView {
    let total: u64 = data.iter().map(|datum| datum.value).sum();
    let mut before = 0;
    let parts = data.iter().map(|datum| {
        let from = percent(before, total);
        before += datum.value;
        let width = percent(before, total) - from;
        view! {
            <rect class="tone" data-tone=datum.tone.name() x=format!("{from}%") width=format!("{width}%") height="100%" />
        }
    });
    let parts = parts.collect_view();
    let legend = data.iter().map(|datum| {
        view! {
            <li class="share__item">
                <svg class="share__dot" viewBox="0 0 8 8"><circle class="tone" data-tone=datum.tone.name() cx="4" cy="4" r="4" /></svg>
                <span>{datum.label.clone()}</span>
                <b>{format::count(datum.value)}</b>
                <span class="share__percent">{share(datum.value, total)}</span>
            </li>
        }
    });
    let legend = legend.collect_view();
    view! {
        <Figure label=label numbers=numbers(&data)>
            <div class="share" aria-hidden="true">
                <svg class="share__bar">{parts}</svg>
                <ul class="share__legend">{legend}</ul>
            </div>
        </Figure>
    }
}
