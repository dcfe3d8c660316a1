//! `/api/v1/stores/{store_id}/views`

use serde::{Deserialize, Serialize};

use super::patch::present;
use crate::{field_errors::FieldErrors, ids::ViewId, time::Timestamp};

/// Longest name, in characters.
const MAX_NAME: usize = 60;
/// Longest query, in characters.
const MAX_QUERY: usize = 2_000;
/// Most views of a store.
pub const MAX_VIEWS: u64 = 100;

/// A view to save. Everybody who may open the store has it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateViewRequest {
    /// Its name, 1 to 60 characters. Two names that differ in case only are one.
    #[cfg_attr(feature = "openapi", schema(example = "Paying, quiet for a month"))]
    pub name: String,
    /// The query string of the page, without `?`; kept as it is, at most 2,000 characters.
    #[cfg_attr(
        feature = "openapi",
        schema(example = "type=paying&active_before=2026-10-22&sort=-total_spent")
    )]
    pub query: String,
}

/// Changes to a view: what is absent stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({"name": "Quiet ones"})))]
#[serde(default, deny_unknown_fields)]
pub struct PatchViewRequest {
    /// A new name.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub name: Option<Option<String>>,
    /// Another query.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub query: Option<Option<String>>,
}

/// The name of a view, and the folded key that makes it one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewName {
    name: String,
    key: String,
}

impl ViewName {
    fn read(text: &str, errors: &mut FieldErrors) -> Option<Self> {
        let blank = crate::text::non_blank(text).is_none();
        if blank {
            errors.add("/name", "required", "A view needs a name.");
        }
        let name = errors.text("/name", Some(text), MAX_NAME)?;
        let key = crate::text::lower(&name.split_whitespace().collect::<Vec<_>>().join(" "));
        Some(Self { name, key })
    }

    /// The name as typed.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What makes it one name: lower case, single spaces.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// A view to save, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewView {
    /// Its name.
    pub name: ViewName,
    /// Its query.
    pub query: String,
}

impl TryFrom<CreateViewRequest> for NewView {
    type Error = FieldErrors;

    fn try_from(request: CreateViewRequest) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let name = ViewName::read(&request.name, &mut errors);
        let query = read_query(request.query, &mut errors);
        match (name, query) {
            (Some(name), Some(query)) => errors.into_result(Self { name, query }),
            _ => Err(errors),
        }
    }
}

/// Changes to a view, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewPatch {
    /// A new name.
    pub name: Option<ViewName>,
    /// Another query.
    pub query: Option<String>,
}

impl TryFrom<PatchViewRequest> for ViewPatch {
    type Error = FieldErrors;

    fn try_from(request: PatchViewRequest) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let name = errors.not_null("/name", request.name);
        let query = errors.not_null("/query", request.query);
        let name = name.and_then(|name| ViewName::read(&name, &mut errors));
        let query = query.and_then(|query| read_query(query, &mut errors));
        errors.into_result(Self { name, query })
    }
}

/// The page reads its query itself; here it only has to be a text that can be stored.
fn read_query(query: String, errors: &mut FieldErrors) -> Option<String> {
    if query.chars().count() > MAX_QUERY {
        errors.add("/query", "too_long", format!("At most {MAX_QUERY} characters."));
        return None;
    }
    if query.chars().any(char::is_control) {
        errors.add("/query", "control_character", "Control characters are not allowed.");
        return None;
    }
    Some(query)
}

/// A saved view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ViewResponse {
    /// Its id.
    pub id: ViewId,
    /// Its name.
    #[cfg_attr(feature = "openapi", schema(example = "Paying, quiet for a month"))]
    pub name: String,
    /// The query string of the page, without `?`.
    #[cfg_attr(
        feature = "openapi",
        schema(example = "type=paying&active_before=2026-10-22&sort=-total_spent")
    )]
    pub query: String,
    /// When it was saved.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(name: &str, query: &str) -> Result<NewView, FieldErrors> {
        NewView::try_from(CreateViewRequest { name: name.to_owned(), query: query.to_owned() })
    }

    #[test]
    fn a_query_is_kept_as_it_is() {
        for query in ["", " type=lead ", "search=%C3%A4&tag=a+b", &"x".repeat(2_000)] {
            assert_eq!(new("All", query).unwrap().query, query);
        }
    }

    #[test]
    fn names_that_look_alike_are_one() {
        assert_eq!(new(" Top  FANS ", "").unwrap().name.key(), new("top fans", "").unwrap().name.key());
        assert_eq!(new(" Top ", "").unwrap().name.name(), "Top");
    }

    #[test]
    fn every_field_error_is_told_at_once() {
        for (name, query, expected) in [
            (" ", &*"x".repeat(2_001), [("/name", "required"), ("/query", "too_long")]),
            (&*"x".repeat(61), "a\u{0}", [("/name", "too_long"), ("/query", "control_character")]),
        ] {
            let errors = new(name, query).unwrap_err().into_vec();
            let errors: Vec<_> = errors.iter().map(|e| (e.pointer.as_str(), e.code.as_str())).collect();
            assert_eq!(errors, expected);
        }
        let patch: PatchViewRequest = serde_json::from_str(r#"{"name": null}"#).unwrap();
        assert_eq!(ViewPatch::try_from(patch).unwrap_err().into_vec()[0].pointer, "/name");
        let patch: PatchViewRequest = serde_json::from_str(r#"{"query": ""}"#).unwrap();
        assert_eq!(ViewPatch::try_from(patch).unwrap(), ViewPatch { name: None, query: Some(String::new()) });
    }
}
