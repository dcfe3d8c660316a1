//! What handlers do not say of themselves, added to the OpenAPI document.

use fanbase_domain::problem::Problem;
use serde_json::Value;
use utoipa::{
    Modify, ToSchema as _,
    openapi::{
        Content, OpenApi, Ref, RefOr, Schema, Server, Tag,
        path::{Operation, PathItem},
        response::ResponseBuilder,
    },
};

use crate::error::PROBLEM_JSON;

/// The tags of operations, and what their routes are about.
const TAGS: [(&str, &str); 18] = [
    ("system", "Whether the server runs, and its metrics."),
    ("auth", "Signing in and up, the own account and its sessions."),
    ("stores", "The stores of an account."),
    ("members", "Members of a store, their roles, and invitations."),
    ("api keys", "Keys of third-party tools."),
    ("fans", "Everyone a store knows, once: customers and accounts."),
    ("customers", "Customers one by one: their data, purchases, value and timeline."),
    ("notes", "Notes on a customer."),
    ("tags", "Tags of customers."),
    ("custom fields", "Fields that a store adds to its customers."),
    ("views", "Saved filters, shared by the members of a store."),
    ("imports", "Contact files, and customers made from enrolments and subscriptions that have none."),
    ("catalogue", "Courses, products and plans."),
    ("events", "Reports of enrolments, purchases, refunds and subscriptions."),
    ("overview", "A store in numbers."),
    ("audit log", "Who changed what."),
    ("webhooks", "Events that Clerk and Stripe send."),
    ("admin", "The platform, for its admins."),
];

/// What every route with a body can answer.
const OF_BODIES: [(&str, &str); 3] = [
    ("408", "The body did not arrive in time."),
    ("413", "The body is larger than the limit."),
    ("415", "The body is of another media type."),
];

/// Describes the server and the tags.
pub(super) struct Overview;

impl Modify for Overview {
    fn modify(&self, document: &mut OpenApi) {
        let mut server = Server::new("/");
        server.description = Some("This server".to_owned());
        document.servers = Some(vec![server]);
        let tag = |(name, description): (&str, &str)| {
            let mut tag = Tag::new(name);
            tag.description = Some(description.to_owned());
            tag
        };
        document.tags = Some(TAGS.into_iter().map(tag).collect());
    }
}

/// Adds the problems that do not depend on the route, but on its having a body.
pub(super) struct Bodies;

impl Modify for Bodies {
    fn modify(&self, document: &mut OpenApi) {
        let operations = document.paths.paths.values_mut().flat_map(operations);
        for operation in operations.filter(|operation| operation.request_body.is_some()) {
            for (status, description) in OF_BODIES {
                let content = Content::new(Some(Ref::from_schema_name(Problem::name())));
                let response = ResponseBuilder::new().description(description).content(PROBLEM_JSON, content);
                let responses = &mut operation.responses.responses;
                responses.entry(status.to_owned()).or_insert_with(|| RefOr::T(response.build()));
            }
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete]
        .into_iter()
        .filter_map(Option::as_mut)
}

/// Takes the defaults out of the schemas of bodies. They say how a missing field is read, so that it can
/// be reported with the others that are wrong, not what it means: generated clients would demand a field
/// that has one, or take a required one for optional. A default that no request may have, such as an empty
/// text, is a required field.
pub(super) struct Defaults;

impl Modify for Defaults {
    fn modify(&self, document: &mut OpenApi) {
        let Some(components) = &mut document.components else { return };
        for schema in components.schemas.values_mut() {
            let RefOr::T(Schema::Object(object)) = schema else { continue };
            let mut required = std::mem::take(&mut object.required);
            for (name, property) in &mut object.properties {
                let default = take_default(property);
                if default.is_some_and(|default| is_void(&default)) && !required.contains(name) {
                    required.push(name.clone());
                }
            }
            object.required = required;
        }
    }
}

fn take_default(schema: &mut RefOr<Schema>) -> Option<Value> {
    match schema {
        RefOr::Ref(reference) => reference.default.take(),
        RefOr::T(Schema::Object(object)) => object.default.take(),
        RefOr::T(Schema::Array(array)) => array.default.take(),
        RefOr::T(Schema::OneOf(one)) => one.default.take(),
        RefOr::T(Schema::AllOf(all)) => all.default.take(),
        RefOr::T(Schema::AnyOf(any)) => any.default.take(),
        _ => None,
    }
}

/// Whether a default stands for a field that must be there.
fn is_void(default: &Value) -> bool {
    match default {
        Value::String(text) => text.is_empty(),
        Value::Number(number) => number.as_i64() == Some(0),
        Value::Object(fields) => fields.values().any(is_void),
        _ => false,
    }
}
