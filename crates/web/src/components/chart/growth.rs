//! A line over time, with the area below it.

use crate::ui::prelude::*;

use super::{Datum, Figure};
use crate::i18n::format;

/// The drawing's own units; it is stretched to its place.
const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 160.0;

#[component]
pub(crate) fn GrowthChart(#[prop(into)] label: String, data: Vec<Datum>) -> impl IntoView {
    let most = data.iter().map(|datum| datum.value).max().unwrap_or_default();
    let line = line(&data, most);
    let area = format!("{line}L{WIDTH:.0} {HEIGHT:.0}L0 {HEIGHT:.0}Z");
    let end = |datum: Option<&Datum>| datum.map(|datum| datum.label.clone()).unwrap_or_default();
    let (first, last) = (end(data.first()), end(data.last()));
    view! {
        <Figure label=label data>
            <div class="growth" aria-hidden="true">
                <span class="growth__most">{format::count(most)}</span>
                <svg class="growth__plot" viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none">
                    <path class="growth__grid" d="M0 0H600M0 80H600M0 160H600" />
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
    let step = WIDTH / (data.len().max(2) - 1) as f64;
    let y = |value: u64| HEIGHT - value as f64 / most.max(1) as f64 * HEIGHT;
    let points = data.iter().enumerate().map(|(i, datum)| (i as f64 * step, y(datum.value)));
    let mut path = String::new();
    for (i, (x, y)) in points.enumerate() {
        path += &format!("{}{x:.1} {y:.1}", if i == 0 { 'M' } else { 'L' });
    }
    if data.len() == 1 {
        path += &format!("H{WIDTH:.0}");
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
        assert_eq!(line(&data(&[0, 5, 10]), 10), "M0.0 160.0L300.0 80.0L600.0 0.0");
        assert_eq!(line(&data(&[7]), 7), "M0.0 0.0H600");
        assert_eq!(line(&data(&[0, 0]), 0), "M0.0 160.0L600.0 160.0");
        assert_eq!(line(&[], 0), "");
    }
}
