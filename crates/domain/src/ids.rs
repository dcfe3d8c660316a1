//! Identifiers: one type per kind of thing, so that they cannot be mixed up.
//!
//! All are UUIDs; new ones are version 7 (time-ordered) and made by the caller.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID that is known to name this kind of thing.
            #[must_use]
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID itself.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )*};
}

id! {
    /// A store: one creator's shop, the tenant.
    StoreId;
    /// A customer of one store.
    CustomerId;
    /// A registered account of the platform.
    UserId;
    /// A fan: the id of a customer, or of a user who is not yet a customer.
    FanId;
    /// A tag of one store.
    TagId;
    /// A note on a customer.
    NoteId;
    /// Something that happened to a customer.
    ActivityId;
    /// One import of a contact file.
    ImportId;
    /// A backfill: customers for what has none.
    BackfillId;
    /// An API key of one store.
    ApiKeyId;
    /// A custom field of one store.
    CustomFieldId;
    /// An invitation to one store.
    InvitationId;
    /// A session of somebody who is signed in.
    SessionId;
    /// A line of the audit log.
    AuditId;
    /// A saved view of one store.
    ViewId;
    /// A course of one store.
    CourseId;
    /// A product of one store.
    ProductId;
    /// A plan of one store.
    PlanId;
    /// An enrolment in a course.
    EnrollmentId;
    /// A purchase.
    PurchaseId;
    /// A payment.
    PaymentId;
    /// A subscription of a customer.
    SubscriptionId;
}

impl From<CustomerId> for FanId {
    fn from(id: CustomerId) -> Self {
        Self(id.0)
    }
}

impl From<UserId> for FanId {
    fn from(id: UserId) -> Self {
        Self(id.0)
    }
}
