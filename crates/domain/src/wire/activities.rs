//! `/api/v1/stores/{store_id}/customers/{customer_id}/activity` and `/activities`

use serde::{Deserialize, Serialize};

use super::patch::present;
use crate::{
    field_errors::FieldErrors,
    ids::{ActivityId, UserId},
    text_enum,
    time::Timestamp,
};

/// Longest text, in characters.
const MAX_TEXT: usize = 2_000;

/// By how much clocks may differ, in milliseconds.
const SKEW: i64 = 5 * 60 * 1000;

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
        /// Somebody and the customer had a call. Noted by hand, as those that follow.
        Call = "call",
        /// Somebody and the customer met.
        Meeting = "meeting",
        /// Somebody and the customer wrote to each other.
        Email = "email",
        /// Something else happened.
        Other = "other",
    }
}

impl ActivityKind {
    /// Those that are noted by hand; all others follow from what is done or reported.
    pub const BY_HAND: [Self; 4] = [Self::Call, Self::Meeting, Self::Email, Self::Other];

    /// Whether it is noted by hand.
    #[must_use]
    pub fn is_by_hand(self) -> bool {
        Self::BY_HAND.contains(&self)
    }
}

/// Something that happened to a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActivityResponse {
    /// Its id.
    pub id: ActivityId,
    /// What happened. `call`, `meeting`, `email` and `other` are noted by hand, and can be changed.
    pub kind: ActivityKind,
    /// More of it: which fields were changed, what a course is called, what somebody wrote.
    pub detail: Option<String>,
    /// When.
    pub at: Timestamp,
    /// Who noted it by hand; null for an API key, and for what was not.
    pub author_id: Option<UserId>,
}

/// Something to note by hand.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ActivityRequest {
    /// What happened: `call`, `meeting`, `email` or `other`.
    #[cfg_attr(feature = "openapi", schema(example = "call"))]
    pub kind: ActivityKind,
    /// What there is to say of it, at most 2,000 characters.
    #[cfg_attr(feature = "openapi", schema(example = "Asked for a discount on the mixing course."))]
    pub text: String,
    /// When; now unless told. Not in the future.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}

/// Something to note by hand, checked but for its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewActivity {
    /// What happened.
    pub kind: ActivityKind,
    /// What there is to say of it.
    pub text: String,
    /// When, if that is told.
    pub at: Option<Timestamp>,
}

impl TryFrom<ActivityRequest> for NewActivity {
    type Error = FieldErrors;

    fn try_from(request: ActivityRequest) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let ActivityRequest { kind, text, at } = request;
        check_kind(kind, &mut errors);
        match (required_text(&text, &mut errors), errors.is_empty()) {
            (Some(text), true) => Ok(Self { kind, text, at }),
            _ => Err(errors),
        }
    }
}

/// Changes to what was noted by hand: what is absent stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({"text": "Asked for a discount, and got it."})))]
#[serde(default, deny_unknown_fields)]
pub struct PatchActivityRequest {
    /// What happened: `call`, `meeting`, `email` or `other`.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = ActivityKind))]
    pub kind: Option<Option<ActivityKind>>,
    /// What there is to say of it, at most 2,000 characters.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub text: Option<Option<String>>,
    /// When. Not in the future.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Timestamp))]
    pub at: Option<Option<Timestamp>>,
}

/// Changes to what was noted by hand, checked but for the time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivityPatch {
    /// What happened.
    pub kind: Option<ActivityKind>,
    /// What there is to say of it.
    pub text: Option<String>,
    /// When.
    pub at: Option<Timestamp>,
}

impl TryFrom<PatchActivityRequest> for ActivityPatch {
    type Error = FieldErrors;

    fn try_from(request: PatchActivityRequest) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let kind = errors.not_null("/kind", request.kind);
        if let Some(kind) = kind {
            check_kind(kind, &mut errors);
        }
        let text = errors.not_null("/text", request.text);
        let text = text.and_then(|text| required_text(&text, &mut errors));
        let at = errors.not_null("/at", request.at);
        errors.into_result(Self { kind, text, at })
    }
}

/// Checks that what is told did happen.
///
/// # Errors
/// When it lies in the future.
pub fn check_time(at: Timestamp, now: Timestamp) -> Result<(), FieldErrors> {
    let mut errors = FieldErrors::new();
    if at.millis().saturating_sub(SKEW) > now.millis() {
        errors.add("/at", "in_the_future", "The timeline tells what happened, not what is planned.");
    }
    errors.into_result(())
}

fn check_kind(kind: ActivityKind, errors: &mut FieldErrors) {
    if !kind.is_by_hand() {
        errors.add("/kind", "not_by_hand", "One of call, meeting, email, other.");
    }
}

fn required_text(text: &str, errors: &mut FieldErrors) -> Option<String> {
    let known = errors.text("/text", Some(text), MAX_TEXT);
    if known.is_none() && crate::text::non_blank(text).is_none() {
        errors.add("/text", "required", "The text is blank.");
    }
    known
}
