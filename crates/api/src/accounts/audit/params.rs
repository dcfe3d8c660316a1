//! Filter parameters of the audit log.

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use fanbase_domain::{field_errors::FieldErrors, time::Timestamp, wire::audit::AuditAction};
use utoipa::IntoParams;
use uuid::Uuid;

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

/// A filter of the audit log.
#[derive(Clone, Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditParams {
    /// Any of these actions; can be repeated.
    #[param(value_type = Option<Vec<AuditAction>>, style = Form, explode, example = json!(["customer.deleted"]))]
    pub action: Vec<AuditAction>,
    /// Done by this account or key.
    pub actor_id: Option<Uuid>,
    /// Done to this customer, tag, member, …
    pub subject_id: Option<Uuid>,
    /// Done in this store; only for the log of the platform.
    pub store_id: Option<Uuid>,
    /// Done at or after.
    #[param(value_type = Option<String>, example = "2026-11-01")]
    pub after: Option<Timestamp>,
    /// Done before.
    #[param(value_type = Option<String>, example = "2026-12-01")]
    pub before: Option<Timestamp>,
    /// `next_cursor` of another page.
    #[param(value_type = Option<String>)]
    pub cursor: Option<Uuid>,
    /// How many, 50 by default, at most 200.
    #[param(value_type = Option<u64>)]
    pub limit: u64,
}

impl FromRequest for AuditParams {
    type Error = ApiError;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        parameters::read(request, parse)
    }
}

fn parse(query: &str) -> Result<AuditParams, ApiError> {
    let mut params = AuditParams {
        action: Vec::new(),
        actor_id: None,
        subject_id: None,
        store_id: None,
        after: None,
        before: None,
        cursor: None,
        limit: LIMIT,
    };
    let mut errors = FieldErrors::new();
    for (name, value) in pairs(query)? {
        let mut id = |field: &mut Option<Uuid>| match value.parse() {
            Ok(id) => *field = Some(id),
            Err(_) => errors.add(name.clone(), "invalid", "This is no id."),
        };
        match name.as_str() {
            "action" => match AuditAction::parse(&value) {
                Some(action) => params.action.push(action),
                None => errors.add(name, "unknown_value", format!("There is no action \"{value}\".")),
            },
            "actor_id" => id(&mut params.actor_id),
            "subject_id" => id(&mut params.subject_id),
            "store_id" => id(&mut params.store_id),
            "cursor" => params.cursor = Some(value.parse().map_err(|_| ApiError::InvalidCursor)?),
            "after" | "before" => match Timestamp::parse(&value) {
                Some(at) if name == "after" => params.after = Some(at),
                Some(at) => params.before = Some(at),
                None => errors.add(name, "invalid", "A date such as 2026-11-01, or an RFC 3339 time."),
            },
            "limit" => match value.parse() {
                Ok(limit) if (1..=MAX_LIMIT).contains(&limit) => params.limit = limit,
                _ => errors.add(name, "invalid", "A number from 1 to 200."),
            },
            _ => unknown(&name, &mut errors),
        }
    }
    Ok(errors.into_result(params)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_read() {
        let params = parse("action=tag.merged&action=tag.deleted&after=2026-01-02&limit=7").unwrap();
        assert_eq!(params.action, [AuditAction::TagMerged, AuditAction::TagDeleted]);
        assert_eq!((params.after, params.limit), (Timestamp::parse("2026-01-02"), 7));
    }

    #[test]
    fn everything_that_is_wrong_is_told() {
        let Err(ApiError::Validation(errors)) = parse("action=x&actor_id=y&after=z&limit=0&colour=red")
        else {
            panic!("it was taken")
        };
        let pointers: Vec<String> = errors.into_vec().into_iter().map(|error| error.pointer).collect();
        assert_eq!(pointers, ["action", "actor_id", "after", "limit", "colour"]);
    }
}
