//! What happened, and what to do.

use super::texts;

texts! {
    /// What happened, and what to do.
    ErrorTexts {
        unreachable = "The server can't be reached. Check your connection, then try again.",
        outdated = "There may be a new version of Fanbase. Reload the page to get it.",
        reload = "Reload",
        unreadable: fn(u16) -> String = |status| {
            format!("The server answered with something unexpected (status {status}). Try again in a moment.")
        },
        request = "Request",
        copy_request = "Copy the id of the request",
        retry = "Try again",
        #[cfg_attr(debug_assertions, expect(dead_code, reason = "only a release build is in parts"))]
        part = "This page could not be opened",
        session = "Fanbase could not be opened",
        unreachable_title = "No connection",
        forbidden_title = "You don't have permission",
        not_found_title = "Not found",
        conflict_title = "Conflicts with a newer change",
        too_large_title = "This is too large",
        busy_title = "Too many requests",
        server_title = "The server failed",
    }
}
