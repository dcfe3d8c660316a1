//! English.

use fanbase_domain::{fan::FanType, source::Source};

use super::{
    Ago,
    texts::{ErrorTexts, FansTexts, FrameTexts, LoginTexts, NowhereTexts, Texts},
};

pub(super) static TEXTS: Texts = Texts {
    none: "None",
    frame: FrameTexts {
        skip_to_content: "Skip to content",
        main_navigation: "Main",
        menu: "Menu",
        switch_store: "Switch store",
        fans: "Fans",
        log_out: "Log out",
        log_out_failed: "You are still signed in: the server did not answer. Try again.",
    },
    login: LoginTexts {
        title: "Sign in to Fanbase",
        email: "E-mail",
        password: "Password",
        submit: "Sign in",
        submitting: "Signing in…",
    },
    fans: FansTexts {
        title: "Fans",
        types: "Types of fans",
        all: "All",
        tab: |kind| match kind {
            FanType::Lead => "Leads",
            FanType::Paying => "Customers",
            FanType::Subscription => "Subscribers",
            FanType::User => "Registered",
        },
        search: "Search fans",
        search_hint: "Name, e-mail, alias, source",
        table: "Fans",
        waiting: "Fetching fans",
        fan: "Fan",
        kind: "Type",
        source: "Source",
        profile: "Profile",
        tags: "Tags",
        spent: "Spent",
        score: "Score",
        last_active: "Last active",
        has_account: "Has account",
        more_tags: |names| format!("and {names}"),
        shown: |shown, total| format!("{shown} of {total}"),
        order: "Newest first",
        pages: "Pages",
        newer: "Newer",
        older: "Older",
        empty_title: "Nobody here yet",
        empty_detail: "Import a contact list to see your whole audience here: a CSV file from \
                       ActiveCampaign, Mailchimp or any spreadsheet. Duplicates are folded together, and \
                       nobody who unsubscribed is subscribed again.",
        nothing_found_title: |search| format!("Nobody matches “{search}”"),
        nothing_found_detail: "The search looks at names, e-mail addresses, aliases and sources.",
        none_of_type_title: "Nobody of this type",
        none_of_type_detail: "Fans appear here as soon as what they do makes them one.",
        show_all: "Show all fans",
        failed: "The fans could not be shown",
    },
    errors: ErrorTexts {
        unreachable: "The server cannot be reached. Check your connection, then try again.",
        unreadable: |status| {
            format!("The server answered with something unexpected (status {status}). Try again in a moment.")
        },
        request: "Request",
        retry: "Try again",
        first_page: "Back to the first page",
        session: "Fanbase could not be opened",
    },
    nowhere: NowhereTexts {
        no_stores_title: "No store yet",
        no_stores_detail: "Your account is not a member of any store. Ask the owner of a store to add you.",
        store_title: "There is no such store",
        store_detail: "It may have another address by now, or your account is not a member of it.",
        page_title: "There is no such page",
        page_detail: "The address may be misspelled, or the page was moved.",
        home: "Go to your fans",
    },
    ago: |ago| match ago {
        Ago::Now => "just now".to_owned(),
        Ago::Minutes(n) => format!("{n} min ago"),
        Ago::Hours(n) => format!("{n} h ago"),
        Ago::Days(n) => format!("{n} d ago"),
        Ago::Weeks(n) => format!("{n} w ago"),
        Ago::Months(n) => format!("{n} mo ago"),
        Ago::Years(n) => format!("{n} y ago"),
    },
    fan_type: |kind| match kind {
        FanType::Lead => "Lead",
        FanType::Paying => "Customer",
        FanType::Subscription => "Subscriber",
        FanType::User => "Registered User",
    },
    source: |source| match source {
        Source::ActivecampaignImport => "ActiveCampaign",
        Source::CsvImport => "CSV import",
        Source::StripePurchase => "Stripe",
        Source::CourseEnrollment => "Course",
        Source::Subscription => "Subscription",
        Source::Manual => "By hand",
        Source::Api => "API",
        Source::RegisteredUser => "Sign-up",
    },
};
