//! The filter of fan lists, counts and exports.

use crate::{
    consent::Consent,
    customer::CustomerStatus,
    fan::{Fan, FanType},
    ids::{CourseId, ProductId, TagId},
    search::Search,
    source::Source,
    tag::TagName,
    time::Timestamp,
};

/// A filter: a conjunction of its parts. A part that is a list matches any of its values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FanFilter {
    /// Any of these types.
    pub types: Vec<FanType>,
    /// Found by this search.
    pub search: Option<Search>,
    /// Has any of these tags.
    pub tags: Vec<TagName>,
    /// Came from any of these.
    pub sources: Vec<Source>,
    /// Has this status.
    pub status: Option<CustomerStatus>,
    /// Has any of these consents.
    pub consents: Vec<Consent>,
    /// Has an account, or has no account.
    pub has_account: Option<bool>,
    /// Spent at least this, in minor units.
    pub min_spent: Option<i64>,
    /// Spent at most this.
    pub max_spent: Option<i64>,
    /// Has at least this score.
    pub min_score: Option<i64>,
    /// Has at most this score.
    pub max_score: Option<i64>,
    /// Became known at or after.
    pub created_after: Option<Timestamp>,
    /// Became known before.
    pub created_before: Option<Timestamp>,
    /// Was last active at or after.
    pub active_after: Option<Timestamp>,
    /// Was last active before.
    pub active_before: Option<Timestamp>,
    /// Is enrolled in any of these courses.
    pub courses: Vec<CourseId>,
    /// Minimum progress in per cent, in the courses of `courses` if there are any, else in any course.
    pub min_progress: Option<i64>,
    /// Maximum progress in per cent.
    pub max_progress: Option<i64>,
    /// Bought any of these products.
    pub products: Vec<ProductId>,
    /// Catalogue items whose names match the search: fans that have one of them match as well.
    pub found: FoundItems,
    /// Whether accounts that are not customers are left out, a setting of the store.
    pub hides_accounts: bool,
}

/// Catalogue items that a search matches beside the texts of fans.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundItems {
    /// Courses.
    pub courses: Vec<CourseId>,
    /// Products.
    pub products: Vec<ProductId>,
    /// Tags.
    pub tags: Vec<TagId>,
}

impl FoundItems {
    /// Whether it has no items.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.courses.is_empty() && self.products.is_empty() && self.tags.is_empty()
    }
}

impl FanFilter {
    /// Whether the filter matches all fans.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self { hides_accounts, .. } = *self;
        *self == Self { hides_accounts, ..Self::default() }
    }

    /// The filter as requested, without the catalogue items that were resolved from its search.
    #[must_use]
    pub fn as_asked(&self) -> Self {
        Self { found: FoundItems::default(), ..self.clone() }
    }

    /// Whether it filters by type only. The counters answer such filters.
    #[must_use]
    pub fn only_types(&self) -> bool {
        Self { types: Vec::new(), ..self.clone() }.is_empty()
    }

    /// Whether a fan of this type can match.
    #[must_use]
    pub fn admits_type(&self, kind: FanType) -> bool {
        let is_hidden = kind == FanType::User && self.hides_accounts;
        !is_hidden && (self.types.is_empty() || self.types.contains(&kind))
    }

    /// Whether it filters by course enrolment.
    #[must_use]
    pub fn is_about_courses(&self) -> bool {
        !self.courses.is_empty() || self.min_progress.is_some() || self.max_progress.is_some()
    }

    /// Whether it filters by total spent.
    #[must_use]
    pub fn is_about_money(&self) -> bool {
        self.min_spent.is_some() || self.max_spent.is_some()
    }

    /// Whether an account without a customer can match. It has no tags, consent, status, spending or
    /// score, so a filter on those excludes it.
    #[must_use]
    pub fn admits_users(&self) -> bool {
        self.admits_type(FanType::User)
            && self.tags.is_empty()
            && (self.sources.is_empty() || self.sources.contains(&Source::RegisteredUser))
            && self.status.is_none()
            && self.consents.is_empty()
            && self.has_account != Some(false)
            && !self.is_about_courses()
            && self.products.is_empty()
            && [self.min_spent, self.max_spent, self.min_score, self.max_score].iter().all(Option::is_none)
    }

    /// Whether a customer can match.
    #[must_use]
    pub fn admits_customers(&self) -> bool {
        self.types.is_empty() || self.types.iter().any(|kind| *kind != FanType::User)
    }

    /// Whether a fan matches: the reference implementation for the databases' results. Courses and
    /// products are left to the databases, because a [`Fan`] does not hold them.
    #[must_use]
    pub fn matches(&self, fan: &Fan) -> bool {
        let within = |value: Option<i64>, min: Option<i64>, max: Option<i64>| {
            (min.is_none() && max.is_none())
                || value.is_some_and(|v| min.is_none_or(|min| v >= min) && max.is_none_or(|max| v <= max))
        };
        let between = |at: Option<Timestamp>, after: Option<Timestamp>, before: Option<Timestamp>| {
            (after.is_none() && before.is_none())
                || at.is_some_and(|at| after.is_none_or(|a| at >= a) && before.is_none_or(|b| at < b))
        };
        let of_any_fan = self.admits_type(fan.kind())
            && (self.sources.is_empty() || self.sources.contains(&fan.source()))
            && self.has_account.is_none_or(|wanted| wanted == fan.has_account())
            && between(Some(fan.created_at()), self.created_after, self.created_before)
            && between(fan.last_activity_at(), self.active_after, self.active_before)
            && self.search.as_ref().is_none_or(|search| search.matches(&fan.search_text()));
        of_any_fan
            && match fan {
                Fan::User(..) => self.admits_users(),
                Fan::Customer(customer, _) => {
                    let fields = &customer.fields;
                    (self.tags.is_empty() || self.tags.iter().any(|tag| fields.tags.contains(tag)))
                        && self.status.is_none_or(|status| status == fields.status)
                        && (self.consents.is_empty() || self.consents.contains(&fields.consent))
                        && within(Some(fields.total_spent), self.min_spent, self.max_spent)
                        && within(fields.score, self.min_score, self.max_score)
                }
            }
    }
}
