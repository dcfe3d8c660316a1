//! `/api/v1/stores/{store_id}/backfills`

use serde::{Deserialize, Serialize};

use crate::{field_errors::FieldErrors, ids::BackfillId, text_enum, time::Timestamp};

text_enum! {
    /// Whose customers are made.
    pub enum BackfillWhat {
        /// Those of enrolments.
        Courses = "courses",
        /// Those of subscriptions.
        Subscriptions = "subscriptions",
    }
}

text_enum! {
    /// Where a backfill stands.
    pub enum BackfillStatus {
        /// Waits for its turn.
        Queued = "queued",
        /// Goes through what has no customer.
        Running = "running",
        /// Done.
        Completed = "completed",
    }
}

impl BackfillStatus {
    /// Whether nothing more will happen.
    #[must_use]
    pub fn is_final(self) -> bool {
        self == Self::Completed
    }
}

text_enum! {
    /// Why something got no customer.
    pub enum BackfillProblemCode {
        /// Neither the row nor its account has an address.
        NoAddress = "no_address",
        /// The address is none.
        AddressInvalid = "address_invalid",
        /// There is no such account, and no address beside it.
        UnknownAccount = "unknown_account",
        /// The store has no such course.
        UnknownCourse = "unknown_course",
    }
}

impl BackfillProblemCode {
    /// A sentence for people.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::NoAddress => "Neither it nor its account has an e-mail address.",
            Self::AddressInvalid => "Its e-mail address is not valid.",
            Self::UnknownAccount => "There is no such account, and no e-mail address beside it.",
            Self::UnknownCourse => "The store has no such course.",
        }
    }
}

/// A backfill to start.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct CreateBackfillRequest {
    /// Whose customers are made: those of enrolments, or of subscriptions.
    #[cfg_attr(feature = "openapi", schema(value_type = BackfillWhat, required = true))]
    pub what: Option<BackfillWhat>,
    /// Tell what would happen, without changing anything.
    pub dry_run: bool,
}

/// A backfill to start, checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewBackfill {
    /// Whose customers are made.
    pub what: BackfillWhat,
    /// Whether nothing is changed.
    pub dry_run: bool,
}

impl TryFrom<CreateBackfillRequest> for NewBackfill {
    type Error = FieldErrors;

    fn try_from(request: CreateBackfillRequest) -> Result<Self, FieldErrors> {
        let CreateBackfillRequest { what, dry_run } = request;
        what.map(|what| Self { what, dry_run }).ok_or_else(|| {
            let mut errors = FieldErrors::new();
            errors.add("/what", "required", "One of courses, subscriptions.");
            errors
        })
    }
}

/// A backfill, and how far it is. `found` = `created` + `updated` + `errors`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BackfillResponse {
    /// Its id.
    pub id: BackfillId,
    /// Whose customers are made.
    pub what: BackfillWhat,
    /// Whether nothing is changed.
    pub dry_run: bool,
    /// Where it stands.
    pub status: BackfillStatus,
    /// How many had no customer when it started.
    pub total: u64,
    /// How many of them it has looked at.
    #[cfg_attr(feature = "openapi", schema(example = 1_000))]
    pub found: u64,
    /// Those for which a customer was made.
    #[cfg_attr(feature = "openapi", schema(example = 400))]
    pub created: u64,
    /// Those that were added to a customer who was there already.
    #[cfg_attr(feature = "openapi", schema(example = 597))]
    pub updated: u64,
    /// Those that got none. They are listed.
    #[cfg_attr(feature = "openapi", schema(example = 3))]
    pub errors: u64,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it started.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

/// Something that got no customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BackfillProblemResponse {
    /// The id of the enrolment or subscription.
    pub id: uuid::Uuid,
    /// Why.
    pub code: BackfillProblemCode,
    /// The same, for people.
    pub reason: String,
}
