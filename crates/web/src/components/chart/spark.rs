//! A small line beside a number: the way that it came.

use leptos::prelude::*;

use super::growth::{HEIGHT, WIDTH, line};

/// Decorative: the numbers stand elsewhere.
#[component]
pub(crate) fn Spark(values: Vec<u64>) -> impl IntoView {
    let line = line(&values, values.iter().copied().max().unwrap_or_default());
    let area = format!("{line}L{WIDTH} {HEIGHT}L0 {HEIGHT}Z");
    view! {
        <svg class="spark" viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" aria-hidden="true">
            <path class="growth__area" d=area />
            <path class="growth__line" d=line />
        </svg>
    }
}
