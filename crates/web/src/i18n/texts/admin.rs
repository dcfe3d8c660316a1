//! The platform, for its admins.

use fanbase_domain::wire::admin::{ConnectStatus, UserBulkAction, UserStatus};

use super::texts;
use crate::i18n::{counted, format, noun};
use crate::pages::admin::Facet;

texts! {
    /// The platform, for its admins.
    AdminTexts {
        forbidden_title = "Admins only",
        forbidden_detail = "Your account does not administer this platform. Ask one of its admins.",
        user = "User",
        nameless = "No name",
        admin = "Admin",
        status_title = "Status",
        role_title = "Role",
        stores = "Stores",
        store = "Store",
        connect_title = "Payments",
        signed_up = "Signed up",
        last_seen = "Last sign-in",
        never = "Never",
        id = "Id",
        details = "Account",
        previous = "Previous account",
        next = "Next account",
        memberships = "Stores",
        no_memberships = "Not in any store.",
        gone_title = "There is no such account",
        gone_detail = "It may have been deleted for good, or the address is misspelled.",
        user_failed = "The account could not be shown",
        users_failed = "The accounts could not be shown",
        nothing_title = "Nobody matches",
        nothing_detail = "No account matches this search and these filters together.",
        search = "Search accounts",
        search_hint = "Name or email",
        facet: fn(Facet) -> &'static str = |facet| match facet {
            Facet::Status => "Status",
            Facet::Role => "Role",
            Facet::Admin => "Admin",
            Facet::Store => "Has a store",
            Facet::Connect => "Payments",
        },
        status: fn(UserStatus) -> &'static str = |status| match status {
            UserStatus::Active => "Active",
            UserStatus::Suspended => "Suspended",
            UserStatus::Deleted => "Deleted",
        },
        connect: fn(ConnectStatus) -> &'static str = |status| match status {
            ConnectStatus::NotConnected => "Not connected",
            ConnectStatus::Incomplete => "Incomplete",
            ConnectStatus::CanCharge => "Can charge",
            ConnectStatus::CanBePaidOut => "Can be paid out",
        },
        action: fn(UserBulkAction) -> &'static str = |action| match action {
            UserBulkAction::Role => "Change role",
            UserBulkAction::MakeAdmin => "Make admin",
            UserBulkAction::RevokeAdmin => "Revoke admin",
            UserBulkAction::Suspend => "Suspend",
            UserBulkAction::Reinstate => "Reinstate",
            UserBulkAction::Delete => "Delete",
        },
        action_title: fn(UserBulkAction) -> &'static str = |action| match action {
            UserBulkAction::Role => "Change the role in every store",
            UserBulkAction::MakeAdmin => "Make admins of the platform",
            UserBulkAction::RevokeAdmin => "Revoke the administration of the platform",
            UserBulkAction::Suspend => "Suspend accounts",
            UserBulkAction::Reinstate => "Reinstate accounts",
            UserBulkAction::Delete => "Delete accounts",
        },
        delete_detail = "Their personal data and sign-ins are deleted for good. Customers of stores stay, without an account.",
        trial_failed = "What this would do could not be found out",
        would_change: fn(u64) -> String = |accounts| format!("{} will change", counted(accounts, "account", "accounts")),
        unchanged: fn(u64) -> String =
            |accounts| format!("{} {} so already", format::count(accounts), noun(accounts, "is", "are")),
        refused: fn(u64) -> String = |accounts| format!("{} can't be changed:", format::count(accounts)),
        more: fn(&str) -> String = |count| format!("and {count} more"),
        changed: fn(&str, &str) -> String = |changed, matched| format!("{changed} of {matched} accounts changed"),

        stats_failed = "The statistics could not be shown",
        of_users: fn(u64, u64) -> String =
            |admins, suspended| format!("{}, {} suspended", counted(admins, "admin", "admins"), format::count(suspended)),
        creators = "Creators",
        creators_note = "own a store",
        students = "Students",
        students_note = "are a customer of some store",
        connected: fn(&str) -> String = |count| format!("{count} can take payments"),
        of_fans: fn(u64) -> String = |contacts| {
            format!("{}, each store counted for itself", counted(contacts, "contact", "contacts"))
        },
        users_growth = "Registered accounts, by month",
        stores_growth = "Stores, by month",
    }
}
