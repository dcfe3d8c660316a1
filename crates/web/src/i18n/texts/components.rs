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
        numbers = "Show the numbers",
        notifications = "Notifications",
        waiting = "Fetching",
        slow = "The server takes its time. This appears as soon as it answers.",
        share: fn(u64) -> String = |percent| format!("{percent} %"),
    }
}
