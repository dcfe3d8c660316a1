//! Something is being done: how far it is, how fast, and how long it still takes.

use fanbase_domain::wire::imports::{ImportResponse, ImportStatus};
use leptos::prelude::*;

use super::follow::Followed;
use crate::{
    components::Progress,
    i18n::{format, t},
};

/// When it was first looked at, and how far it was then.
#[derive(Clone, Copy)]
struct Since {
    millis: f64,
    rows: u64,
    bytes: u64,
}

/// Rows a second, and the seconds that are left.
fn pace(since: Since, now: f64, rows: u64, bytes: u64, all_bytes: u64) -> Option<(u64, u64)> {
    let seconds = (now - since.millis) / 1000.0;
    let (done, read) = (rows.checked_sub(since.rows)?, bytes.checked_sub(since.bytes)?);
    if seconds < 0.5 || done == 0 || read == 0 {
        return None;
    }
    let left = all_bytes.saturating_sub(bytes) as f64 * seconds / read as f64;
    Some(((done as f64 / seconds) as u64, left as u64))
}

#[component]
pub(super) fn Work(followed: Followed) -> impl IntoView {
    let since = StoredValue::new(None::<Since>);
    let import = move || followed.get().and_then(Result::ok);
    let title = Memo::new(move |_| import().map(|import| title(&import)).unwrap_or_default());
    let facts = move || {
        let import = import()?;
        if import.status == ImportStatus::Queued {
            return Some(t().imports.waiting.into_any());
        }
        let now = js_sys::Date::now();
        let here = Since { millis: now, rows: import.tally.rows, bytes: import.bytes_done };
        since.update_value(|since| _ = since.get_or_insert(here));
        let pace = pace(since.get_value()?, now, here.rows, here.bytes, import.bytes);
        let parts = [
            Some((t().imports.rows)(here.rows, &format::count(here.rows))),
            pace.map(|(rate, _)| (t().imports.rate)(&format::count(rate))),
            pace.map(|(_, left)| (t().imports.left)(left)),
        ];
        let parts = parts.into_iter().flatten().map(|part| view! { <span>{part}</span> });
        Some(parts.collect_view().into_any())
    };
    let bar = move || {
        let import = import()?;
        // Undoing has no end that is known.
        let total = (import.status == ImportStatus::Running).then_some(import.bytes);
        Some(view! { <Progress label=title.get() done=import.bytes_done total /> })
    };
    view! {
        <section class="work">
            <h2 class="work__title" role="status">{move || title.get()}</h2>
            {bar}
            <p class="work__facts">{facts}</p>
            <p class="work__note">{t().imports.leave}</p>
        </section>
    }
}

fn title(import: &ImportResponse) -> String {
    let i = &t().imports;
    let what = match import.status {
        ImportStatus::Undoing => i.undoing,
        _ if import.options.dry_run => i.checking,
        _ => i.importing,
    };
    format!("{what}: {}", import.file_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pace_and_time_left_follow_what_was_seen() {
        let since = Since { millis: 1_000.0, rows: 100, bytes: 1_000 };
        assert_eq!(pace(since, 3_000.0, 2_100, 21_000, 61_000), Some((1_000, 4)));
        for (now, rows, bytes) in [(1_100.0, 200, 2_000), (3_000.0, 100, 1_000), (3_000.0, 0, 0)] {
            assert_eq!(pace(since, now, rows, bytes, 61_000), None);
        }
    }
}
