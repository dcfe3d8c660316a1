//! The web app, inside the binary, and what browsers may do with it.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{Method, header},
    web::Data,
};
use rust_embed::RustEmbed;

use crate::{error::ApiError, http::addresses::Addresses};

/// What trunk built.
#[derive(RustEmbed)]
#[folder = "../web/dist"]
#[allow_missing = true]
struct Files;

/// Scripts only from here, styles only from here, nothing from anywhere else but pictures
/// of accounts.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data: https:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Shown when the binary was built without the web app.
const WITHOUT: &str = "<!doctype html><html lang=\"en\"><title>Fanbase</title><p>This binary was built without \
    the web app. Build it with <code>cargo xtask run</code>. The API is documented at \
    <a href=\"/api/docs/\">/api/docs</a>.";

/// Serves a file of the web app; every other page is the app itself, which knows its routes.
///
/// # Errors
/// When there is no such file or method.
pub async fn serve(request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let path = request.path().trim_start_matches('/');
    if path.starts_with("api/") || path == "api" {
        let known = request.app_data::<Data<Addresses>>().is_some_and(|known| known.has(request.path()));
        return Err(if known { ApiError::MethodNotAllowed } else { ApiError::NotFound("address") });
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(ApiError::MethodNotAllowed);
    }
    if let Some(file) = Files::get(path).filter(|_| !path.is_empty()) {
        return Ok(respond(&file, caching(path)));
    }
    let last = path.rsplit('/').next().unwrap_or_default();
    if last.contains('.') {
        // An old name of a file must not be answered with a page.
        return Err(ApiError::NotFound("file"));
    }
    Ok(match Files::get("index.html") {
        Some(file) => respond(&file, "no-cache"),
        None => page(header::ContentType::html().to_string().as_str(), "no-cache").body(WITHOUT),
    })
}

fn respond(file: &rust_embed::EmbeddedFile, caching: &str) -> HttpResponse {
    page(file.metadata.mimetype(), caching).body(file.data.to_vec())
}

/// Names with a hash never change what they name.
fn caching(path: &str) -> &'static str {
    let stem = path.rsplit('/').next().unwrap_or_default();
    let hashed = stem
        .split(['-', '_', '.'])
        .any(|part| part.len() >= 16 && part.bytes().all(|b| b.is_ascii_hexdigit()));
    if hashed { "public, max-age=31536000, immutable" } else { "no-cache" }
}

fn page(content_type: &str, caching: &str) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response
        .content_type(content_type)
        .insert_header((header::CACHE_CONTROL, caching))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::REFERRER_POLICY, "same-origin"));
    response
}
