//! A customer as a form has it: a text for each field. And the way back, to what was changed.

use fanbase_domain::{
    consent::Consent,
    customer::{AttributeValue, CustomerStatus},
    field_errors::FieldErrors,
    wire::customers::{CustomerPatch, CustomerResponse, PatchCustomerRequest},
};

/// A field of the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Email,
    FirstName,
    LastName,
    Alias,
    Phone,
    Consent,
    Status,
    Score,
    Tags,
    /// An attribute, by its key.
    Attribute(String),
}

/// The attributes that are offered even where nothing is known.
const OFFERED: [&str; 6] = ["daw", "type_of_music", "student_level", "goals", "city", "country"];

/// A text for each field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Draft {
    /// In the order of the form; there are a few dozen at most.
    fields: Vec<(Field, String)>,
    /// Attributes that are lists, whose text is separated by commas.
    lists: Vec<String>,
}

impl Draft {
    /// What a customer is now.
    pub(super) fn of(customer: &CustomerResponse) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let fields = vec![
            (Field::Email, customer.email.clone()),
            (Field::FirstName, text(&customer.first_name)),
            (Field::LastName, text(&customer.last_name)),
            (Field::Alias, text(&customer.alias)),
            (Field::Phone, text(&customer.phone)),
            (Field::Consent, customer.consent.as_str().to_owned()),
            (Field::Status, customer.status.as_str().to_owned()),
            (Field::Score, customer.score.map(|score| score.to_string()).unwrap_or_default()),
            (Field::Tags, customer.tags.join(", ")),
        ];
        let mut draft = Self { fields, lists: Vec::new() };
        for key in OFFERED {
            draft.set(Field::Attribute(key.to_owned()), String::new());
        }
        for (key, value) in &customer.attributes {
            let text = match value {
                AttributeValue::Text(text) => text.clone(),
                AttributeValue::List(values) => {
                    draft.lists.push(key.clone());
                    values.join(", ")
                }
            };
            draft.set(Field::Attribute(key.clone()), text);
        }
        draft
    }

    /// The text of a field.
    pub(super) fn get(&self, field: &Field) -> &str {
        self.iter().find(|(other, _)| *other == field).map_or("", |(_, text)| text)
    }

    /// Writes into a field.
    pub(super) fn set(&mut self, field: Field, text: String) {
        match self.fields.iter_mut().find(|(other, _)| *other == field) {
            Some((_, held)) => *held = text,
            None => self.fields.push((field, text)),
        }
    }

    /// All fields with their texts.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Field, &str)> {
        self.fields.iter().map(|(field, text)| (field, text.as_str()))
    }

    /// The fields in which another draft differs.
    pub(super) fn changed(&self, other: &Self) -> Vec<Field> {
        other
            .iter()
            .filter(|(field, text)| self.get(field).trim() != text.trim())
            .map(|(field, _)| field.clone())
            .collect()
    }

    /// What has to be sent to make this `mine`; `None` when nothing was changed.
    ///
    /// # Errors
    /// What the domain's own check says, and a score that is no number.
    pub(super) fn patch(&self, mine: &Self) -> Result<Option<PatchCustomerRequest>, FieldErrors> {
        let changed = self.changed(mine);
        if changed.is_empty() {
            return Ok(None);
        }
        let mut errors = FieldErrors::new();
        let mut patch = PatchCustomerRequest::default();
        for field in changed {
            self.write(&field, mine.get(&field).trim(), &mut patch, &mut errors);
        }
        let checked = CustomerPatch::try_from(patch.clone());
        match (checked, errors.is_empty()) {
            (Ok(_), true) => Ok(Some(patch)),
            (Err(wrong), _) => Err(wrong),
            (Ok(_), false) => Err(errors),
        }
    }

    fn write(&self, field: &Field, text: &str, patch: &mut PatchCustomerRequest, errors: &mut FieldErrors) {
        let optional = || (!text.is_empty()).then(|| text.to_owned());
        match field {
            Field::Email => patch.email = Some(Some(text.to_owned())),
            Field::FirstName => patch.first_name = Some(optional()),
            Field::LastName => patch.last_name = Some(optional()),
            Field::Alias => patch.alias = Some(optional()),
            Field::Phone => patch.phone = Some(optional()),
            Field::Consent => patch.consent = Some(Consent::parse(text)),
            Field::Status => patch.status = Some(CustomerStatus::parse(text)),
            Field::Tags => patch.tags = Some(Some(listed(text))),
            Field::Score => match (text.is_empty(), text.parse()) {
                (true, _) => patch.score = Some(None),
                (false, Ok(score)) => patch.score = Some(Some(score)),
                (false, Err(_)) => errors.add("/score", "invalid", crate::i18n::t().fan.score_invalid),
            },
            Field::Attribute(key) => {
                let value = optional().map(|text| match self.lists.contains(key) {
                    true => AttributeValue::List(listed(&text)),
                    false => AttributeValue::Text(text),
                });
                patch.attributes.get_or_insert_default().get_or_insert_default().insert(key.clone(), value);
            }
        }
    }
}

/// What is separated by commas.
fn listed(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) fn customer() -> CustomerResponse {
        serde_json::from_str(
            r#"{"id":"0199f1c2-6a35-7c2e-9a57-3c1d2b8e4f10","type":"lead","email":"ava@example.com","name":"Ava",
            "first_name":"Ava","last_name":null,"phone":null,"alias":null,"user_id":null,"source":"api",
            "source_detail":null,"consent":"subscribed","status":"active","tags":["vip","edm"],
            "attributes":{"daw":"Live","type_of_music":["Techno","House"]},"total_spent":0,"score":12,
            "created_at":"2026-01-01T00:00:00.000Z","last_activity_at":null,"version":3}"#,
        )
        .unwrap()
    }

    fn edited(changes: &[(Field, &str)]) -> (Draft, Draft) {
        let base = Draft::of(&customer());
        let mut mine = base.clone();
        for (field, text) in changes {
            mine.set(field.clone(), (*text).to_owned());
        }
        (base, mine)
    }

    #[test]
    fn only_what_was_changed_is_sent() {
        let attribute = |key: &str| Field::Attribute(key.to_owned());
        let (base, mine) = edited(&[
            (Field::FirstName, " Eva "),
            (Field::LastName, "  "),
            (Field::Tags, "vip, new one,,"),
            (Field::Score, ""),
            (attribute("daw"), ""),
            (attribute("type_of_music"), "House"),
        ]);
        let patch = base.patch(&mine).unwrap().unwrap();
        let json = serde_json::to_value(&patch).unwrap();
        let expected = serde_json::json!({
            "first_name": "Eva", "tags": ["vip", "new one"], "score": null,
            "attributes": {"daw": null, "type_of_music": ["House"]},
        });
        assert_eq!(json, expected);
    }

    #[test]
    fn nothing_changed_is_nothing_sent() {
        let (base, mine) = edited(&[(Field::FirstName, "Ava "), (Field::Phone, " ")]);
        assert!(base.patch(&mine).unwrap().is_none());
    }

    #[test]
    fn mistakes_are_told_as_the_server_would() {
        for (field, text, pointer) in [
            (Field::Email, "nobody", "/email"),
            (Field::Score, "many", "/score"),
            (Field::Tags, &*format!("ok, {}", "x".repeat(101)), "/tags/1"),
        ] {
            let (base, mine) = edited(&[(field, text)]);
            let errors = base.patch(&mine).unwrap_err().into_vec();
            assert_eq!(errors[0].pointer, pointer);
        }
    }
}
