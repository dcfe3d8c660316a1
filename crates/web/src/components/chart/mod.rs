//! Pictures of numbers: drawn as SVG, with the numbers as a table for who would rather read.

mod bars;
mod funnel;
mod growth;
mod rates;
mod share;
mod spark;

use leptos::prelude::*;

pub(crate) use bars::BarChart;
pub(crate) use funnel::FunnelChart;
pub(crate) use growth::GrowthChart;
pub(crate) use rates::{Rate, RateChart};
pub(crate) use share::ShareChart;
pub(crate) use spark::Spark;

use super::Tone;
use crate::i18n::{format, t};

/// One number of a chart.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Datum {
    /// What it counts.
    pub label: String,
    pub value: u64,
    /// Its colour.
    pub tone: Tone,
}

impl Datum {
    pub(crate) fn new(label: impl Into<String>, value: u64, tone: Tone) -> Self {
        Self { label: label.into(), value, tone }
    }
}

/// A picture and its numbers: what each counts, and the number as it is written.
#[component]
fn Figure(label: String, numbers: Vec<(String, String)>, children: Children) -> impl IntoView {
    let rows = numbers.into_iter().map(|(name, number)| {
        view! { <tr><th scope="row">{name}</th><td>{number}</td></tr> }
    });
    view! {
        <figure class="chart">
            {children()}
            <details class="chart__numbers">
                <summary>{t().components.numbers}</summary>
                <table class="table"><caption class="sr-only">{label}</caption><tbody>{rows.collect_view()}</tbody></table>
            </details>
        </figure>
    }
}

/// The numbers of a picture, written.
fn numbers(data: &[Datum]) -> Vec<(String, String)> {
    data.iter().map(|datum| (datum.label.clone(), format::count(datum.value))).collect()
}

/// A part of a whole as people read it: "12 %", "< 1 %"; nothing of nothing.
fn share(part: u64, whole: u64) -> Option<String> {
    (whole > 0).then(|| (t().components.share)(percent(part, whole), ![0, whole].contains(&part)))
}

/// A part of a whole in hundredths, rounded, as the drawing needs it.
fn percent(part: u64, whole: u64) -> u64 {
    (part.saturating_mul(100) + whole / 2).checked_div(whole).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn parts_are_rounded_and_nothing_of_nothing_is_nothing() {
        for (part, whole, expected) in [(0, 0, 0), (1, 3, 33), (2, 3, 67), (5, 5, 100), (1, 1_000, 0)] {
            assert_eq!(percent(part, whole), expected, "{part}/{whole}");
        }
    }
}
