//! Customers: the contacts of one store.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    consent::Consent,
    email::EmailKey,
    facts::Balance,
    ids::{CustomerId, StoreId, UserId},
    name, search,
    source::Source,
    tag::TagName,
    text_enum,
    time::Timestamp,
};

text_enum! {
    /// The type of a customer, from the least to the most committed.
    ///
    /// The order matters: an import may only move a customer up this list.
    pub enum CustomerType {
        /// Known, but has not paid.
        Lead = "lead",
        /// Has a payment that was not fully refunded.
        Paying = "paying",
        /// Has a running subscription.
        Subscription = "subscription",
    }
}

text_enum! {
    /// Whether a customer was active lately.
    pub enum CustomerStatus {
        /// Active within the store's idle period, or set manually.
        Active = "active",
        /// Not active within it, or set manually.
        Inactive = "inactive",
    }
}

/// Limits on the data of a customer, for every source of it.
pub mod limits {
    /// Longest name, phone number, alias or source detail, in characters.
    pub const NAME: usize = 200;
    /// Longest attribute, in characters.
    pub const ATTRIBUTE: usize = 10_000;
    /// Most tags and most attributes of one request or row.
    pub const ENTRIES: usize = 200;
}

/// The value of a profile attribute or custom field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum AttributeValue {
    /// One value.
    Text(String),
    /// Several, in their order.
    List(Vec<String>),
}

impl AttributeValue {
    /// Reads a cell; several values are joined by `||`, as ActiveCampaign writes them.
    /// `None` when nothing is left.
    #[must_use]
    pub fn from_cell(cell: &str) -> Option<Self> {
        let cell = crate::text::non_blank(cell)?;
        if !cell.contains("||") {
            return Some(Self::Text(cell.to_owned()));
        }
        let values: Vec<String> =
            cell.split("||").filter_map(crate::text::non_blank).map(str::to_owned).collect();
        (!values.is_empty()).then_some(Self::List(values))
    }

    /// Writes a cell that [`Self::from_cell`] reads back.
    #[must_use]
    pub fn to_cell(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            // The outer marks keep a list of one a list.
            Self::List(values) => format!("||{}||", values.join("||")),
        }
    }
}

/// Profile attributes and custom fields by their key (`daw`, `student_level`, …).
pub type Attributes = BTreeMap<String, AttributeValue>;

/// All fields of a customer that an import or a member can set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerFields {
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Full name, if a file has only that.
    pub full_name: Option<String>,
    /// Phone number as typed.
    pub phone: Option<String>,
    /// The name they publish under.
    pub alias: Option<String>,
    /// The customer type.
    pub kind: CustomerType,
    /// The source of the customer.
    pub source: Source,
    /// Details of the source, such as a course title.
    pub source_detail: Option<String>,
    /// Whether they may be mailed.
    pub consent: Consent,
    /// Whether the customer was active lately.
    pub status: CustomerStatus,
    /// Whether the status was set manually. It then stands until the customer's next activity.
    pub status_by_hand: bool,
    /// Points; `None` without a score.
    pub score: Option<i64>,
    /// Paid minus refunded, in minor units of the store's currency.
    pub total_spent: i64,
    /// The lifetime spend that a file stated; it is part of `total_spent`.
    pub imported_spent: Option<Balance>,
    /// Whether type and sum are derived from payments and subscriptions, and not set otherwise.
    pub follows_facts: bool,
    /// Profile and custom fields.
    pub attributes: Attributes,
    /// Their tags.
    pub tags: BTreeSet<TagName>,
    /// Creation time.
    pub created_at: Timestamp,
    /// Time of the last activity.
    pub last_activity_at: Option<Timestamp>,
}

impl CustomerFields {
    /// A customer with a source and without personal data.
    #[must_use]
    pub fn unknown(source: Source, consent: Consent, created_at: Timestamp) -> Self {
        Self {
            first_name: None,
            last_name: None,
            full_name: None,
            phone: None,
            alias: None,
            kind: CustomerType::Lead,
            source,
            source_detail: None,
            consent,
            status: CustomerStatus::Active,
            status_by_hand: false,
            score: None,
            total_spent: 0,
            imported_spent: None,
            follows_facts: false,
            attributes: Attributes::new(),
            tags: BTreeSet::new(),
            created_at,
            last_activity_at: None,
        }
    }

    /// The status derived from the last activity, if it is at or after `idle_after`. A status that was
    /// set manually stands.
    #[must_use]
    pub fn status_at(&self, idle_after: Timestamp) -> CustomerStatus {
        let last_heard_of = self.last_activity_at.unwrap_or(self.created_at);
        match (self.status_by_hand, last_heard_of >= idle_after) {
            (true, _) => self.status,
            (false, true) => CustomerStatus::Active,
            (false, false) => CustomerStatus::Inactive,
        }
    }

    /// Merges the status that a file states. Exports write a status for every contact, so only
    /// `inactive` counts as set manually.
    pub(crate) fn note_status_of_file(&mut self, status: CustomerStatus) {
        if self.status != status {
            self.status = status;
            self.status_by_hand = status == CustomerStatus::Inactive;
        }
    }

    /// The name to show.
    #[must_use]
    pub fn display_name(&self) -> Option<String> {
        name::display_name(self.first_name.as_deref(), self.last_name.as_deref(), self.full_name.as_deref())
    }

    /// The sort key of the name.
    #[must_use]
    pub fn name_sort(&self) -> Option<String> {
        name::sort_key(self.display_name().as_deref())
    }

    /// The indexed text for searches.
    #[must_use]
    pub fn search_text(&self, email: &str) -> String {
        let (name, alias, detail) =
            (self.display_name(), self.alias.as_deref(), self.source_detail.as_deref());
        search::search_text(name.as_deref(), email, alias, self.source, detail, self.phone.as_deref())
    }
}

/// A customer of one store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    /// Its id.
    pub id: CustomerId,
    /// The store it belongs to.
    pub store_id: StoreId,
    /// The e-mail address as typed.
    pub email: String,
    /// The key of the e-mail address.
    pub email_key: EmailKey,
    /// The account it is linked to.
    pub user_id: Option<UserId>,
    /// Row version, raised by every change; used for optimistic locking.
    pub version: i64,
    /// The fields that can be set.
    pub fields: CustomerFields,
}

#[cfg(test)]
mod tests {
    use super::{AttributeValue, CustomerFields, CustomerStatus};
    use crate::{consent::Consent, source::Source, time::Timestamp};

    #[test]
    fn who_was_not_heard_of_is_inactive_unless_somebody_said_otherwise() {
        use CustomerStatus::{Active, Inactive};
        let check = |created: i64, active: Option<i64>, said: Option<CustomerStatus>, expected| {
            let created = Timestamp::from_millis(created);
            let mut fields = CustomerFields::unknown(Source::Manual, Consent::Unconfirmed, created);
            fields.last_activity_at = active.map(Timestamp::from_millis);
            (fields.status, fields.status_by_hand) = (said.unwrap_or(Active), said.is_some());
            assert_eq!(fields.status_at(Timestamp::from_millis(100)), expected);
        };
        check(100, None, None, Active);
        check(99, None, None, Inactive);
        check(1, Some(100), None, Active);
        check(200, Some(99), None, Inactive);
        check(1, Some(1), Some(Active), Active);
        check(200, Some(200), Some(Inactive), Inactive);
    }

    #[test]
    fn cells_with_several_values_are_lists() {
        let list =
            |values: &[&str]| Some(AttributeValue::List(values.iter().map(|&v| v.to_owned()).collect()));
        for (cell, expected) in [
            ("Techno", Some(AttributeValue::Text("Techno".into()))),
            ("Techno||House", list(&["Techno", "House"])),
            ("||Techno|| House ||", list(&["Techno", "House"])),
            ("||Techno||", list(&["Techno"])),
            ("||||", None),
            (" \u{00A0}", None),
        ] {
            let value = AttributeValue::from_cell(cell);
            assert_eq!(value, expected, "{cell:?}");
            if let Some(value) = value {
                assert_eq!(AttributeValue::from_cell(&value.to_cell()), Some(value));
            }
        }
    }
}
