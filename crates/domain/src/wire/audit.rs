//! `/api/v1/stores/{store_id}/audit-log` and `/api/v1/admin/audit-log`

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{
    ids::{AuditId, StoreId},
    text_enum,
    time::Timestamp,
};

text_enum! {
    /// What was done.
    pub enum AuditAction {
        /// A store was created.
        StoreCreated = "store.created",
        /// The settings of a store were changed.
        StoreUpdated = "store.updated",
        /// A member got another role.
        MemberUpdated = "member.updated",
        /// A member was removed, or left.
        MemberRemoved = "member.removed",
        /// Somebody was invited.
        InvitationCreated = "invitation.created",
        /// An invitation was taken back.
        InvitationRevoked = "invitation.revoked",
        /// An invitation was accepted.
        InvitationAccepted = "invitation.accepted",
        /// An API key was created.
        ApiKeyCreated = "api_key.created",
        /// An API key got a successor.
        ApiKeyRotated = "api_key.rotated",
        /// An API key was revoked.
        ApiKeyRevoked = "api_key.revoked",
        /// A customer was created.
        CustomerCreated = "customer.created",
        /// A customer was changed.
        CustomerUpdated = "customer.updated",
        /// A customer was deleted.
        CustomerDeleted = "customer.deleted",
        /// Many fans were changed at once.
        FansChanged = "fans.changed",
        /// Fans were taken out as a file.
        FansExported = "fans.exported",
        /// An import was begun.
        ImportCreated = "import.created",
        /// An import was undone.
        ImportUndone = "import.undone",
        /// A backfill was begun.
        BackfillCreated = "backfill.created",
        /// A tag was created.
        TagCreated = "tag.created",
        /// A tag was renamed.
        TagUpdated = "tag.updated",
        /// A tag was deleted.
        TagDeleted = "tag.deleted",
        /// A tag was merged into another.
        TagMerged = "tag.merged",
        /// A view was saved.
        ViewCreated = "view.created",
        /// A view was changed.
        ViewUpdated = "view.updated",
        /// A view was deleted.
        ViewDeleted = "view.deleted",
        /// A custom field was created.
        CustomFieldCreated = "custom_field.created",
        /// A custom field was renamed.
        CustomFieldUpdated = "custom_field.updated",
        /// A custom field was deleted, with its values.
        CustomFieldDeleted = "custom_field.deleted",
        /// A note was written.
        NoteCreated = "note.created",
        /// A note was deleted.
        NoteDeleted = "note.deleted",
        /// Somebody noted what happened with a customer.
        ActivityCreated = "activity.created",
        /// Somebody noted it differently.
        ActivityUpdated = "activity.updated",
        /// Somebody took it out of the timeline.
        ActivityDeleted = "activity.deleted",
        /// A course was added to the catalogue.
        CourseCreated = "course.created",
        /// A course was changed.
        CourseUpdated = "course.updated",
        /// A product was added to the catalogue.
        ProductCreated = "product.created",
        /// A product was changed.
        ProductUpdated = "product.updated",
        /// A plan was added to the catalogue.
        PlanCreated = "plan.created",
        /// A plan was changed.
        PlanUpdated = "plan.updated",
        /// An enrolment was reported.
        EnrollmentCreated = "enrollment.created",
        /// More of an enrolment was reported.
        EnrollmentUpdated = "enrollment.updated",
        /// A purchase was reported.
        PurchaseCreated = "purchase.created",
        /// A refund was reported.
        RefundCreated = "refund.created",
        /// A subscription was reported.
        SubscriptionCreated = "subscription.created",
        /// More of a subscription was reported.
        SubscriptionUpdated = "subscription.updated",
        /// Somebody signed in.
        UserSignedIn = "user.signed_in",
        /// An account was created.
        UserCreated = "user.created",
        /// An account was changed.
        UserUpdated = "user.updated",
        /// A password was changed.
        PasswordChanged = "user.password_changed",
        /// A sign-in was ended.
        SessionRevoked = "user.session_revoked",
        /// An account was suspended.
        UserSuspended = "user.suspended",
        /// An account was reinstated.
        UserReinstated = "user.reinstated",
        /// An account was deleted.
        UserDeleted = "user.deleted",
        /// An event that a service sent was applied once more.
        WebhookReplayed = "webhook.replayed",
    }
}

text_enum! {
    /// What kind of actor did it.
    pub enum ActorKind {
        /// A person who was signed in.
        User = "user",
        /// A third-party tool.
        ApiKey = "api_key",
        /// A service that reported what happened there.
        Webhook = "webhook",
        /// Whoever runs the server, on its command line.
        CommandLine = "command_line",
        /// Nobody who was signed in, such as somebody who signs up.
        Nobody = "nobody",
    }
}

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActorResponse {
    /// What kind of actor.
    pub kind: ActorKind,
    /// The account or the key.
    pub id: Option<Uuid>,
    /// Its address, or the name of the key; null when it is gone.
    pub name: Option<String>,
}

/// A line of the audit log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEntryResponse {
    /// Its id.
    pub id: AuditId,
    /// The store; null when it concerns the platform.
    pub store_id: Option<StoreId>,
    /// When.
    pub at: Timestamp,
    /// What was done.
    pub action: AuditAction,
    /// Who did it.
    pub actor: ActorResponse,
    /// The address that the request came from.
    #[cfg_attr(feature = "openapi", schema(example = "192.0.2.7"))]
    pub address: Option<String>,
    /// The request, as in the server's log.
    pub request_id: Option<String>,
    /// What it was done to: the id of a customer, a tag, a member, …
    pub subject_id: Option<Uuid>,
    /// What was different before; without secrets.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub before: Option<Map<String, Value>>,
    /// What it became; without secrets.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub after: Option<Map<String, Value>>,
}
