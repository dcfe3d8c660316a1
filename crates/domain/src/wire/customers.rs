//! `/api/v1/stores/{store_id}/customers`

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::patch::present;
use crate::{
    consent::Consent,
    custom_field,
    customer::{AttributeValue, Attributes, Customer, CustomerFields, CustomerStatus, CustomerType, limits},
    email::{Email, EmailError},
    field_errors::FieldErrors,
    ids::{CustomerId, UserId},
    merge::Contact,
    source::Source,
    tag::TagName,
    time::Timestamp,
};

/// A customer to create.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct CreateCustomerRequest {
    /// The address; decides who it is.
    #[cfg_attr(feature = "openapi", schema(example = "ava.lindqvist@example.com"))]
    pub email: String,
    /// First name, at most 200 characters.
    #[cfg_attr(feature = "openapi", schema(example = "Ava"))]
    pub first_name: Option<String>,
    /// Last name, at most 200 characters.
    #[cfg_attr(feature = "openapi", schema(example = "Lindqvist"))]
    pub last_name: Option<String>,
    /// Phone number, at most 200 characters.
    pub phone: Option<String>,
    /// The name they publish under.
    pub alias: Option<String>,
    /// Whether they may be mailed; `unconfirmed` unless told.
    pub consent: Option<Consent>,
    /// Names of tags; new ones are made.
    #[cfg_attr(feature = "openapi", schema(example = json!(["vip"])))]
    pub tags: Vec<String>,
    /// Profile and custom fields by key.
    #[cfg_attr(feature = "openapi", schema(example = json!({"daw": "Ableton Live"})))]
    pub attributes: BTreeMap<String, AttributeValue>,
    /// Points to start with.
    pub score: Option<i64>,
}

/// A customer to create, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCustomer(pub Contact);

impl TryFrom<CreateCustomerRequest> for NewCustomer {
    type Error = FieldErrors;

    fn try_from(request: CreateCustomerRequest) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let email = parse_email(&request.email, &mut errors);
        let mut contact = match email {
            Some(email) => Contact::new(email),
            // Goes on with any address, to find the other errors as well.
            None => Contact::new(placeholder().map_err(|_| FieldErrors::new())?),
        };
        contact.first_name = errors.text("/first_name", request.first_name.as_deref(), limits::NAME);
        contact.last_name = errors.text("/last_name", request.last_name.as_deref(), limits::NAME);
        contact.phone = errors.text("/phone", request.phone.as_deref(), limits::NAME);
        contact.alias = errors.text("/alias", request.alias.as_deref(), limits::NAME);
        contact.consent = Some(request.consent.unwrap_or(Consent::Unconfirmed));
        contact.tags = parse_tags(&request.tags, limits::ENTRIES, &mut errors);
        for (key, value) in request.attributes {
            if let Some(value) = parse_attribute(&key, value, &mut errors) {
                contact.attributes.insert(key, value);
            }
        }
        check_entries(contact.attributes.len(), limits::ENTRIES, "/attributes", &mut errors);
        contact.score = request.score;
        errors.into_result(Self(contact))
    }
}

/// Changes to a customer: what is absent stays, null clears what can be absent.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({"first_name": "Ava", "phone": null})))]
#[serde(default, deny_unknown_fields)]
pub struct PatchCustomerRequest {
    /// A new address.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub email: Option<Option<String>>,
    /// First name.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub first_name: Option<Option<String>>,
    /// Last name.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub last_name: Option<Option<String>>,
    /// Phone number.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub phone: Option<Option<String>>,
    /// The name they publish under.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub alias: Option<Option<String>>,
    /// Whether they may be mailed. By hand it may go up: the person is trusted to have asked.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Consent))]
    pub consent: Option<Option<Consent>>,
    /// Active or inactive. Stands until the customer does something, whatever the store's idle period.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = CustomerStatus))]
    pub status: Option<Option<CustomerStatus>>,
    /// The tags they are to have; replaces all.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub tags: Option<Option<Vec<String>>>,
    /// Attributes to set; null removes one, those not named stay.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<String, AttributeValue>))]
    pub attributes: Option<Option<BTreeMap<String, Option<AttributeValue>>>>,
    /// Points.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>))]
    pub score: Option<Option<i64>>,
}

/// Changes to a customer, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerPatch {
    email: Option<Email>,
    first_name: Option<Option<String>>,
    last_name: Option<Option<String>>,
    phone: Option<Option<String>>,
    alias: Option<Option<String>>,
    consent: Option<Consent>,
    status: Option<CustomerStatus>,
    tags: Option<BTreeSet<TagName>>,
    attributes: BTreeMap<String, Option<AttributeValue>>,
    score: Option<Option<i64>>,
}

impl CustomerPatch {
    /// The new address, if there is one.
    #[must_use]
    pub fn email(&self) -> Option<&Email> {
        self.email.as_ref()
    }

    /// Makes the changes.
    pub fn apply(&self, fields: &mut CustomerFields) {
        let set = |field: &mut Option<String>, patch: &Option<Option<String>>| {
            if let Some(value) = patch {
                field.clone_from(value);
            }
        };
        set(&mut fields.first_name, &self.first_name);
        set(&mut fields.last_name, &self.last_name);
        set(&mut fields.phone, &self.phone);
        set(&mut fields.alias, &self.alias);
        fields.consent = self.consent.unwrap_or(fields.consent);
        if let Some(status) = self.status {
            (fields.status, fields.status_by_hand) = (status, true);
        }
        if let Some(tags) = &self.tags {
            fields.tags.clone_from(tags);
        }
        for (key, value) in &self.attributes {
            match value {
                Some(value) => fields.attributes.insert(key.clone(), value.clone()),
                None => fields.attributes.remove(key),
            };
        }
        fields.score = self.score.unwrap_or(fields.score);
    }
}

impl TryFrom<PatchCustomerRequest> for CustomerPatch {
    type Error = FieldErrors;

    fn try_from(request: PatchCustomerRequest) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let email = errors.not_null("/email", request.email);
        let consent = errors.not_null("/consent", request.consent);
        let status = errors.not_null("/status", request.status);
        let tags = errors.not_null("/tags", request.tags);
        let attributes = errors.not_null("/attributes", request.attributes);
        let mut text = |pointer: &str, value: Option<Option<String>>| {
            value.map(|value| errors.text(pointer, value.as_deref(), limits::NAME))
        };
        let (first_name, last_name) =
            (text("/first_name", request.first_name), text("/last_name", request.last_name));
        let (phone, alias) = (text("/phone", request.phone), text("/alias", request.alias));
        let email = email.and_then(|email| parse_email(&email, &mut errors));
        let tags = tags.map(|tags| parse_tags(&tags, limits::ENTRIES, &mut errors));
        let mut attributes = attributes.unwrap_or_default();
        for (key, value) in &mut attributes {
            *value = value.take().and_then(|value| parse_attribute(key, value, &mut errors));
        }
        check_entries(attributes.len(), limits::ENTRIES, "/attributes", &mut errors);
        errors.into_result(Self {
            email,
            first_name,
            last_name,
            phone,
            alias,
            consent,
            status,
            tags,
            attributes,
            score: request.score,
        })
    }
}

fn placeholder() -> Result<Email, EmailError> {
    Email::parse("placeholder@example.com")
}

fn parse_email(text: &str, errors: &mut FieldErrors) -> Option<Email> {
    Email::parse(text).map_err(|error| errors.add("/email", error.code(), error.to_string())).ok()
}

/// The tags of a request, at most `max` of them.
pub(super) fn parse_tags(names: &[String], max: usize, errors: &mut FieldErrors) -> BTreeSet<TagName> {
    check_entries(names.len(), max, "/tags", errors);
    let mut tags = BTreeSet::new();
    for (i, name) in names.iter().enumerate() {
        match TagName::parse(name) {
            Ok(tag) => {
                tags.insert(tag);
            }
            Err(error) => errors.add(format!("/tags/{i}"), error.code(), error.to_string()),
        }
    }
    tags
}

fn parse_attribute(key: &str, value: AttributeValue, errors: &mut FieldErrors) -> Option<AttributeValue> {
    let pointer = format!("/attributes/{}", key.replace('~', "~0").replace('/', "~1"));
    if key.is_empty() || custom_field::key_from_label(key) != key {
        errors.add(pointer, "attribute_key_invalid", "A key is made of lower-case letters, digits and `_`.");
        return None;
    }
    let is_list = matches!(value, AttributeValue::List(_));
    let texts = match value {
        AttributeValue::Text(text) => vec![text],
        AttributeValue::List(values) => values,
    };
    let texts: Vec<String> = texts
        .into_iter()
        .take(limits::ENTRIES)
        .filter_map(|text| errors.text(&pointer, Some(&text), limits::ATTRIBUTE))
        .collect();
    // Read as a file would say it, so that an export comes back as it was.
    match texts.as_slice() {
        [] => None,
        [text] if !is_list => AttributeValue::from_cell(text),
        values => AttributeValue::from_cell(&AttributeValue::List(values.to_vec()).to_cell()),
    }
}

fn check_entries(count: usize, max: usize, pointer: &str, errors: &mut FieldErrors) {
    if count > max {
        errors.add(pointer, "too_many", format!("At most {max}."));
    }
}

/// A customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CustomerResponse {
    /// Its id.
    pub id: CustomerId,
    /// What they are to the store.
    pub r#type: CustomerType,
    /// The address as typed.
    pub email: String,
    /// The name to show.
    pub name: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Phone number.
    pub phone: Option<String>,
    /// The name they publish under.
    pub alias: Option<String>,
    /// The account they are linked to.
    pub user_id: Option<UserId>,
    /// Where they came from.
    pub source: Source,
    /// More of it.
    pub source_detail: Option<String>,
    /// Whether they may be mailed.
    pub consent: Consent,
    /// Active or inactive.
    pub status: CustomerStatus,
    /// Names of their tags.
    pub tags: Vec<String>,
    /// Profile and custom fields by key.
    #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<String, AttributeValue>))]
    pub attributes: Attributes,
    /// Paid minus refunded, in minor units of the store's currency; null for who does not see money.
    pub total_spent: Option<i64>,
    /// Points; null until there are any.
    pub score: Option<i64>,
    /// When they became known.
    pub created_at: Timestamp,
    /// When anything was last heard of them.
    pub last_activity_at: Option<Timestamp>,
    /// Raised by every change; the `ETag` is made of it.
    pub version: i64,
}

impl From<Customer> for CustomerResponse {
    fn from(customer: Customer) -> Self {
        let Customer { id, store_id: _, email, email_key: _, user_id, version, fields } = customer;
        let name = fields.display_name();
        let CustomerFields {
            first_name,
            last_name,
            full_name: _,
            phone,
            alias,
            kind,
            source,
            source_detail,
            consent,
            status,
            status_by_hand: _,
            score,
            total_spent,
            imported_spent: _,
            follows_facts: _,
            attributes,
            tags,
            created_at,
            last_activity_at,
        } = fields;
        Self {
            id,
            r#type: kind,
            email,
            name,
            first_name,
            last_name,
            phone,
            alias,
            user_id,
            source,
            source_detail,
            consent,
            status,
            tags: tags.iter().map(|tag| tag.name().to_owned()).collect(),
            attributes,
            total_spent: Some(total_spent),
            score,
            created_at,
            last_activity_at,
            version,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_error_is_told_at_once() {
        let request = CreateCustomerRequest {
            email: "nobody".into(),
            first_name: Some("x".repeat(201)),
            tags: vec!["ok".into(), " ".into()],
            attributes: BTreeMap::from([("Bad Key".into(), AttributeValue::Text("x".into()))]),
            ..CreateCustomerRequest::default()
        };
        let errors = NewCustomer::try_from(request).unwrap_err().into_vec();
        let pointers: Vec<&str> = errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/email", "/first_name", "/tags/1", "/attributes/Bad Key"]);
    }

    #[test]
    fn in_a_patch_what_everybody_has_cannot_be_cleared() {
        let fields = ["email", "consent", "status", "tags", "attributes"];
        let nulls: serde_json::Map<String, serde_json::Value> =
            fields.iter().map(|field| ((*field).to_owned(), serde_json::Value::Null)).collect();
        let patch: PatchCustomerRequest = serde_json::from_value(nulls.into()).unwrap();
        let errors = CustomerPatch::try_from(patch).unwrap_err().into_vec();
        let pointers: Vec<&str> = errors.iter().map(|error| error.pointer.trim_start_matches('/')).collect();
        assert_eq!(pointers, fields);
    }

    #[test]
    fn in_a_patch_absent_leaves_and_null_clears() {
        let patch: PatchCustomerRequest =
            serde_json::from_str(r#"{"first_name": null, "attributes": {"daw": null}}"#).unwrap();
        let patch = CustomerPatch::try_from(patch).unwrap();
        let mut fields =
            CustomerFields::unknown(Source::Manual, Consent::Subscribed, Timestamp::from_millis(0));
        fields.first_name = Some("Ava".into());
        fields.last_name = Some("Lind".into());
        fields.attributes.insert("daw".into(), AttributeValue::Text("Live".into()));
        patch.apply(&mut fields);
        assert_eq!((fields.first_name, fields.last_name.as_deref()), (None, Some("Lind")));
        assert!(fields.attributes.is_empty());
    }
}
