//! Query strings. An unknown parameter is an error, so that a misspelt filter never widens a result.

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Query};
use fanbase_domain::field_errors::FieldErrors;
use utoipa::IntoParams;

use crate::{
    error::ApiError,
    http::authorize_first::{self, Extracting},
};

/// The parameters of a query string, in their order.
///
/// # Errors
/// [`ApiError::Malformed`] when the query string cannot be decoded.
pub fn pairs(query: &str) -> Result<Vec<(String, String)>, ApiError> {
    let pairs = Query::<Vec<(String, String)>>::from_query(query)
        .map_err(|error| ApiError::Malformed(format!("The parameters cannot be read: {error}.")))?;
    Ok(pairs.into_inner())
}

/// Adds the error of an unknown parameter.
pub fn unknown(name: &str, errors: &mut FieldErrors) {
    errors.add(name, "unknown_parameter", format!("There is no parameter \"{name}\"."));
}

/// Parses the query string once the request is authorised.
pub fn read<T: 'static>(
    request: &HttpRequest,
    parse: impl FnOnce(&str) -> Result<T, ApiError> + 'static,
) -> Extracting<T> {
    let (decided, query) = (authorize_first::decided(request), request.query_string().to_owned());
    Box::pin(async move {
        decided.await;
        parse(&query)
    })
}

/// From where a list goes on.
#[derive(Clone, Debug, Default, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CursorParams {
    /// `next_cursor` of another page.
    pub cursor: Option<String>,
}

impl FromRequest for CursorParams {
    type Error = ApiError;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        read(request, |query| {
            let (mut params, mut errors) = (Self::default(), FieldErrors::new());
            for (name, value) in pairs(query)? {
                match name.as_str() {
                    "cursor" => params.cursor = Some(value),
                    _ => unknown(&name, &mut errors),
                }
            }
            Ok(errors.into_result(params)?)
        })
    }
}
