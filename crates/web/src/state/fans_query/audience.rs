//! The two tables of people that a store has: everyone, and its customers.

use fanbase_domain::fan::FanType;

use super::Column;

/// Whom a page shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Audience {
    /// Everyone: `/store/{store}/contacts`.
    #[default]
    Fans,
    /// Who bought or subscribes: `/store/{store}/customers`.
    Customers,
}

impl Audience {
    /// Whether it has people of a type.
    pub(crate) fn has(self, kind: FanType) -> bool {
        self == Self::Fans || matches!(kind, FanType::Paying | FanType::Subscription)
    }

    /// The types that it has.
    pub(crate) fn types(self) -> impl Iterator<Item = FanType> {
        FanType::ALL.into_iter().filter(move |kind| self.has(*kind))
    }

    /// The columns that are shown unless somebody chose others.
    pub(crate) const fn columns(self) -> &'static [Column] {
        match self {
            Self::Fans => &[
                Column::Type,
                Column::Source,
                Column::Profile,
                Column::Tags,
                Column::Spent,
                Column::Score,
                Column::Active,
            ],
            Self::Customers => &[
                Column::Type,
                Column::Courses,
                Column::Products,
                Column::Spent,
                Column::Source,
                Column::Status,
                Column::Active,
            ],
        }
    }

    /// The name under which the look of its table is remembered.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Fans => "fans",
            Self::Customers => "customers",
        }
    }
}
