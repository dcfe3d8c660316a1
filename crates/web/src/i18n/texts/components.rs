//! What the building blocks say by themselves.

use super::texts;

texts! {
    /// What the building blocks say by themselves.
    ComponentTexts {
        close = "Close",
        cancel = "Cancel",
        save = "Save",
        delete = "Delete",
        remove: fn(&str) -> String = |what| format!("Remove {what}"),
        dismiss = "Dismiss",
        copied = "Copied",
        older = "Show older",
        numbers = "Show the numbers",
        notifications = "Notifications",
        waiting = "Fetching",
        slow = "The server takes its time. This appears as soon as it answers.",
        /// A part of a whole, rounded; what is there is not nothing, and what is not all is not all.
        share: fn(u64, bool) -> String = |percent, is_rounded| match percent {
            0 if is_rounded => "< 1 %".to_owned(),
            100 if is_rounded => "> 99 %".to_owned(),
            _ => format!("{percent} %"),
        },
    }
}
