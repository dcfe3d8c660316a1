//! What happened, and what to do.

use super::texts;

texts! {
    /// What happened, and what to do.
    ErrorTexts {
        unreachable = "The server cannot be reached. Check your connection, then try again.",
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
        forbidden_title = "You may not do this",
        not_found_title = "This is no longer here",
        conflict_title = "This clashes with something else",
        too_large_title = "This is too large",
        busy_title = "Too much at once",
        server_title = "The server failed",
    }
}
