//! The settings of a store, and of the own account.

use fanbase_domain::wire::api_keys::Scope;

use super::texts;
use crate::i18n::{counted, noun};
use crate::routes::Section;

texts! {
    /// The settings of a store, and of the own account.
    SettingsTexts {
        sections = "Sections",
        section: fn(Section) -> &'static str = |section| match section {
            Section::Store => "Store",
            Section::ApiKeys => "API keys",
            Section::Fields => "Custom fields",
            Section::Tags => "Tags",
            Section::Members => "Members",
            Section::AuditLog => "Audit log",
            Section::Account => "Your account",
        },
        failed = "This could not be shown",
        name = "Name",
        slug = "Web address",
        currency = "Currency",
        idle_days = "Mark inactive after (days)",
        idle_days_hint = "Without any activity. Checked every hour.",
        fixed = "The web address and the currency can't be changed.",
        saved = "Saved",
        outdated = "These settings were changed elsewhere meanwhile. Save again to keep yours.",

        keys_detail = "Keys for programs that read or write fans by the API. A key is shown only once.",
        no_keys = "No keys yet.",
        new_key = "New key",
        key_name = "What it is for",
        key_name_hint = "Such as: checkout integration",
        scopes = "What it may do",
        scope: fn(Scope) -> &'static str = |scope| match scope {
            Scope::FansRead => "Read fans",
            Scope::FansWrite => "Change fans",
            Scope::ImportsWrite => "Import",
            Scope::EventsWrite => "Report purchases and enrolments",
        },
        create = "Create",
        secret = "Copy this key now. It is not shown again.",
        copy_secret = "Copy the key",
        done = "Done",
        key_start = "Starts with",
        last_used = "Last used",
        expires = "Expires",
        expired = "Expired",
        life: fn(u32) -> String = |days| match days {
            0 => "Never".to_owned(),
            365 => "In a year".to_owned(),
            _ => format!("In {days} days"),
        },
        replace = "Replace",
        replace_title: fn(&str) -> String = |name| format!("Replace “{name}”"),
        replace_detail = "Makes a new key that may do the same. Put it in the place of the old one before that ends.",
        overlap = "The old key works for",
        overlap_hours: fn(u32) -> String = |hours| match hours {
            0 => "No longer".to_owned(),
            1 => "An hour".to_owned(),
            24 => "A day".to_owned(),
            _ => format!("{} days", hours / 24),
        },
        never = "Never",
        revoked = "Revoked",
        revoke = "Revoke",
        revoke_title: fn(&str) -> String = |name| format!("Revoke “{name}”?"),
        revoke_detail = "Programs that use this key are refused from now on. This cannot be undone.",
        revoke_done: fn(&str) -> String = |name| format!("“{name}” was revoked"),

        fields_detail = "Extra facts about your fans. An import adds a field for each column it does not know.",
        no_fields = "No custom fields yet.",
        new_field = "New field",
        label = "Label",
        key = "Key",
        rename = "Rename",
        rename_title: fn(&str) -> String = |name| format!("Rename “{name}”"),

        no_tags = "No tags yet. Import a file with tags, or tag fans in the list.",
        tag = "Tag",
        customers = "Fans",
        merge = "Merge",
        merge_title: fn(&str) -> String = |name| format!("Merge “{name}” into another tag"),
        merge_detail: fn(&str, u64) -> String = |name, fans| {
            format!(
                "{} with “{name}” {} the other tag, and “{name}” is deleted. This can't be undone.",
                counted(fans, "fan", "fans"),
                noun(fans, "gets", "get"),
            )
        },
        tag_counted: fn(&str, u64) -> String = |name, fans| format!("{name} ({})", counted(fans, "fan", "fans")),
        choose_tag = "Choose a tag…",
        merge_into = "Into",
        merged: fn(&str) -> String = |name| format!("“{name}” was merged"),
        delete_title: fn(&str) -> String = |name| format!("Delete the tag “{name}”?"),
        delete_detail: fn(u64) -> String =
            |fans| format!("It is removed from {}. The fans themselves stay.", counted(fans, "fan", "fans")),
        deleted: fn(&str) -> String = |name| format!("“{name}” was deleted"),

        email = "Email",
        account_name = "Your name",
        password = "Password",
        current_password = "Current password",
        new_password = "New password",
        new_password_hint = "At least 8 characters",
        change_password = "Change the password",
        password_changed = "The password was changed",
        session = "This session",
        sessions = "Where you are signed in",
        browser = "Browser",
        unknown_browser = "Unknown",
        address = "IP address",
        signed_in = "Signed in",
        this_browser = "This browser",
        end_session = "Sign out",
        end_session_title = "Sign out there?",
        end_session_detail = "That browser has to sign in again.",
        session_ended = "Signed out",
        shows_accounts = "List people with an account who haven't bought or been imported",
    }
}
