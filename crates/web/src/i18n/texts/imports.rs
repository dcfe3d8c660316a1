//! Imports: the wizard, the report, the history.

use fanbase_domain::wire::imports::{ImportStatus, Severity};

use super::texts;

texts! {
    /// Imports: the wizard, the report, the history.
    ImportTexts {
        title = "Imports",
        drop_title = "Drop a contact file here",
        drop_detail = "CSV from ActiveCampaign, Mailchimp, Brevo, Kit or any spreadsheet. Nothing is changed before \
            you have seen what would happen.",
        choose = "Choose a file",
        sample = "Download a sample file",
        sample_name = "sample-contacts.csv",
        sample_file = "Email,First Name,Last Name,Tags,Status,Favourite DAW\r\n\
            ava@example.com,Ava,Lindqvist,\"techno,newsletter\",subscribed,Ableton\r\n\
            kofi@example.com,Kofi,Okafor,hip-hop,subscribed,FL Studio\r\n\
            zoe@example.com,Zoë,Dubois,,unsubscribed,Logic Pro\r\n",
        uploading: fn(&str) -> String = |name| format!("Uploading {name}"),
        cancel = "Cancel the upload",

        failed = "The imports could not be shown",
        one_failed = "The import could not be shown",
        history = "History",
        none = "No imports yet. The first file makes the start.",
        file = "File",
        result = "Result",
        when = "When",
        newer = "Previous page",
        older = "Next page",
        status: fn(ImportStatus) -> &'static str = |status| match status {
            ImportStatus::Queued => "Waiting",
            ImportStatus::Running => "Running",
            ImportStatus::Completed => "Imported",
            ImportStatus::Failed => "Failed",
            ImportStatus::Undoing => "Being undone",
            ImportStatus::Undone => "Undone",
        },
        /// A dry run that is done.
        checked = "Checked only",
        summary: fn(&str, &str, &str) -> String = |created, updated, invalid| {
            format!("{created} new · {updated} updated · {invalid} invalid")
        },

        checking = "Checking the file",
        importing = "Importing",
        undoing = "Undoing the import",
        waiting = "Waits for its turn…",
        rows: fn(&str) -> String = |rows| format!("{rows} rows"),
        rate: fn(&str) -> String = |rate| format!("{rate} rows/s"),
        left: fn(u64) -> String = |seconds| match seconds {
            0..=1 => "a moment left".to_owned(),
            2..=90 => format!("{seconds} s left"),
            _ => format!("{} min left", seconds.div_ceil(60)),
        },
        leave = "You can leave this page: the work goes on, and the history shows how far it is.",
        refused = "This file cannot be imported as it is",

        columns = "Columns",
        columns_detail: fn(&str) -> String = |what| format!("{what}. Change anything that was not recognised correctly."),
        delimiter: fn(&str) -> &'static str = |delimiter| match delimiter {
            "," => "comma",
            ";" => "semicolon",
            "\t" => "tab",
            "|" => "vertical bar",
            _ => "no separator",
        },
        separator = "Cells are separated by",
        encoding = "Encoding of the text",
        recognised: fn(&str) -> String = |what| format!("Recognised: {what}"),
        delimiters: [(&'static str, &'static str); 4] =
            [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "vertical bar")],
        encodings: [(&'static str, &'static str); 4] = [
            ("utf-8", "UTF-8"),
            ("windows-1252", "Windows-1252, Western European"),
            ("utf-16le", "UTF-16, little-endian"),
            ("utf-16be", "UTF-16, big-endian"),
        ],
        column_count: fn(&str) -> String = |count| format!("{count} columns"),
        column = "Column",
        first_values = "First values",
        becomes = "Becomes",
        /// The select of a column.
        column_becomes: fn(&str) -> String = |name| format!("Column “{name}” becomes"),
        ignore = "Leave out",
        custom_field = "Field",
        /// Those that there are, as a group of what a column can become.
        custom_fields = "Your fields",
        targets: [(&'static str, &'static str); 18] = [
            ("email", "E-mail"),
            ("first_name", "First name"),
            ("last_name", "Last name"),
            ("name", "Full name"),
            ("phone", "Phone"),
            ("alias", "Alias"),
            ("type", "Type of fan"),
            ("consent", "Consent"),
            ("blacklisted", "Not to be mailed"),
            ("status", "Activity status"),
            ("source", "Source"),
            ("source_detail", "Source detail"),
            ("score", "Score"),
            ("total_spent", "Total spent"),
            ("tags", "Tags"),
            ("created_at", "Known since"),
            ("last_activity_at", "Last activity"),
            ("list_name", "List name"),
        ],
        no_email = "Choose the column that holds the e-mail addresses.",
        twice: fn(&str) -> String = |field| format!("Two columns become “{field}”. Change one of them."),

        options = "Options",
        values = "For people you already have",
        values_options: [(&'static str, &'static str); 2] = [
            ("overwrite", "Take what the file says"),
            ("fill", "Only fill in what is missing"),
        ],
        tags = "Their tags",
        tags_options: [(&'static str, &'static str); 2] =
            [("unite", "Keep, and add those of the file"), ("replace", "Replace with those of the file")],
        add_tags = "Tag everyone in the file",
        add_tags_hint = "Separated by commas, such as: newsletter, spring 2026",

        would_happen = "What would happen",
        changed = "You changed something: check again for exact numbers.",
        exact: fn(&str) -> String = |rows| format!("Every one of the {rows} rows was checked; these numbers are exact."),
        check_again = "Check again",
        import: fn(u64, &str) -> String = |number, count| match number {
            0 => "Nothing to import".to_owned(),
            1 => "Import 1 person".to_owned(),
            _ => format!("Import {count} people"),
        },
        another = "Another file",

        outcomes: [&'static str; 5] = ["New", "Updated", "Unchanged", "Duplicates", "Invalid"],
        outcome_chart = "Rows by outcome",
        kept: fn(u64, &str) -> String = |number, count| match number {
            1 => "1 person of the file has unsubscribed or bounced before, and stays so.".to_owned(),
            _ => format!("{count} people of the file have unsubscribed or bounced before, and stay so."),
        },
        done: fn(u64, &str) -> String = |number, rows| match number {
            1 => "1 row imported".to_owned(),
            _ => format!("{rows} rows imported"),
        },
        undone = "Undone: everything is as it was before.",
        undone_left: fn(u64, &str) -> String = |number, count| match number {
            1 => "Undone. 1 person was edited since, and stays.".to_owned(),
            _ => format!("Undone. {count} people were edited since, and stay."),
        },
        took: fn(&str) -> String = |seconds| format!("in {seconds} s"),
        to_fans = "Show the fans",

        undo = "Undo",
        undo_title: fn(&str) -> String = |file| format!("Undo the import of {file}?"),
        undo_detail: fn(&str, &str) -> String = |created, updated| {
            format!("New people are deleted again: {created}. Updated people get back what they had: {updated}. \
                Whoever was edited since stays as they are, and the report says how many.")
        },
        undo_confirm = "Undo the import",

        problems = "Rows with problems",
        problems_detail = "The line numbers are those of the file.",
        download = "Download all",
        no_problems = "Not one row had a problem.",
        line = "Line",
        email = "E-mail",
        severity: fn(Severity) -> &'static str = |severity| match severity {
            Severity::Error => "Left out",
            Severity::Warning => "Partly",
            Severity::Undo => "Kept",
        },
        problem = "Problem",
        reason = "Reason",
    }
}
