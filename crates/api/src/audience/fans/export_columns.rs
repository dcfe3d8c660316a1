//! The layout and columns of an export.

use fanbase_domain::{
    customer::AttributeValue,
    fan::Fan,
    import::{safe_cell, tags_cell},
    page::{Sort, SortColumn},
    store::Store,
    time::Timestamp,
};

/// The layout of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The order of the rows.
    pub sort: Sort,
    /// The columns; `None` for all.
    pub columns: Option<Vec<Column>>,
    /// Whether the file begins with a byte order mark.
    pub byte_order_mark: bool,
}

impl Default for Layout {
    /// All columns, oldest fan first.
    fn default() -> Self {
        let sort = Sort { column: SortColumn::CreatedAt, descending: false };
        Self { sort, columns: None, byte_order_mark: false }
    }
}

/// A column of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    /// A column of every fan, by its index in [`FIXED`].
    Fixed(usize),
    /// A custom field, by its key.
    Attribute(String),
}

/// The fixed columns: names and headers. An import recognises all of the headers.
pub const FIXED: [(&str, &str); 17] = [
    ("email", "Email"),
    ("first_name", "First Name"),
    ("last_name", "Last Name"),
    ("name", "Name"),
    ("phone", "Phone"),
    ("alias", "Alias"),
    ("type", "Type"),
    ("consent", "Consent"),
    ("status", "Activity Status"),
    ("source", "Source"),
    ("source_detail", "Source Detail"),
    ("tags", "Tags"),
    ("score", "Score"),
    ("total_spent", "Total Spent"),
    ("created_at", "Created At"),
    ("last_activity_at", "Last Activity At"),
    ("has_account", "Has Account"),
];

impl Column {
    /// Parses a comma-separated list of names.
    ///
    /// # Errors
    /// Returns the first unknown name.
    pub fn parse_list(names: &str) -> Result<Vec<Self>, String> {
        names.split(',').map(str::trim).map(|name| Self::parse(name).ok_or_else(|| name.to_owned())).collect()
    }

    fn parse(name: &str) -> Option<Self> {
        if let Some(key) = name.strip_prefix("attributes.") {
            return (!key.is_empty()).then(|| Self::Attribute(key.to_owned()));
        }
        FIXED.iter().position(|(known, _)| *known == name).map(Self::Fixed)
    }

    /// The header; `fields` are keys and headers of the custom fields.
    #[must_use]
    pub fn header(&self, fields: &[(String, String)]) -> String {
        let header = match self {
            Self::Fixed(place) => {
                FIXED.get(*place).map_or_else(String::new, |(_, header)| (*header).to_owned())
            }
            Self::Attribute(key) => {
                let field = fields.iter().find(|(known, _)| known == key);
                field.map_or(key, |(_, header)| header).clone()
            }
        };
        safe_cell::escape(&header).into_owned()
    }

    /// The cell of a fan.
    #[must_use]
    pub fn cell(&self, fan: &Fan, store: &Store) -> String {
        let text = |text: Option<&str>| safe_cell::escape(text.unwrap_or_default()).into_owned();
        let time = |at: Option<Timestamp>| at.and_then(Timestamp::to_rfc3339).unwrap_or_default();
        let fields = match fan {
            Fan::Customer(customer, _) => Some(&customer.fields),
            Fan::User(..) => None,
        };
        let place = match self {
            Self::Attribute(key) => {
                let value = fields.and_then(|f| f.attributes.get(key)).map(AttributeValue::to_cell);
                return text(value.as_deref());
            }
            Self::Fixed(place) => *place,
        };
        match FIXED.get(place).map(|(name, _)| *name).unwrap_or_default() {
            "email" => text(Some(fan.email())),
            "first_name" => text(fields.and_then(|f| f.first_name.as_deref())),
            "last_name" => text(fields.and_then(|f| f.last_name.as_deref())),
            "name" => text(match fan {
                Fan::Customer(customer, _) => customer.fields.full_name.as_deref(),
                Fan::User(user, _) => user.name.as_deref(),
            }),
            "phone" => text(fields.and_then(|f| f.phone.as_deref())),
            "alias" => text(fields.and_then(|f| f.alias.as_deref())),
            "type" => fan.kind().to_string(),
            "consent" => fields.map(|f| f.consent.to_string()).unwrap_or_default(),
            "status" => fields.map(|f| f.status.to_string()).unwrap_or_default(),
            "source" => fan.source().to_string(),
            "source_detail" => text(fields.and_then(|f| f.source_detail.as_deref())),
            "tags" => text(fields.map(|f| tags_cell::write(&f.tags)).as_deref()),
            "score" => fields.and_then(|f| f.score).map(|score| score.to_string()).unwrap_or_default(),
            "total_spent" => fields.map(|f| store.currency.format_minor(f.total_spent)).unwrap_or_default(),
            "created_at" => time(Some(fan.created_at())),
            "last_activity_at" => time(fan.last_activity_at()),
            _ => if fan.has_account() { "yes" } else { "no" }.to_owned(),
        }
    }
}
