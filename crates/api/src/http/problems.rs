//! The error responses in the OpenAPI document.

use std::collections::BTreeMap;

use fanbase_domain::problem::Problem;
use utoipa::{
    IntoResponses, ToSchema as _,
    openapi::{Content, Ref, RefOr, Response, response::ResponseBuilder},
};

use crate::error::PROBLEM_JSON;

/// The errors of routes within a store.
#[derive(Debug)]
pub struct StoreProblems;

/// The errors of routes for admins of the platform.
#[derive(Debug)]
pub struct AdminProblems;

/// The errors of routes for users, which API keys cannot use.
#[derive(Debug)]
pub struct PersonProblems;

/// The errors of routes outside of stores.
#[derive(Debug)]
pub struct Problems;

impl IntoResponses for StoreProblems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut responses = Problems::responses();
        responses.extend(documented(&[
            ("403", "The key lacks the scope for this, or the role the permission."),
            ("404", "No such thing, or it belongs to another store."),
        ]));
        responses
    }
}

impl IntoResponses for AdminProblems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut responses = Problems::responses();
        responses.extend(documented(&[("403", "Only admins of the platform may do this.")]));
        responses
    }
}

impl IntoResponses for PersonProblems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut responses = Problems::responses();
        responses.extend(documented(&[("403", "An API key belongs to one store: sign in.")]));
        responses
    }
}

impl IntoResponses for Problems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        documented(&[
            ("400", "The request cannot be read."),
            ("401", "Nobody is signed in, or the key is wrong."),
            ("422", "Fields or parameters are not valid; `errors` says which."),
            ("429", "Too many requests; Retry-After says when to try again."),
            ("500", "The server failed."),
            ("503", "The server is busy, or its database cannot be reached. Try again."),
        ])
    }
}

fn documented(problems: &[(&str, &str)]) -> BTreeMap<String, RefOr<Response>> {
    problems
        .iter()
        .map(|(status, description)| {
            let content = Content::new(Some(Ref::from_schema_name(Problem::name())));
            let response = ResponseBuilder::new().description(*description).content(PROBLEM_JSON, content);
            ((*status).to_owned(), RefOr::T(response.build()))
        })
        .collect()
}
