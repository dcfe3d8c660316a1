//! What the building blocks say by themselves.

use super::texts;
use crate::i18n::format;

texts! {
    /// What the building blocks say by themselves.
    ComponentTexts {
        close = "Close",
        cancel = "Cancel",
        save = "Save",
        delete = "Delete",
        remove: fn(&str) -> String = |what| format!("Remove {what}"),
        tags_offered = "Tags to choose from",
        dismiss = "Dismiss",
        copied = "Copied",
        copy_failed = "The browser did not allow copying. Select the text and copy it by hand.",
        older = "Show older",
        numbers = "Show the numbers",
        notifications = "Notifications",
        waiting = "Fetching",
        slow = "Still loading…",
        /// A part of a whole, rounded; what is there is not nothing, and what is not all is not all.
        share: fn(u64, bool) -> String = |hundredths, is_rounded| match hundredths {
            0 if is_rounded => format!("< {}", format::percent(1)),
            100 if is_rounded => format!("> {}", format::percent(99)),
            _ => format::percent(hundredths as i64),
        },
    }
}
