//! The frame around the pages, signing in, and where there is nothing.

use super::texts;

texts! {
    /// The frame around the pages.
    FrameTexts {
        skip_to_content = "Skip to content",
        main_navigation = "Main",
        menu = "Menu",
        switch_store = "Switch store",
        overview = "Overview",
        fans = "Fans",
        customers = "Customers",
        imports = "Imports",
        settings = "Settings",
        brand = "Fanbase",
        platform = "Platform",
        platform_stats = "Statistics",
        platform_stats_long = "Platform statistics",
        users = "Users",
        users_long = "Registered users",
        audit_log = "Audit log",
        audit_log_long = "Audit log of the platform",
        events = "Events",
        events_long = "Received events",
        account = "Account",
        theme = "Theme",
        theme_system = "System",
        theme_light = "Light",
        theme_dark = "Dark",
        log_out = "Log out",
        log_out_failed = "You are still signed in: the server did not answer. Try again.",
        search_or_jump = "Search or jump",
        palette = "Search fans and commands",
        palette_hint = "Find a fan, or jump to a page…",
        palette_nothing = "Nothing found",
        palette_all: fn(&str) -> String = |typed| format!("Show all fans that match “{typed}”"),
        settings_section: fn(&str) -> String = |section| format!("Settings: {section}"),
        import = "Import contacts",
        use_theme: fn(&str) -> String = |theme| format!("Use the {} theme", crate::i18n::case::lower(theme)),
        open_store: fn(&str) -> String = |store| format!("Open {store}"),
    }
}

texts! {
    /// The sign-in page.
    LoginTexts {
        title = "Sign in to Fanbase",
        email = "Email",
        password = "Password",
        submit = "Sign in",
        submitting = "Signing in…",
        /// When the session has ended while somebody works.
        again = "Sign in again",
        again_detail: fn(&str) -> String =
            |email| format!("Your session has ended. Enter the password of {email} to go on: this page stays as it is."),
        another = "Leave this page",
    }
}

texts! {
    /// Where there is no store, or no page.
    NowhereTexts {
        no_stores_title = "No store yet",
        no_stores_detail = "Your account is not a member of any store. Ask the owner of a store to add you.",
        store_title = "There is no such store",
        store_detail = "It may have another address by now, or your account is not a member of it.",
        page_title = "There is no such page",
        page_detail = "The address may be misspelled, or the page was moved.",
        home = "Go to your fans",
    }
}
