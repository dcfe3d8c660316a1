//! Imports: the wizard, the report, the history.

use fanbase_domain::{
    import::number::DecimalMark,
    wire::imports::{ImportStatus, Severity},
};

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
        none = "No imports yet.",
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
        /// The result of a check, which changed nothing.
        would: fn(&str) -> String = |outcome| format!("Would be: {outcome}"),

        checking = "Checking the file",
        importing = "Importing",
        undoing = "Undoing the import",
        waiting = "Waits for its turn…",
        rows: fn(u64, &str) -> String = |number, rows| match number {
            1 => "1 row".to_owned(),
            _ => format!("{rows} rows"),
        },
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
        separator = "Separator",
        encoding = "Encoding",
        recognised: fn(&str) -> String = |what| format!("Detected: {what}"),
        guessed: fn(&str) -> String = |what| format!("Probably {what}"),
        encoding_guessed = "The file does not say how its letters are encoded. Look at the names below; if letters \
            are wrong, choose another encoding.",
        decimal_mark = "Numbers",
        decimal: fn(DecimalMark) -> &'static str = |mark| match mark {
            DecimalMark::Point => "1,234.50",
            DecimalMark::Comma => "1.234,50",
        },
        decimals: [(&'static str, &'static str); 2] = [("point", "1,234.50"), ("comma", "1.234,50")],
        delimiters: [(&'static str, &'static str); 4] =
            [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "vertical bar")],
        encodings: [(&'static str, &'static str); 18] = [
            ("utf-8", "UTF-8"),
            ("windows-1252", "Western European (Windows-1252)"),
            ("macintosh", "Western European (Mac)"),
            ("windows-1250", "Central European (Windows-1250)"),
            ("iso-8859-2", "Central European (ISO 8859-2)"),
            ("windows-1251", "Cyrillic (Windows-1251)"),
            ("koi8-u", "Cyrillic (KOI8)"),
            ("windows-1253", "Greek (Windows-1253)"),
            ("windows-1254", "Turkish (Windows-1254)"),
            ("windows-1255", "Hebrew (Windows-1255)"),
            ("windows-1256", "Arabic (Windows-1256)"),
            ("windows-1257", "Baltic (Windows-1257)"),
            ("shift_jis", "Japanese (Shift_JIS)"),
            ("euc-kr", "Korean (EUC-KR)"),
            ("gbk", "Chinese, simplified (GBK)"),
            ("big5", "Chinese, traditional (Big5)"),
            ("utf-16le", "UTF-16, little-endian"),
            ("utf-16be", "UTF-16, big-endian"),
        ],
        column_count: fn(u64, &str) -> String = |number, count| match number {
            1 => "1 column".to_owned(),
            _ => format!("{count} columns"),
        },
        unclear_consent = "Seems to say who can be emailed. Choose what it means.",
        column = "Column",
        first_values = "First values",
        becomes = "Import as",
        /// The select of a column.
        column_becomes: fn(&str) -> String = |name| format!("Column “{name}” becomes"),
        ignore = "Skip",
        custom_field = "Field",
        /// Those that there are, as a group of what a column can become.
        custom_fields = "Your fields",
        targets: [(&'static str, &'static str); 24] = [
            ("email", "E-mail"),
            ("first_name", "First name"),
            ("last_name", "Last name"),
            ("name", "Full name"),
            ("phone", "Phone"),
            ("alias", "Alias"),
            ("type", "Type of fan"),
            ("consent", "Consent"),
            ("subscribed", "Subscribed: yes or no"),
            ("opted_in", "Opted in: yes, no or when"),
            ("opted_in_at", "Opted in and created: when"),
            ("opted_out", "Opted out: yes or when"),
            ("blacklisted", "Blocked by the mail service: yes or no"),
            ("bounced", "Bounced: yes or when"),
            ("complained", "Marked as spam: yes or when"),
            ("status", "Activity status"),
            ("source", "Source"),
            ("source_detail", "Source detail"),
            ("score", "Score"),
            ("total_spent", "Total spent"),
            ("tags", "Tags"),
            ("created_at", "Created"),
            ("last_activity_at", "Last activity"),
            ("list_name", "List name"),
        ],
        no_email = "Choose the column that holds the e-mail addresses.",
        twice: fn(&str) -> String = |field| format!("Two columns become “{field}”. Change one of them."),

        options = "Options",
        values = "For people you already have",
        values_options: [(&'static str, &'static str); 2] = [
            ("overwrite", "Update with the file's values"),
            ("fill", "Only fill empty fields"),
        ],
        tags = "Existing tags",
        tags_options: [(&'static str, &'static str); 2] =
            [("unite", "Keep, and add the file's tags"), ("replace", "Replace with the file's tags")],
        add_tags = "Tag everyone in the file",
        add_tags_hint = "Separated by commas, such as: newsletter, spring 2026",

        consent_question = "Did these people agree to get email from you?",
        consent_detail = "The file does not say. Only people who agreed can be emailed; those who unsubscribed or \
            bounced stay out either way.",
        consent_answers: [(&'static str, &'static str); 2] = [
            ("subscribed", "Yes, all of them agreed"),
            ("unconfirmed", "No, or I don't know: import them as unconfirmed"),
        ],
        consent_first = "Say first whether these people agreed to get email.",

        would_happen = "What would happen",
        changed = "Settings changed. Check again.",
        exact: fn(u64, &str) -> String = |number, rows| match number {
            1 => "The one row was checked; these numbers are exact.".to_owned(),
            _ => format!("All {rows} rows were checked; these numbers are exact."),
        },
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
        added: fn(u64, &str) -> String = |number, count| match number {
            1 => "1 person added".to_owned(),
            _ => format!("{count} people added"),
        },
        updated: fn(u64, &str) -> String = |_, count| format!("{count} updated"),
        unchanged: fn(u64, &str) -> String = |_, count| format!("{count} unchanged"),
        duplicates: fn(u64, &str) -> String = |number, count| match number {
            1 => "1 duplicate".to_owned(),
            _ => format!("{count} duplicates"),
        },
        left_out: fn(u64, &str) -> String = |_, count| format!("{count} left out"),
        nothing = "No rows",
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
        no_problems = "No problems.",
        line = "Line",
        email = "E-mail",
        severity: fn(Severity) -> &'static str = |severity| match severity {
            Severity::Error => "Skipped",
            Severity::Warning => "Imported in part",
            Severity::Undo => "Kept",
        },
        problem = "Problem",
        reason = "Reason",
    }
}
