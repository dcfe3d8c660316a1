//! The audit logs.

use fanbase_domain::wire::audit::ActorKind;

use super::texts;

texts! {
    /// The audit logs.
    AuditTexts {
        failed = "The audit log could not be shown",
        detail = "Who did what, when and from where. Nothing is ever taken out of it.",
        action = "Action",
        any_action = "Any action",
        from = "From",
        until = "Before",
        export = "Export",
        when = "When",
        who = "Who",
        what = "What",
        from_where = "From where",
        /// Who is no account and no key.
        actor: fn(ActorKind) -> &'static str = |kind| match kind {
            ActorKind::User => "An account that is gone",
            ActorKind::ApiKey => "A key that is gone",
            ActorKind::Webhook => "A service",
            ActorKind::CommandLine => "Command line",
            ActorKind::Nobody => "Not signed in",
        },
        key: fn(&str) -> String = |name| format!("{name} (API key)"),
        nothing = "Nothing was done that matches.",
        details: fn(usize) -> String = |count| format!("{count} details"),
        /// A value that was not there, or is not any more.
        no_value = "nothing",
    }
}
