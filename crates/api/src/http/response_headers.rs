//! Middleware: the headers of all responses, and HEAD for every GET route.

use actix_web::{
    Error,
    body::{self, BodySize, EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
};

use crate::app_state::State;

/// The documentation, which loads scripts from this server only.
const DOCS: &str = "/api/docs/";
const API: &str = "/api/";

/// The policy of JSON, CSV and events: nothing in them is executed or framed.
const API_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";
/// Swagger UI has inline styles; its scripts are files.
const DOCS_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// One year. Sent only where cookies are for HTTPS only, since HTTPS is certainly in use there.
const TRANSPORT_SECURITY: &str = "max-age=31536000";

/// Adds the missing headers to a response, and handles HEAD as GET without the body (RFC 9110, 9.3.2).
///
/// # Errors
/// Passes on the error of the handler.
pub async fn complete<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, body::None>>, Error> {
    let is_head = request.method() == Method::HEAD;
    if is_head {
        // The connection remembers the HEAD, and sends no body.
        request.head_mut().method = Method::GET;
    }
    let path = request.path();
    let policy = (path.starts_with(DOCS), path.starts_with(API));
    let secure = request.app_data::<State>().is_some_and(|state| state.config.secure_cookies);
    let mut response = next.call(request).await?;
    let headers = response.headers_mut();
    match policy {
        (true, _) => add(headers, header::CONTENT_SECURITY_POLICY, DOCS_POLICY),
        (false, true) => {
            add(headers, header::CONTENT_SECURITY_POLICY, API_POLICY);
            // Personal data of the signed-in user.
            add(headers, header::CACHE_CONTROL, "no-store");
        }
        (false, false) => {}
    }
    add(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    add(headers, header::REFERRER_POLICY, "same-origin");
    if secure {
        add(headers, header::STRICT_TRANSPORT_SECURITY, TRANSPORT_SECURITY);
    }
    // The body of a stream would be generated for nothing, and some streams never end.
    let is_dropped = |body: &B| is_head && body.size() == BodySize::Stream;
    Ok(response.map_body(|_, body| match is_dropped(&body) {
        true => EitherBody::right(body::None::new()),
        false => EitherBody::left(body),
    }))
}

/// Adds a header unless the handler set it.
fn add(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    if !headers.contains_key(&name) {
        headers.insert(name, HeaderValue::from_static(value));
    }
}
