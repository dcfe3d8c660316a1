//! Query parameters of the list, counts and exports of fans.

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use fanbase_domain::{
    consent::Consent,
    customer::CustomerStatus,
    fan::FanType,
    field_errors::FieldErrors,
    filter::FanFilter,
    ids::{CourseId, ProductId},
    page::{DEFAULT_LIMIT, MAX_LIMIT, Sort},
    search::Search,
    source::Source,
    tag::TagName,
    time::Timestamp,
};
use utoipa::IntoParams;

use super::{
    export_columns::{Column, Layout},
    holdings::Include,
};
use crate::{
    error::ApiError,
    http::{authorize_first::Extracting, parameters},
};

/// Which fans. What is given several times means any of it.
///
/// Documentation of what [`FanParams`] reads.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by the documentation only")]
pub struct FanFilterParams {
    /// Type; several mean any of them.
    #[param(required = false, example = json!(["lead"]))]
    r#type: Vec<FanType>,
    /// Parts of name, e-mail address, alias or source, of a phone number (by its digits), of a tag, or of the
    /// title of a course or product that they have. One or two characters: a start.
    #[param(example = "ava")]
    search: Option<String>,
    /// Tag; several mean any of them.
    #[param(required = false, example = json!(["vip"]))]
    tag: Vec<String>,
    /// Where they came from; several mean any of them.
    #[param(required = false)]
    source: Vec<Source>,
    /// Active or inactive.
    status: Option<CustomerStatus>,
    /// Whether they may be mailed; several mean any of them.
    #[param(required = false)]
    consent: Vec<Consent>,
    /// With an account, or without.
    has_account: Option<bool>,
    /// Spent at least, in minor units.
    min_spent: Option<i64>,
    /// Spent at most, in minor units.
    max_spent: Option<i64>,
    /// Score at least.
    min_score: Option<i64>,
    /// Score at most.
    max_score: Option<i64>,
    /// Became known at or after.
    #[param(example = "2026-01-01T00:00:00Z")]
    created_after: Option<Timestamp>,
    /// Became known before.
    created_before: Option<Timestamp>,
    /// Was last active at or after.
    active_after: Option<Timestamp>,
    /// Was last active before.
    active_before: Option<Timestamp>,
    /// Enrolled in a course, by its id; several mean any of them.
    #[param(required = false, value_type = Vec<Uuid>)]
    course: Vec<CourseId>,
    /// Did at least so much of a course, in per cent; of those in `course` if there are any.
    #[param(minimum = 0, maximum = 100)]
    min_progress: Option<i64>,
    /// Did at most so much of it.
    #[param(minimum = 0, maximum = 100)]
    max_progress: Option<i64>,
    /// Bought a product, by its id; several mean any of them.
    #[param(required = false, value_type = Vec<Uuid>)]
    product: Vec<ProductId>,
}

/// Which part of the list, in which order.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by the documentation only")]
pub struct PageParams {
    /// `created_at`, `name`, `email`, `total_spent`, `score` or `last_activity_at`, with `-` for
    /// largest first. Whoever has no value comes last.
    #[param(example = "-created_at")]
    sort: Option<String>,
    /// Where the page starts: `next_cursor` or `prev_cursor` of another page of the same list.
    cursor: Option<String>,
    /// Instead of a cursor: the rank of the first fan, from 0.
    at: Option<u64>,
    /// How many, 50 by default, at most 200.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u64>,
    /// What else is told of each: `courses` with progress, `products`.
    #[param(required = false, example = json!(["courses"]))]
    include: Vec<String>,
}

/// How an export is written.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by the documentation only")]
pub struct LayoutParams {
    /// The order: a column with an optional `-`, as in the list. Oldest first by default.
    #[param(example = "-total_spent")]
    sort: Option<String>,
    /// The columns and their order, separated by commas: `email`, `first_name`, `last_name`, `name`, `phone`,
    /// `alias`, `type`, `consent`, `status`, `source`, `source_detail`, `tags`, `score`, `total_spent`,
    /// `created_at`, `last_activity_at`, `has_account`, and `attributes.` with the key of a custom field.
    /// All of them by default.
    #[param(example = "email,name,attributes.daw")]
    columns: Option<String>,
    /// Whether the file begins with a byte order mark, without which Excel takes UTF-8 for something else.
    bom: Option<bool>,
}

/// The validated parameters of an export.
#[derive(Clone, Debug)]
pub struct ExportParams {
    /// The filter.
    pub filter: FanFilter,
    /// The layout.
    pub layout: Layout,
}

impl FromRequest for ExportParams {
    type Error = ApiError;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        parameters::read(request, Self::parse)
    }
}

impl ExportParams {
    /// Parses a query string.
    ///
    /// # Errors
    /// [`ApiError::Validation`] with every invalid or unknown parameter, or [`ApiError::Malformed`].
    pub fn parse(query: &str) -> Result<Self, ApiError> {
        let mut errors = FieldErrors::new();
        let mut params = Self { filter: FanFilter::default(), layout: Layout::default() };
        for (name, value) in parameters::pairs(query)? {
            match name.as_ref() {
                "sort" => match Sort::parse(&value) {
                    Some(sort) => params.layout.sort = sort,
                    None => errors.add(&name, SORT_UNKNOWN.0, SORT_UNKNOWN.1),
                },
                "columns" => match Column::parse_list(&value) {
                    Ok(columns) => params.layout.columns = Some(columns),
                    Err(unknown) => {
                        errors.add(&name, "unknown_value", format!("\"{unknown}\" is not a column."));
                    }
                },
                "bom" => {
                    let bom = typed(&value, &name, "true or false", &mut errors);
                    params.layout.byte_order_mark = bom.unwrap_or(false);
                }
                _ if read_filter(&mut params.filter, &name, &value, &mut errors) => {}
                _ => parameters::unknown(&name, &mut errors),
            }
        }
        Ok(errors.into_result(params)?)
    }
}

const SORT_UNKNOWN: (&str, &str) = ("sort_unknown", "A column such as name, with - for largest first.");

/// The validated parameters of a list.
#[derive(Clone, Debug)]
pub struct FanParams {
    /// The filter.
    pub filter: FanFilter,
    /// The order.
    pub sort: Sort,
    /// The cursor.
    pub cursor: Option<String>,
    /// The rank of the first fan, instead of a cursor.
    pub at: Option<u64>,
    /// The page size.
    pub limit: u64,
    /// The optional parts of each fan.
    pub include: Include,
}

impl FromRequest for FanParams {
    type Error = ApiError;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        parameters::read(request, Self::parse)
    }
}

/// The validated filter of a count or a bulk change.
#[derive(Clone, Debug)]
pub struct FilterParams(pub FanFilter);

impl FromRequest for FilterParams {
    type Error = ApiError;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        parameters::read(request, Self::parse)
    }
}

impl FilterParams {
    /// Parses a query string.
    ///
    /// # Errors
    /// [`ApiError::Validation`] with every invalid or unknown parameter, or [`ApiError::Malformed`].
    pub fn parse(query: &str) -> Result<Self, ApiError> {
        let mut errors = FieldErrors::new();
        let mut filter = FanFilter::default();
        for (name, value) in parameters::pairs(query)? {
            if !read_filter(&mut filter, &name, &value, &mut errors) {
                parameters::unknown(&name, &mut errors);
            }
        }
        Ok(errors.into_result(Self(filter))?)
    }
}

impl FanParams {
    /// Parses a query string.
    ///
    /// # Errors
    /// [`ApiError::Validation`] with every invalid or unknown parameter, or [`ApiError::Malformed`].
    pub fn parse(query: &str) -> Result<Self, ApiError> {
        let mut errors = FieldErrors::new();
        let mut params = Self {
            filter: FanFilter::default(),
            sort: Sort::default(),
            cursor: None,
            at: None,
            limit: DEFAULT_LIMIT,
            include: Include::default(),
        };
        for (name, value) in parameters::pairs(query)? {
            params.read(&name, &value, &mut errors);
        }
        if params.at.is_some() && params.cursor.is_some() {
            errors.add("at", "at_with_cursor", "Give a cursor or a rank, not both.");
        }
        Ok(errors.into_result(params)?)
    }

    fn read(&mut self, name: &str, value: &str, errors: &mut FieldErrors) {
        match name {
            "sort" => match Sort::parse(value) {
                Some(sort) => self.sort = sort,
                None => errors.add(name, SORT_UNKNOWN.0, SORT_UNKNOWN.1),
            },
            "cursor" => self.cursor = Some(value.to_owned()),
            "at" => self.at = typed(value, name, "a rank, from 0", errors),
            "limit" => match value.parse() {
                Ok(limit) if (1..=MAX_LIMIT).contains(&limit) => self.limit = limit,
                _ => errors.add(name, "limit_invalid", format!("A number from 1 to {MAX_LIMIT}.")),
            },
            "include" => match value {
                "courses" => self.include.courses = true,
                "products" => self.include.products = true,
                _ => errors.add(name, "unknown_value", "One of courses, products."),
            },
            _ if read_filter(&mut self.filter, name, value, errors) => {}
            _ => parameters::unknown(name, errors),
        }
    }
}

/// Parses a parameter of the filter; `false` if it is not one.
fn read_filter(filter: &mut FanFilter, name: &str, value: &str, errors: &mut FieldErrors) -> bool {
    match name {
        "type" => {
            push(&mut filter.types, FanType::parse(value), name, &FanType::ALL.map(FanType::as_str), errors)
        }
        "source" => {
            push(&mut filter.sources, Source::parse(value), name, &Source::ALL.map(Source::as_str), errors)
        }
        "consent" => {
            push(
                &mut filter.consents,
                Consent::parse(value),
                name,
                &Consent::ALL.map(Consent::as_str),
                errors,
            );
        }
        "status" => {
            let known = CustomerStatus::ALL.map(CustomerStatus::as_str);
            filter.status = one_of(CustomerStatus::parse(value), name, &known, errors);
        }
        "search" => filter.search = Search::parse(value),
        "tag" => match TagName::parse(value) {
            Ok(tag) => filter.tags.push(tag),
            Err(error) => errors.add(name, error.code(), error.to_string()),
        },
        "has_account" => filter.has_account = typed(value, name, "true or false", errors),
        "min_spent" => filter.min_spent = typed(value, name, "a whole number of minor units", errors),
        "max_spent" => filter.max_spent = typed(value, name, "a whole number of minor units", errors),
        "min_score" => filter.min_score = typed(value, name, "a whole number", errors),
        "max_score" => filter.max_score = typed(value, name, "a whole number", errors),
        "created_after" => filter.created_after = time(value, name, errors),
        "created_before" => filter.created_before = time(value, name, errors),
        "active_after" => filter.active_after = time(value, name, errors),
        "active_before" => filter.active_before = time(value, name, errors),
        "course" => filter.courses.extend(typed::<CourseId>(value, name, "the id of a course", errors)),
        "min_progress" => filter.min_progress = percent(value, name, errors),
        "max_progress" => filter.max_progress = percent(value, name, errors),
        "product" => filter.products.extend(typed::<ProductId>(value, name, "the id of a product", errors)),
        _ => return false,
    }
    true
}

fn percent(value: &str, name: &str, errors: &mut FieldErrors) -> Option<i64> {
    let percent = value.parse().ok().filter(|percent| (0..=100).contains(percent));
    if percent.is_none() {
        errors.add(name, "invalid", "Expected a whole number from 0 to 100.");
    }
    percent
}

fn one_of<T>(value: Option<T>, name: &str, known: &[&str], errors: &mut FieldErrors) -> Option<T> {
    if value.is_none() {
        errors.add(name, "unknown_value", format!("One of {}.", known.join(", ")));
    }
    value
}

fn push<T>(values: &mut Vec<T>, value: Option<T>, name: &str, known: &[&str], errors: &mut FieldErrors) {
    values.extend(one_of(value, name, known, errors));
}

fn typed<T: std::str::FromStr>(value: &str, name: &str, what: &str, errors: &mut FieldErrors) -> Option<T> {
    let parsed = T::from_str(value).ok();
    if parsed.is_none() {
        errors.add(name, "invalid", format!("Expected {what}."));
    }
    parsed
}

fn time(value: &str, name: &str, errors: &mut FieldErrors) -> Option<Timestamp> {
    let at = Timestamp::parse(value);
    if at.is_none() {
        errors.add(name, "invalid", "Expected a date or date-time as RFC 3339 writes it.");
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wrong_parameter_is_told() {
        let query = "type=king&limit=0&sort=height&min_spent=much&foo=1&created_after=soon&tag=%20\
            &course=mixing&max_progress=101&include=everything";
        let Err(ApiError::Validation(errors)) = FanParams::parse(query) else {
            panic!("wrong parameters passed")
        };
        let names: Vec<String> = errors.into_vec().into_iter().map(|error| error.pointer).collect();
        assert_eq!(
            names,
            [
                "type",
                "limit",
                "sort",
                "min_spent",
                "foo",
                "created_after",
                "tag",
                "course",
                "max_progress",
                "include"
            ]
        );
    }

    #[test]
    fn repeated_parameters_mean_any_of_them() {
        let params = FanParams::parse("type=lead&type=user&tag=a&tag=B%20c&sort=-name&limit=200").unwrap();
        assert_eq!(params.filter.types, [FanType::Lead, FanType::User]);
        assert_eq!(params.filter.tags.len(), 2);
        assert_eq!((params.sort.to_string().as_str(), params.limit), ("-name", 200));
    }
}
