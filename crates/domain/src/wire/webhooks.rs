//! `/api/v1/admin/webhook-events`

use serde::{Deserialize, Serialize};

use crate::{text_enum, time::Timestamp};

text_enum! {
    /// Who sends events.
    pub enum WebhookSource {
        /// Clerk, about accounts.
        Clerk = "clerk",
        /// Stripe, about payments.
        Stripe = "stripe",
    }
}

text_enum! {
    /// What became of an event.
    pub enum WebhookEventStatus {
        /// It was applied.
        Processed = "processed",
        /// It is about nothing that Fanbase keeps.
        Ignored = "ignored",
        /// It could not be understood.
        Failed = "failed",
    }
}

/// An event that was received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookEventResponse {
    /// Who sent it.
    pub source: WebhookSource,
    /// Its id there.
    #[cfg_attr(feature = "openapi", schema(example = "msg_2aBcD3fGhIjKlMnOpQrStUvWxYz"))]
    pub id: String,
    /// Its type there.
    #[cfg_attr(feature = "openapi", schema(example = "user.updated"))]
    pub r#type: String,
    /// The id there of what it is about.
    #[cfg_attr(feature = "openapi", schema(example = "user_2aBcD3fGhIjKlMnOpQrStUvWxYz"))]
    pub subject: Option<String>,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When it came first.
    pub received_at: Timestamp,
    /// What became of it.
    pub status: WebhookEventStatus,
    /// Why it failed, or what of it was left out.
    #[cfg_attr(feature = "openapi", schema(example = "The primary address is not among the addresses."))]
    pub error: Option<String>,
    /// How often it was tried.
    #[cfg_attr(feature = "openapi", schema(example = 1))]
    pub attempts: u32,
    /// Whether what it said is still there, so that it can be replayed.
    pub has_payload: bool,
}
