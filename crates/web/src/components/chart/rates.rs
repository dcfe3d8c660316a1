//! Columns over time, each a part of a whole.

use leptos::prelude::*;

use super::{Figure, Tone, growth::label_every, percent, share};
use crate::i18n::format;

/// A part of a whole, at a time.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rate {
    /// When.
    pub label: String,
    pub part: u64,
    pub whole: u64,
}

/// The tallest column reaches the top; what it stands for is written there.
#[component]
pub(crate) fn RateChart(#[prop(into)] label: String, tone: Tone, rates: Vec<Rate>) -> impl IntoView {
    // By which one part is more of its whole than another, without fractions.
    let most = rates.iter().filter(|rate| rate.whole > 0).max_by(|a, b| {
        (u128::from(a.part) * u128::from(b.whole)).cmp(&(u128::from(b.part) * u128::from(a.whole)))
    });
    let (top, of) = most.map_or((0, 1), |rate| (rate.part, rate.whole));
    let numbers = rates.iter().map(|rate| {
        let share = share(rate.part, rate.whole).unwrap_or_default();
        (
            rate.label.clone(),
            format!("{share} ({} / {})", format::count(rate.part), format::count(rate.whole)),
        )
    });
    let numbers = numbers.collect();
    let columns = rates.iter().map(|rate| {
        let height = match rate.whole {
            0 => 0,
            whole => percent(rate.part * of, top.max(1) * whole).min(100).max(u64::from(rate.part > 0)),
        };
        view! {
            <svg class="rates__column">
                <rect class="bars__track" width="100%" height="100%" rx="3" />
                <rect class="tone" data-tone=tone.name() y=format!("{}%", 100 - height) width="100%"
                    height=format!("{height}%") rx="3" />
            </svg>
        }
    });
    let columns = columns.collect_view();
    let labels = rates.iter().step_by(label_every(rates.len()));
    let labels = labels.map(|rate| view! { <span>{rate.label.clone()}</span> }).collect_view();
    view! {
        <Figure label=label numbers>
            <div class="rates" aria-hidden="true">
                <span class="growth__most">{share(top, of)}</span>
                <div class="rates__columns">{columns}</div>
                <span class="growth__labels">{labels}</span>
            </div>
        </Figure>
    }
}
