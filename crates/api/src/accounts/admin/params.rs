//! Filter and sort parameters of lists of accounts.

use std::fmt;

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use fanbase_domain::{
    field_errors::FieldErrors,
    role::Role,
    search::Search,
    time::Timestamp,
    wire::admin::{ConnectStatus, UserStatus},
};
use utoipa::IntoParams;

use crate::{
    error::ApiError,
    http::{
        authorize_first::Extracting,
        parameters::{self, pairs, unknown},
    },
};

/// Default page size.
const LIMIT: u64 = 50;
/// Maximum page size.
const MAX_LIMIT: u64 = 200;

/// The filters of a list of accounts.
///
/// Documentation of what [`UserParams`] reads.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by the documentation only")]
pub struct UserFilterQuery {
    /// Every word occurs in the name or the address.
    #[param(example = "anna")]
    search: Option<String>,
    /// Any of these; all but the deleted without. Can be repeated.
    #[param(value_type = Option<Vec<UserStatus>>, style = Form, explode)]
    status: Vec<UserStatus>,
    /// Has any of these roles in some store. Can be repeated.
    #[param(value_type = Option<Vec<Role>>, style = Form, explode)]
    role: Vec<Role>,
    /// Owns a store that is so far at Stripe Connect. Can be repeated.
    #[param(value_type = Option<Vec<ConnectStatus>>, style = Form, explode)]
    connect: Vec<ConnectStatus>,
    /// Administers the platform, or does not.
    is_admin: Option<bool>,
    /// Is a member of some store, or of none.
    has_store: Option<bool>,
    /// Signed up at or after.
    #[param(value_type = Option<String>, example = "2026-01-01")]
    created_after: Option<Timestamp>,
    /// Signed up before.
    #[param(value_type = Option<String>, example = "2027-01-01")]
    created_before: Option<Timestamp>,
}

/// The page of a list of accounts.
///
/// Documentation of what [`UserParams`] reads.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by the documentation only")]
pub struct UserPageQuery {
    /// `created_at`, `name`, `email` or `last_sign_in_at`, with `-` for largest first;
    /// `-created_at` by default. Who has no value comes last.
    #[param(example = "-created_at")]
    sort: Option<String>,
    /// `next_cursor` of another page.
    cursor: Option<String>,
    /// Instead of a cursor: the rank of the first account, from 0.
    at: Option<u64>,
    /// How many, 50 by default, at most 200.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u64>,
}

/// A filter of accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserFilter {
    /// Matches this search.
    pub search: Option<Search>,
    /// Has any of these statuses; all except deleted if empty.
    pub statuses: Vec<UserStatus>,
    /// Has any of these roles in some store.
    pub roles: Vec<Role>,
    /// Owns a store with any of these Stripe Connect statuses.
    pub connects: Vec<ConnectStatus>,
    /// Administers the platform.
    pub is_admin: Option<bool>,
    /// Is a member of some store.
    pub has_store: Option<bool>,
    /// Signed up at or after.
    pub created_after: Option<Timestamp>,
    /// Signed up before.
    pub created_before: Option<Timestamp>,
}

/// The sort order of accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserSort {
    /// The sort column.
    pub column: UserColumn,
    /// Largest first.
    pub descending: bool,
}

/// A column that accounts can be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserColumn {
    /// When they signed up.
    CreatedAt,
    /// Their name.
    Name,
    /// Their e-mail address.
    Email,
    /// When they last signed in.
    LastSignInAt,
}

impl UserColumn {
    const ALL: [Self; 4] = [Self::CreatedAt, Self::Name, Self::Email, Self::LastSignInAt];

    const fn as_str(self) -> &'static str {
        match self {
            Self::CreatedAt => "created_at",
            Self::Name => "name",
            Self::Email => "email",
            Self::LastSignInAt => "last_sign_in_at",
        }
    }

    /// The SQL column; each has an index.
    #[must_use]
    pub const fn sql(self) -> &'static str {
        match self {
            Self::CreatedAt => "u.created_at",
            Self::Name => "u.name_sort",
            Self::Email => "u.email_key",
            Self::LastSignInAt => "u.last_sign_in_at",
        }
    }
}

impl UserSort {
    fn parse(text: &str) -> Option<Self> {
        let (name, descending) = match text.strip_prefix('-') {
            Some(name) => (name, true),
            None => (text, false),
        };
        let column = UserColumn::ALL.into_iter().find(|column| column.as_str() == name)?;
        Some(Self { column, descending })
    }
}

impl Default for UserSort {
    fn default() -> Self {
        Self { column: UserColumn::CreatedAt, descending: true }
    }
}

impl fmt::Display for UserSort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.descending { "-" } else { "" }, self.column.as_str())
    }
}

/// Parameters of a list of accounts.
#[derive(Clone, Debug)]
pub struct UserParams {
    /// The filter.
    pub filter: UserFilter,
    /// The sort order.
    pub sort: UserSort,
    /// The cursor, if any.
    pub cursor: Option<String>,
    /// The rank of the first account, instead of a cursor.
    pub at: Option<u64>,
    /// The page size.
    pub limit: u64,
}

impl FromRequest for UserParams {
    type Error = ApiError;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        parameters::read(request, |query| parse(query, true))
    }
}

/// The filter of accounts to count or change.
#[derive(Clone, Debug)]
pub struct UserFilterParams(pub UserFilter);

impl FromRequest for UserFilterParams {
    type Error = ApiError;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        parameters::read(request, |query| Ok(Self(parse(query, false)?.filter)))
    }
}

fn parse(query: &str, with_page: bool) -> Result<UserParams, ApiError> {
    let mut params = UserParams {
        filter: UserFilter::default(),
        sort: UserSort::default(),
        cursor: None,
        at: None,
        limit: LIMIT,
    };
    let mut errors = FieldErrors::new();
    for (name, value) in pairs(query)? {
        let is_read = read_filter(&mut params.filter, &name, &value, &mut errors)
            || (with_page && read_page(&mut params, &name, &value, &mut errors));
        if !is_read {
            unknown(&name, &mut errors);
        }
    }
    if params.at.is_some() && params.cursor.is_some() {
        errors.add("at", "at_with_cursor", "Give a cursor or a rank, not both.");
    }
    Ok(errors.into_result(params)?)
}

fn read_page(params: &mut UserParams, name: &str, value: &str, errors: &mut FieldErrors) -> bool {
    match name {
        "sort" => match UserSort::parse(value) {
            Some(sort) => params.sort = sort,
            None => errors.add(name, "sort_unknown", "One of created_at, name, email, last_sign_in_at."),
        },
        "cursor" => params.cursor = Some(value.to_owned()),
        "at" => match value.parse() {
            Ok(at) => params.at = Some(at),
            Err(_) => errors.add(name, "invalid", "A rank, from 0."),
        },
        "limit" => match value.parse() {
            Ok(limit) if (1..=MAX_LIMIT).contains(&limit) => params.limit = limit,
            _ => errors.add(name, "limit_invalid", format!("A number from 1 to {MAX_LIMIT}.")),
        },
        _ => return false,
    }
    true
}

fn read_filter(filter: &mut UserFilter, name: &str, value: &str, errors: &mut FieldErrors) -> bool {
    match name {
        "search" => filter.search = Search::parse(value),
        "status" => push(&mut filter.statuses, UserStatus::parse(value), name, value, errors),
        "role" => push(&mut filter.roles, Role::parse(value), name, value, errors),
        "connect" => push(&mut filter.connects, ConnectStatus::parse(value), name, value, errors),
        "is_admin" => filter.is_admin = read(value.parse().ok(), name, "true or false.", errors),
        "has_store" => filter.has_store = read(value.parse().ok(), name, "true or false.", errors),
        "created_after" => {
            filter.created_after = read(Timestamp::parse(value), name, "A date or time.", errors)
        }
        "created_before" => {
            filter.created_before = read(Timestamp::parse(value), name, "A date or time.", errors);
        }
        _ => return false,
    }
    true
}

fn read<T>(value: Option<T>, name: &str, expected: &str, errors: &mut FieldErrors) -> Option<T> {
    if value.is_none() {
        errors.add(name, "invalid", expected);
    }
    value
}

fn push<T>(list: &mut Vec<T>, value: Option<T>, name: &str, text: &str, errors: &mut FieldErrors) {
    match value {
        Some(value) => list.push(value),
        None => errors.add(name, "unknown_value", format!("There is no {name} \"{text}\".")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_and_pages_are_read() {
        let params = parse("role=AGENCY_OWNER&status=suspended&is_admin=true&sort=-name&at=7&limit=3", true);
        let params = params.unwrap();
        assert_eq!(params.filter.roles, [Role::AgencyOwner]);
        assert_eq!((params.filter.statuses.len(), params.filter.is_admin), (1, Some(true)));
        assert_eq!((params.sort.to_string().as_str(), params.at, params.limit), ("-name", Some(7), 3));
    }

    #[test]
    fn everything_that_is_wrong_is_told() {
        let pointers = |query: &str, with_page| match parse(query, with_page) {
            Err(ApiError::Validation(errors)) => {
                errors.into_vec().into_iter().map(|error| error.pointer).collect::<Vec<_>>()
            }
            other => panic!("{other:?}"),
        };
        let wrong = "role=KING&is_admin=maybe&sort=score&limit=0&colour=red&at=1&cursor=x";
        assert_eq!(pointers(wrong, true), ["role", "is_admin", "sort", "limit", "colour", "at"]);
        assert_eq!(pointers("sort=name", false), ["sort"]);
    }
}
