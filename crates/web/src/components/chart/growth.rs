//! A line over time, with the area below it.

use crate::ui::prelude::*;

use super::{Datum, Figure};
use crate::i18n::format;

/// The drawing's own units; it is stretched to its place.
const WIDTH: u64 = 6_000;
const HEIGHT: u64 = 1_600;

#[component]
pub(crate) fn GrowthChart(#[prop(into)] label: String, data: Vec<Datum>) -> impl IntoView {
    let most = data.iter().map(|datum| datum.value).max().unwrap_or_default();
    let line = line(&data, most);
    let area = format!("{line}L{WIDTH} {HEIGHT}L0 {HEIGHT}Z");
    let end = |datum: Option<&Datum>| datum.map(|datum| datum.label.clone()).unwrap_or_default();
    let (first, last) = (end(data.first()), end(data.last()));
    view! {
        <Figure label=label data>
            <div class="growth" aria-hidden="true">
                <span class="growth__most">{format::count(most)}</span>
                <svg class="growth__plot" viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none">
                    <path class="growth__grid" d="M0 0H6000M0 800H6000M0 1600H6000" />
                    <path class="growth__area" d=area />
                    <path class="growth__line" d=line />
                </svg>
                <span class="growth__from">{first}</span>
                <span class="growth__to">{last}</span>
            </div>
        </Figure>
    }
}

/// The path through all values, from left to right.
fn line(data: &[Datum], most: u64) -> String {
    let steps = (data.len().max(2) - 1) as u64;
    let mut path = String::new();
    for (i, datum) in (0..).zip(data) {
        // No count comes near the limit of the product.
        let (x, y) = (WIDTH * i / steps, HEIGHT - HEIGHT * datum.value / most.max(1));
        path += &format!("{}{x} {y}", if i == 0 { 'M' } else { 'L' });
    }
    if data.len() == 1 {
        path += &format!("H{WIDTH}");
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::Tone;

    #[test]
    fn the_line_goes_from_edge_to_edge() {
        let data = |values: &[u64]| -> Vec<Datum> {
            values.iter().map(|value| Datum::new("x", *value, Tone::Good)).collect()
        };
        assert_eq!(line(&data(&[0, 5, 10]), 10), "M0 1600L3000 800L6000 0");
        assert_eq!(line(&data(&[7]), 7), "M0 0H6000");
        assert_eq!(line(&data(&[0, 0]), 0), "M0 1600L6000 1600");
        assert_eq!(line(&[], 0), "");
    }
}
