//! Events that were received.

use fanbase_domain::wire::webhooks::WebhookEventStatus;

use super::texts;
use crate::i18n::counted;

texts! {
    /// Events that were received.
    EventTexts {
        failed = "The events could not be shown",
        detail = "What Clerk and Stripe sent, newest first, for 90 days. Failed events can be tried again once \
            the cause is fixed, as when a price gets its product. Trying an applied event again changes nothing.",
        outcome = "Outcome",
        any_status = "Any outcome",
        status: fn(WebhookEventStatus) -> &'static str = |status| match status {
            WebhookEventStatus::Processed => "Applied",
            WebhookEventStatus::Ignored => "Ignored",
            WebhookEventStatus::Failed => "Failed",
        },
        attempts: fn(u32) -> String = |times| format!("tried {}", counted(times.into(), "time", "times")),
        replay = "Try again",
        replayed: fn(WebhookEventStatus) -> String = |status| match status {
            WebhookEventStatus::Failed => "It failed again".to_owned(),
            WebhookEventStatus::Processed => "The event is applied".to_owned(),
            WebhookEventStatus::Ignored => "There is nothing in it to apply".to_owned(),
        },
        nothing = "No matching events.",
    }
}
