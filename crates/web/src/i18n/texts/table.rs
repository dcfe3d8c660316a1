//! Tables over whole lists.

use super::texts;

texts! {
    /// Tables over whole lists.
    TableTexts {
        select_row: fn(&str) -> String = |who| format!("Select {who}"),
        select_none = "Clear the selection",
        select_all: fn(&str) -> String = |count| format!("Select all {count} that match"),
        selected: fn(&str) -> String = |count| format!("{count} selected"),
        all_selected: fn(&str) -> String = |count| format!("All {count} selected"),
        too_many_picked = "At most 1,000 can be picked one by one. Select all that match instead.",
        rows: fn(&str, &str, &str) -> String = |first, last, total| format!("{first}–{last} of {total}"),
        keys_hint = "↑ ↓ move · Enter opens · x selects · / searches",
    }
}
