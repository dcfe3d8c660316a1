//! A funnel: how many of those of a step take the next one.

use leptos::prelude::*;

use super::{Datum, Figure, percent, share};
use crate::i18n::format;

/// The steps from the widest on; each is a part of the one before.
#[component]
pub(crate) fn FunnelChart(#[prop(into)] label: String, steps: Vec<Datum>) -> impl IntoView {
    let most = steps.first().map(|step| step.value).unwrap_or_default();
    let before = std::iter::once(None).chain(steps.iter().map(|step| Some(step.value)));
    let shares: Vec<Option<String>> =
        steps.iter().zip(before).map(|(step, before)| share(step.value, before?)).collect();
    let numbers = steps.iter().zip(&shares).map(|(step, share)| {
        let share = share.as_ref().map(|share| format!(" ({share})")).unwrap_or_default();
        (step.label.clone(), format::count(step.value) + &share)
    });
    let numbers = numbers.collect();
    let rows = steps.into_iter().zip(shares).map(|(step, share)| {
        // What is there at all is seen.
        let width = percent(step.value, most).max(u64::from(step.value > 0));
        view! {
            <li class="funnel__step">
                <span class="funnel__label">{step.label}</span>
                <svg class="funnel__bar">
                    <rect class="tone" data-tone=step.tone.name() x=format!("{}%", (100 - width) / 2)
                        width=format!("{width}%") height="100%" rx="4" />
                </svg>
                <b class="funnel__value">{format::count(step.value)}</b>
                <span class="funnel__share">{share}</span>
            </li>
        }
    });
    let rows = rows.collect_view();
    view! { <Figure label=label numbers><ol class="funnel" aria-hidden="true">{rows}</ol></Figure> }
}
