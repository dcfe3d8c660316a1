//! `/api/v1/stores/{store_id}/fans/bulk`

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::customers::parse_tags;
use crate::{field_errors::FieldErrors, ids::FanId, tag::TagName, text_enum};

/// Most tags that are given or taken away at once.
pub const MAX_TAGS: usize = 20;
/// Most fans that are named one by one.
pub const MAX_IDS: usize = 1_000;

text_enum! {
    /// What is done to many fans.
    pub enum BulkAction {
        /// Give them tags.
        Tag = "tag",
        /// Take tags away.
        Untag = "untag",
        /// Delete the customers. Who has an account becomes a registered user again.
        Delete = "delete",
    }
}

/// What is done to many fans at once.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({"action": "tag", "tags": ["vip"], "expected": 1042})))]
#[serde(deny_unknown_fields)]
pub struct BulkRequest {
    /// What is done.
    pub action: BulkAction,
    /// Names of 1 to 20 tags, to tag and untag with; new ones are made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(example = json!(["vip"])))]
    pub tags: Vec<String>,
    /// Those of these fans that the filter admits, at most 1,000; without it, everyone that the
    /// filter admits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ids: Option<Vec<FanId>>,
    /// How many the person saw. If more than a tenth more match, nothing is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = 1042))]
    pub expected: Option<u64>,
}

/// What is done to a customer, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BulkChange {
    /// They get these tags.
    Tag(BTreeSet<TagName>),
    /// They lose these tags.
    Untag(BTreeSet<TagName>),
    /// They are deleted.
    Delete,
}

/// What is done to many fans at once, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bulk {
    /// What is done.
    pub change: BulkChange,
    /// To whom; to everyone that the filter admits without.
    pub ids: Option<BTreeSet<FanId>>,
    expected: Option<u64>,
}

impl Bulk {
    /// Whether so many more match than the person saw that they have to look again.
    #[must_use]
    pub fn is_more_than_seen(&self, matched: u64) -> bool {
        self.expected.is_some_and(|seen| matched > seen.saturating_add(seen / 10))
    }
}

impl TryFrom<BulkRequest> for Bulk {
    type Error = FieldErrors;

    fn try_from(request: BulkRequest) -> Result<Self, FieldErrors> {
        let BulkRequest { action, tags: names, ids, expected } = request;
        let mut errors = FieldErrors::new();
        let tags = parse_tags(&names, MAX_TAGS, &mut errors);
        match action {
            BulkAction::Tag | BulkAction::Untag if names.is_empty() => {
                errors.add("/tags", "required", "Name at least one tag.");
            }
            BulkAction::Delete if !names.is_empty() => {
                errors.add("/tags", "unexpected", "Deleting takes no tags.");
            }
            _ => {}
        }
        match &ids {
            Some(ids) if ids.is_empty() => {
                errors.add("/ids", "required", "Name at least one fan, or leave ids out for everyone.");
            }
            Some(ids) if ids.len() > MAX_IDS => {
                errors.add("/ids", "too_many", format!("At most {MAX_IDS}."));
            }
            _ => {}
        }
        let change = match action {
            BulkAction::Tag => BulkChange::Tag(tags),
            BulkAction::Untag => BulkChange::Untag(tags),
            BulkAction::Delete => BulkChange::Delete,
        };
        let ids = ids.map(|ids| {
            // Not collected, which would sort them first: the browser would load a sort for it.
            let mut set = BTreeSet::new();
            set.extend(ids);
            set
        });
        errors.into_result(Self { change, ids, expected })
    }
}

/// What became of them; `changed`, `unchanged` and `skipped_accounts` add up to `matched`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkResponse {
    /// Fans that matched.
    #[cfg_attr(feature = "openapi", schema(example = 1042))]
    pub matched: u64,
    /// Customers who were changed or deleted.
    #[cfg_attr(feature = "openapi", schema(example = 1000))]
    pub changed: u64,
    /// Customers who were so already, or whom somebody else changed in the meantime so that they
    /// match no more.
    #[cfg_attr(feature = "openapi", schema(example = 30))]
    pub unchanged: u64,
    /// Accounts that are no customers: they have no tags and cannot be deleted.
    #[cfg_attr(feature = "openapi", schema(example = 12))]
    pub skipped_accounts: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(action: BulkAction, tags: &[&str]) -> BulkRequest {
        let tags = tags.iter().map(|&tag| tag.to_owned()).collect();
        BulkRequest { action, tags, ids: None, expected: None }
    }

    #[test]
    fn tags_are_named_exactly_when_they_are_needed() {
        let many: Vec<String> = (0..21).map(|i| i.to_string()).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        for (action, tags, expected) in [
            (BulkAction::Tag, &["vip"][..], &[][..]),
            (BulkAction::Delete, &[], &[]),
            (BulkAction::Untag, &[], &[("/tags", "required")]),
            (BulkAction::Tag, &["ok", " "], &[("/tags/1", "tag_blank")]),
            (BulkAction::Tag, &many, &[("/tags", "too_many")]),
            (BulkAction::Delete, &["vip"], &[("/tags", "unexpected")]),
        ] {
            let errors = Bulk::try_from(request(action, tags)).map_or_else(FieldErrors::into_vec, |_| vec![]);
            let errors: Vec<_> = errors.iter().map(|e| (e.pointer.as_str(), e.code.as_str())).collect();
            assert_eq!(errors, expected, "{action} {tags:?}");
        }
    }

    #[test]
    fn more_than_a_tenth_more_than_was_seen_is_too_many() {
        for (expected, matched, too_many) in [
            (None, 1_000_000, false),
            (Some(100), 110, false),
            (Some(100), 111, true),
            (Some(100), 3, false),
            (Some(5), 6, true),
            (Some(0), 1, true),
            (Some(u64::MAX), u64::MAX, false),
        ] {
            let bulk = Bulk::try_from(BulkRequest { expected, ..request(BulkAction::Delete, &[]) }).unwrap();
            assert_eq!(bulk.is_more_than_seen(matched), too_many, "{expected:?} {matched}");
        }
    }
}
