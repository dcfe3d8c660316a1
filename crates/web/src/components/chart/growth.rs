//! A line over time, with the area below it.

use leptos::prelude::*;

use super::{Datum, Figure, numbers};
use crate::i18n::format;

/// The drawing's own units; it is stretched to its place.
pub(super) const WIDTH: u64 = 6_000;
pub(super) const HEIGHT: u64 = 1_600;

#[component]
pub(crate) fn GrowthChart(#[prop(into)] label: String, data: Vec<Datum>) -> impl IntoView {
    let values: Vec<u64> = data.iter().map(|datum| datum.value).collect();
    let most = values.iter().copied().max().unwrap_or_default();
    let line = line(&values, most);
    let area = format!("{line}L{WIDTH} {HEIGHT}L0 {HEIGHT}Z");
    let labels = data.iter().step_by(label_every(data.len()));
    let labels = labels.map(|datum| view! { <span>{datum.label.clone()}</span> }).collect_view();
    view! {
        <Figure label=label numbers=numbers(&data)>
            <div class="growth" aria-hidden="true">
                <span class="growth__most">{format::count(most)}</span>
                <svg class="growth__plot" viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none">
                    <path class="growth__grid" d="M0 0H6000M0 800H6000M0 1600H6000" />
                    <path class="growth__area" d=area />
                    <path class="growth__line" d=line />
                </svg>
                <span class="growth__labels">{labels}</span>
            </div>
        </Figure>
    }
}

/// Every how many steps there is a label, so that both ends have one and few stand between them.
pub(super) fn label_every(values: usize) -> usize {
    let steps = values.saturating_sub(1).max(1);
    let between = [4, 3, 5, 2].into_iter().find(|parts| steps.is_multiple_of(*parts));
    steps / between.unwrap_or(1)
}

/// The path through all values, from left to right.
pub(super) fn line(values: &[u64], most: u64) -> String {
    let steps = (values.len().max(2) - 1) as u64;
    let mut path = String::new();
    for (i, value) in (0..).zip(values) {
        // No count comes near the limit of the product.
        let (x, y) = (WIDTH * i / steps, HEIGHT - HEIGHT * value / most.max(1));
        path += &format!("{}{x} {y}", if i == 0 { 'M' } else { 'L' });
    }
    if values.len() == 1 {
        path += &format!("H{WIDTH}");
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_have_a_label_and_few_stand_between() {
        for values in 1..200 {
            let at: Vec<usize> = (0..values).step_by(label_every(values)).collect();
            assert!(at.len() <= 6, "{values}: {at:?}");
            assert_eq!(at.last(), Some(&(values - 1)), "{values}");
        }
        assert_eq!(label_every(13), 3);
    }

    #[test]
    fn the_line_goes_from_edge_to_edge() {
        assert_eq!(line(&[0, 5, 10], 10), "M0 1600L3000 800L6000 0");
        assert_eq!(line(&[7], 7), "M0 0H6000");
        assert_eq!(line(&[0, 0], 0), "M0 1600L6000 1600");
        assert_eq!(line(&[], 0), "");
    }
}
