//! The audit logs.

use fanbase_domain::wire::audit::{ActorKind, AuditAction};

use super::texts;
use crate::i18n::counted;

texts! {
    /// The audit logs.
    AuditTexts {
        failed = "The audit log could not be shown",
        detail = "Who did what, when and from where. Entries can't be deleted.",
        action = "Action",
        any_action = "Any action",
        from = "From",
        until = "Until",
        export = "Export",
        when = "When",
        who = "Who",
        what = "What",
        from_where = "IP address",
        /// Who is no account and no key.
        actor: fn(ActorKind) -> &'static str = |kind| match kind {
            ActorKind::User => "An account that is gone",
            ActorKind::ApiKey => "A key that is gone",
            ActorKind::Webhook => "A service",
            ActorKind::CommandLine => "Command line",
            ActorKind::Nobody => "Not signed in",
        },
        key: fn(&str) -> String = |name| format!("{name} (API key)"),
        nothing = "No matching entries.",
        details: fn(u64) -> String = |number| counted(number, "detail", "details"),
        /// A value that was not there, or is not any more.
        no_value = "none",
        action_names: fn(AuditAction) -> Option<&'static str> = |action| Some(match action {
            AuditAction::ApiKeyCreated => "API key created",
            AuditAction::ApiKeyRotated => "API key replaced",
            AuditAction::ApiKeyRevoked => "API key revoked",
            AuditAction::MemberUpdated => "Member role changed",
            AuditAction::StoreUpdated => "Store settings changed",
            AuditAction::PasswordChanged => "Password changed",
            _ => return None,
        }),
        /// What a field of an entry is called, where its code does not say it.
        field_names: fn(&str) -> Option<&'static str> = |code| Some(match code {
            "created_at" => "Created",
            "expires_at" => "Expires",
            "revoked_at" => "Revoked",
            "query" => "Filters",
            "scopes" => "Permissions",
            "user_id" => "Account",
            "email" => "Email",
            "idle_days" => "Inactive after days",
            "shows_accounts" => "Lists accounts",
            "slug" => "Web address",
            _ => return None,
        }),
    }
}
