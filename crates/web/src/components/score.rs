//! Points, as a number and as a bar for the eye that skims the column.

use leptos::prelude::*;

use crate::i18n::format;

/// The points at which the bar is full: the best grade starts there.
const FULL: i64 = 300;
/// The width of the full bar in the drawing's units.
const WIDTH: i64 = 32;

#[component]
pub(crate) fn Score(points: i64) -> impl IntoView {
    let number = match u64::try_from(points) {
        Ok(points) => format::count(points),
        Err(_) => points.to_string(),
    };
    view! {
        <span class="score">
            <span class="score__points">{number}</span>
            <svg class="score__bar" viewBox="0 0 32 4" aria-hidden="true">
                <rect class="score__track" width="32" height="4" rx="2" />
                <rect class="score__fill" width=bar(points).to_string() height="4" rx="2" />
            </svg>
        </span>
    }
}

/// How much of the bar is filled.
fn bar(points: i64) -> i64 {
    points.clamp(0, FULL) * WIDTH / FULL
}

#[cfg(test)]
mod tests {
    use super::bar;

    #[test]
    fn the_bar_fills_up_to_the_best_grade() {
        for (points, width) in [(i64::MIN, 0), (-10, 0), (0, 0), (150, 16), (300, 32), (i64::MAX, 32)] {
            assert_eq!(bar(points), width, "{points}");
        }
    }
}
