//! The OpenAPI document, made from the handlers.

mod document;

use actix_web::App;
use fanbase_domain::{problem::Problem, role};
use utoipa::{
    Modify, OpenApi,
    openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_actix_web::AppExt as _;

use self::document::{Bodies, Defaults, Overview};
use crate::{auth::session_cookie, routes};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Fanbase",
        description = "An audience CRM that creators run themselves: everyone a store knows, once.\n\n\
            Errors are problem documents (RFC 9457) with a stable `code`. Lists are paged by opaque cursors. \
            Times are RFC 3339 in UTC, money is in minor units of the store's currency."
    ),
    components(schemas(Problem)),
    modifiers(&Security, &Overview),
    security(("api_key" = []), ("session" = []))
)]
struct Base;

struct Security;

const ROLES: &str = "\n\n## Who may do what\n\n\
    Every route of a store names what it needs under `security`: the scope of an API key, or the permission \
    of a person who is signed in. Nobody decides over members above them, only owners appoint owners, and a \
    store always keeps one.\n\n";

impl Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let description = document.info.description.get_or_insert_default();
        description.push_str(ROLES);
        description.push_str(&role::table());
        let components = document.components.get_or_insert_default();
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("An API key of one store: `fb_…`, or a session token of Clerk"))
            .build();
        components.add_security_scheme("api_key", SecurityScheme::Http(bearer));
        let cookie = ApiKey::Cookie(ApiKeyValue::new(session_cookie::COOKIE));
        components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
    }
}

/// The document.
#[must_use]
pub fn build() -> utoipa::openapi::OpenApi {
    let (_, mut document) =
        App::new().into_utoipa_app().openapi(Base::openapi()).configure(routes::all).split_for_parts();
    // Applied to the complete set of routes and schemas.
    Bodies.modify(&mut document);
    Defaults.modify(&mut document);
    document
}

/// The document as it is committed: JSON with a final line break.
#[must_use]
pub fn document() -> String {
    // The document is made of maps and texts, which cannot fail to become JSON.
    serde_json::to_string_pretty(&build()).unwrap_or_default()
}
