//! What of a timeline is shown.

use fanbase_domain::wire::activities::ActivityKind;

use super::codes::codes;

codes! {
    /// Kinds that people look for together.
    ActivityGroup {
        Money = "money",
        Courses = "courses",
        ByHand = "by_hand",
        Data = "data",
    }
}

impl ActivityGroup {
    /// Its kinds.
    pub(crate) fn kinds(self) -> impl Iterator<Item = ActivityKind> {
        ActivityKind::ALL.into_iter().filter(move |kind| Self::of(*kind) == self)
    }

    const fn of(kind: ActivityKind) -> Self {
        match kind {
            ActivityKind::Purchased
            | ActivityKind::Paid
            | ActivityKind::Refunded
            | ActivityKind::Disputed
            | ActivityKind::Subscribed
            | ActivityKind::SubscriptionEnded => Self::Money,
            ActivityKind::Enrolled | ActivityKind::CourseProgressed | ActivityKind::CourseCompleted => {
                Self::Courses
            }
            ActivityKind::Call | ActivityKind::Meeting | ActivityKind::Email | ActivityKind::Other => {
                Self::ByHand
            }
            ActivityKind::Created
            | ActivityKind::Edited
            | ActivityKind::AccountLinked
            | ActivityKind::AccountUnlinked
            | ActivityKind::NoteAdded => Self::Data,
        }
    }
}
