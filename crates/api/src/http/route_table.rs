//! The table of the API's routes, from the OpenAPI document.

use std::collections::{BTreeSet, HashSet};

use actix_web::HttpRequest;
use fanbase_domain::field_errors::FieldErrors;
use utoipa::openapi::{
    OpenApi, RefOr,
    path::{Operation, ParameterIn, PathItem},
};

use super::parameters;
use crate::error::ApiError;

/// The routes of the API.
#[derive(Debug)]
pub struct Addresses {
    /// Paths, each with its methods.
    paths: Vec<(String, Vec<&'static str>)>,
    /// Methods and paths of the routes with query parameters, which they validate themselves.
    with_parameters: HashSet<(&'static str, String)>,
}

impl Addresses {
    /// Builds the table from the OpenAPI document.
    #[must_use]
    pub fn of(document: &OpenApi) -> Self {
        let (mut paths, mut with_parameters) = (Vec::new(), HashSet::new());
        for (path, item) in &document.paths.paths {
            for (method, operation) in operations(item) {
                if takes_parameters(operation) {
                    with_parameters.insert((method, path.clone()));
                }
            }
            paths.push((path.clone(), operations(item).map(|(method, _)| method).collect()));
        }
        Self { paths, with_parameters }
    }

    /// The methods of a path as a list for `Allow`; `None` if there is no such path.
    #[must_use]
    pub fn allowed(&self, path: &str) -> Option<String> {
        let mut methods = Vec::new();
        for (_, of_path) in self.paths.iter().filter(|(template, _)| matches(template, path)) {
            methods.extend_from_slice(of_path);
        }
        if methods.contains(&"GET") {
            methods.push("HEAD");
        }
        (!methods.is_empty()).then(|| methods.join(", "))
    }

    /// Refuses query parameters on a route that takes none. If they were ignored, a client would mistake the
    /// whole list for a filtered one.
    ///
    /// # Errors
    /// [`ApiError::Validation`] with every parameter, or [`ApiError::Malformed`].
    pub fn check_parameters(&self, request: &HttpRequest) -> Result<(), ApiError> {
        let route = (request.method().as_str(), request.match_pattern().unwrap_or_default());
        let known = self.with_parameters.iter().any(|(method, path)| (*method, path) == (route.0, &route.1));
        if known || request.query_string().is_empty() {
            return Ok(());
        }
        let mut errors = FieldErrors::new();
        let names = parameters::pairs(request.query_string())?.into_iter().map(|(name, _)| name);
        names.collect::<BTreeSet<String>>().iter().for_each(|name| parameters::unknown(name, &mut errors));
        Ok(errors.into_result(())?)
    }
}

fn matches(template: &str, path: &str) -> bool {
    template.split('/').count() == path.split('/').count()
        && template
            .split('/')
            .zip(path.split('/'))
            .all(|(known, part)| known.starts_with('{') || known == part)
}

fn operations(item: &PathItem) -> impl Iterator<Item = (&'static str, &Operation)> {
    [
        ("GET", &item.get),
        ("POST", &item.post),
        ("PUT", &item.put),
        ("PATCH", &item.patch),
        ("DELETE", &item.delete),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation.as_ref()?)))
}

fn takes_parameters(operation: &Operation) -> bool {
    operation.parameters.iter().flatten().any(|parameter| match parameter {
        RefOr::T(parameter) => parameter.parameter_in == ParameterIn::Query,
        RefOr::Ref(_) => false,
    })
}
