//! How the table looks: which columns it has, and how high its rows are.

use fanbase_domain::page::SortColumn;

use crate::state::codes::codes;

codes! {
    /// A column of the table besides the first, which is always there.
    Column {
        /// What they are to the store.
        Type = "type",
        /// Where they came from.
        Source = "source",
        /// What they make music with, which music, how experienced.
        Profile = "profile",
        /// Their tags.
        Tags = "tags",
        /// Whether they may be mailed.
        Consent = "consent",
        /// The courses that they are enrolled in.
        Courses = "courses",
        /// The products that they bought.
        Products = "products",
        /// Whether they are active.
        Status = "status",
        /// What they have spent.
        Spent = "spent",
        /// Their points.
        Score = "score",
        /// When they became known.
        Created = "created",
        /// When anything was last heard of them.
        Active = "active",
    }
}

impl Column {
    /// What the API has to be asked for besides the fan itself.
    pub(crate) const fn include(self) -> Option<&'static str> {
        match self {
            Self::Courses => Some("courses"),
            Self::Products => Some("products"),
            _ => None,
        }
    }

    /// The columns of the API's export that hold the same, separated by commas. Courses and products are
    /// not in it.
    pub(crate) const fn exported(self) -> Option<&'static str> {
        match self {
            Self::Type => Some("type,has_account"),
            Self::Source => Some("source,source_detail"),
            Self::Profile => Some("attributes.daw,attributes.type_of_music,attributes.student_level"),
            Self::Tags => Some("tags"),
            Self::Consent => Some("consent"),
            Self::Courses | Self::Products => None,
            Self::Status => Some("status"),
            Self::Spent => Some("total_spent"),
            Self::Score => Some("score"),
            Self::Created => Some("created_at"),
            Self::Active => Some("last_activity_at"),
        }
    }

    /// What the list is sorted by when the header is clicked.
    pub(crate) const fn sort(self) -> Option<SortColumn> {
        match self {
            Self::Spent => Some(SortColumn::TotalSpent),
            Self::Score => Some(SortColumn::Score),
            Self::Created => Some(SortColumn::CreatedAt),
            Self::Active => Some(SortColumn::LastActivityAt),
            Self::Type
            | Self::Source
            | Self::Profile
            | Self::Tags
            | Self::Consent
            | Self::Courses
            | Self::Products
            | Self::Status => None,
        }
    }

    /// Its width: what the layout gives it at least, and how much of what is left over.
    pub(crate) const fn track(self) -> &'static str {
        match self {
            Self::Type => "136px",
            Self::Source => "minmax(132px, 0.8fr)",
            Self::Profile => "minmax(140px, 1.3fr)",
            Self::Tags => "minmax(190px, 1.7fr)",
            Self::Consent => "118px",
            Self::Courses => "minmax(180px, 1.6fr)",
            Self::Products => "minmax(150px, 1.2fr)",
            Self::Spent | Self::Status => "104px",
            Self::Score => "112px",
            Self::Created | Self::Active => "112px",
        }
    }

    /// The least width, for the table to know when it scrolls sideways.
    pub(crate) const fn least(self) -> u32 {
        match self {
            Self::Type => 136,
            Self::Consent => 118,
            Self::Source => 132,
            Self::Profile => 140,
            Self::Tags => 190,
            Self::Courses => 180,
            Self::Products => 150,
            Self::Spent | Self::Status => 104,
            Self::Score | Self::Created | Self::Active => 112,
        }
    }
}

codes! {
    /// How high a row is.
    Density {
        /// Two lines.
        Comfortable = "comfortable",
        /// One line.
        Compact = "compact",
    }
}

impl Density {
    /// The height of a row, in pixels.
    pub(crate) const fn row(self) -> f64 {
        match self {
            Self::Comfortable => 46.0,
            Self::Compact => 34.0,
        }
    }
}
