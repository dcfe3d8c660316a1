//! The session cookie.

use crate::app_state::{AppState, State};
use actix_web::{
    HttpRequest,
    cookie::{Cookie, SameSite, time::Duration},
};

/// The name of the cookie where it may be sent without TLS.
pub const COOKIE: &str = "fanbase_session";

/// Its name where cookies are for HTTPS only: browsers then accept it from no other host of the domain, and
/// for no other path (RFC 6265bis, 4.1.3.2).
const HOST_COOKIE: &str = "__Host-fanbase_session";

/// The token in the session cookie of a request.
#[must_use]
pub fn token(request: &HttpRequest) -> Option<String> {
    let secure = request.app_data::<State>().is_some_and(|state| state.config.secure_cookies);
    request.cookie(name(secure)).map(|cookie| cookie.value().to_owned())
}

fn name(secure: bool) -> &'static str {
    if secure { HOST_COOKIE } else { COOKIE }
}

/// The session cookie with a token.
#[must_use]
pub fn cookie(state: &AppState, token: String) -> Cookie<'static> {
    Cookie::build(name(state.config.secure_cookies), token)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(state.config.secure_cookies)
        .max_age(Duration::days(i64::from(state.config.session_days)))
        .finish()
}
