//! `/api/v1/stores/{store_id}/customers/{customer_id}/activity`

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{text_enum, time::Timestamp};

text_enum! {
    /// What happened.
    pub enum ActivityKind {
        /// The customer was added by hand or by a tool.
        Created = "created",
        /// Somebody changed the customer.
        Edited = "edited",
        /// The customer was linked to an account.
        AccountLinked = "account_linked",
        /// The account was deleted.
        AccountUnlinked = "account_unlinked",
        /// A note was written.
        NoteAdded = "note_added",
        /// The customer got access to a course.
        Enrolled = "enrolled",
        /// The customer went on with a course.
        CourseProgressed = "course_progressed",
        /// The customer completed a course.
        CourseCompleted = "course_completed",
        /// The customer bought something.
        Purchased = "purchased",
        /// The customer paid.
        Paid = "paid",
        /// Money was given back to the customer.
        Refunded = "refunded",
        /// The customer's bank wants money back.
        Disputed = "disputed",
        /// The customer subscribed.
        Subscribed = "subscribed",
        /// A subscription ended.
        SubscriptionEnded = "subscription_ended",
    }
}

/// Something that happened to a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActivityResponse {
    /// Its id.
    pub id: Uuid,
    /// What happened.
    pub kind: ActivityKind,
    /// More of it, such as which fields were changed.
    pub detail: Option<String>,
    /// When.
    pub at: Timestamp,
}
