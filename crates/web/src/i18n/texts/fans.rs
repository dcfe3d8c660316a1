//! The fans page.

use super::texts;
use crate::state::fans_query::{Column, Part};

texts! {
    /// The fans page.
    FansTexts {
        title = "Fans",
        types = "Types of fans",
        all = "All",
        search = "Search fans",
        search_hint = "Name, e-mail, alias, source",
        table = "Fans",
        column: fn(Column) -> &'static str = |column| match column {
            Column::Type => "Type",
            Column::Source => "Source",
            Column::Profile => "Profile",
            Column::Tags => "Tags",
            Column::Consent => "Consent",
            Column::Spent => "Spent",
            Column::Score => "Score",
            Column::Created => "Added",
            Column::Active => "Last active",
        },
        fan = "Fan",
        has_account = "Has account",
        /// More tags than are shown; told with their names.
        more_tags: fn(&str) -> String = |names| format!("and {names}"),
        empty_title = "Nobody here yet",
        empty_detail = "Import a contact list to see your whole audience here: a CSV file from ActiveCampaign, \
            Mailchimp or any spreadsheet. Duplicates are folded together, and nobody who unsubscribed is \
            subscribed again.",
        nothing_title = "Nobody matches",
        nothing_detail = "No fan matches this search and these filters together.",
        show_all = "Clear search and filters",
        failed = "The fans could not be shown",
        import = "Import",
        export = "Export",
        export_hint = "Download everyone who matches as CSV",

        add_filter = "Filter",
        clear_filters = "Clear all",
        apply = "Apply",
        part: fn(Part) -> &'static str = |part| match part {
            Part::Type => "Type",
            Part::Tag => "Tag",
            Part::Source => "Source",
            Part::Status => "Status",
            Part::Consent => "Consent",
            Part::Account => "Account",
            Part::Spent => "Spent",
            Part::Score => "Score",
            Part::Created => "Added",
            Part::Active => "Active",
        },
        or = " or ",
        at_least = "At least",
        at_most = "At most",
        from_on: fn(&str) -> String = |value| format!("{value} or more"),
        up_to: fn(&str) -> String = |value| format!("{value} or less"),
        between: fn(&str, &str) -> String = |min, max| format!("{min} – {max}"),
        within: fn(u32) -> String = |days| match days {
            1 => "last 24 hours".to_owned(),
            7 => "last 7 days".to_owned(),
            365 => "last year".to_owned(),
            _ => format!("last {days} days"),
        },
        not_within: fn(u32) -> String = |days| match days {
            365 => "not in the last year".to_owned(),
            _ => format!("not in the last {days} days"),
        },
        on_or_after = "On or after",
        before = "Before",
        after_date: fn(&str) -> String = |date| format!("from {date}"),
        before_date: fn(&str) -> String = |date| format!("before {date}"),
        no_tags = "No tags yet. Import a file with tags, or tag fans here.",
        find_tag = "Find a tag",

        columns = "Columns",
        density = "Rows",
        comfortable = "Comfortable",
        compact = "Compact",
        views = "Views",
        view_name = "Name of the view",
        save_view = "Save this view",
        update_view = "Save changes to this view",
        delete_view: fn(&str) -> String = |name| format!("Delete the view {name}"),
        view_saved: fn(&str) -> String = |name| format!("View “{name}” saved"),
        view_deleted: fn(&str) -> String = |name| format!("View “{name}” deleted"),
        no_views = "Save a search with its filters, order and columns, and everybody in the store has it here.",

        tag = "Tag",
        untag = "Untag",
        tag_title: fn(&str) -> String = |count| format!("Tag {count}"),
        untag_title: fn(&str) -> String = |count| format!("Take tags from {count}"),
        delete_title: fn(&str) -> String = |count| format!("Delete {count}?"),
        delete_detail = "Their contact data, tags, notes and timeline are deleted for good. Who has an account \
            stays as a registered user. Accounts that are no customers are left alone.",
        delete_typed: fn(&str) -> String = |count| format!("Type {count} to confirm"),
        delete_confirm: fn(&str) -> String = |count| format!("Delete {count}"),
        tag_names = "Tags",
        tag_names_hint = "Separate several by commas; new ones are made.",
        bulk_done: fn(&str, &str) -> String = |changed, matched| format!("{changed} of {matched} changed"),
        bulk_skipped: fn(&str) -> String = |count| format!("; {count} registered accounts are no customers and stay as they are"),
        fans_counted: fn(u64, &str) -> String = |n, count| if n == 1 { "1 fan".to_owned() } else { format!("{count} fans") },
    }
}
