//! The embedded web app, and its content security policy.

use std::borrow::Cow;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method, StatusCode,
        header::{
            self, AcceptEncoding, ContentEncoding, Encoding, EntityTag, Header as _, IfNoneMatch, Preference,
            Quality,
        },
    },
    web::{Bytes, Data},
};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::{error::ApiError, http::route_table::Addresses};

/// The output of trunk, with compressed variants of each file: `app.js`, `app.js.gz`, `app.js.br`.
#[derive(RustEmbed)]
#[folder = "../web/dist"]
#[allow_missing = true]
struct Files;

/// Content codings by preference (smaller first), and the file extensions of the variants.
const CODINGS: [(ContentEncoding, &str); 2] =
    [(ContentEncoding::Brotli, "br"), (ContentEncoding::Gzip, "gz")];

/// Scripts and styles from this origin only; nothing from other origins except pictures of accounts.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data: https:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The page of a binary that was built without the web app.
const WITHOUT: &str = "<!doctype html><html lang=\"en\"><title>Fanbase</title><p>This binary was built without \
    the web app. Build it with <code>cargo xtask run</code>. The API is documented at \
    <a href=\"/api/docs/\">/api/docs</a>.";

/// Serves a file of the web app. All other paths get `index.html`, because the app routes on the
/// client.
///
/// # Errors
/// `ApiError::NotFound` for an unknown path of the API or an unknown file; `ApiError::MethodNotAllowed`
/// for a method that the path does not support.
pub async fn serve(request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let path = request.path().trim_start_matches('/');
    if path.starts_with("api/") || path == "api" {
        let allowed = request.app_data::<Data<Addresses>>().and_then(|known| known.allowed(request.path()));
        return Err(allowed.map_or(ApiError::NotFound("address"), ApiError::MethodNotAllowed));
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(ApiError::MethodNotAllowed("GET, HEAD".to_owned()));
    }
    if !path.is_empty()
        && let Some(file) = Files::get(path)
    {
        return Ok(respond(&request, path, file));
    }
    let last = path.rsplit('/').next().unwrap_or_default();
    if last.contains('.') {
        // A file of an earlier build must not be answered with the page.
        return Err(ApiError::NotFound("file"));
    }
    const START: &str = "index.html";
    Ok(match Files::get(START) {
        Some(file) => respond(&request, START, file),
        None => page(header::ContentType::html().to_string().as_str(), "no-cache").body(WITHOUT),
    })
}

/// Responds with the smallest variant that the browser accepts, or with 304 if its ETag matches.
fn respond(request: &HttpRequest, path: &str, plain: EmbeddedFile) -> HttpResponse {
    let mut response = page(plain.metadata.mimetype(), caching(path));
    response.insert_header((header::VARY, header::ACCEPT_ENCODING.as_str()));
    let accepted = AcceptEncoding::parse(request).ok();
    let compressed = CODINGS.into_iter().find_map(|(coding, ending)| {
        accepts(accepted.as_ref()?, coding)
            .then(|| Files::get(&format!("{path}.{ending}")))?
            .map(|file| (coding, file))
    });
    let file = match compressed {
        Some((coding, file)) => {
            response.insert_header(coding);
            file
        }
        None => plain,
    };
    let tag = EntityTag::new_strong(hex::encode(file.metadata.sha256_hash()));
    let is_there = has(request, &tag);
    response.insert_header(header::ETag(tag));
    if is_there {
        return response.status(StatusCode::NOT_MODIFIED).finish();
    }
    response.body(match file.data {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    })
}

/// Whether the browser accepts the coding (RFC 9110, 12.5.3). Its weights are ignored, because browsers
/// do not rank codings.
fn accepts(accepted: &AcceptEncoding, coding: ContentEncoding) -> bool {
    let named = |wanted: Preference<Encoding>| accepted.iter().find(|item| item.item == wanted);
    named(Preference::Specific(Encoding::Known(coding)))
        .or_else(|| named(Preference::Any))
        .is_some_and(|item| item.quality > Quality::ZERO)
}

/// Whether `If-None-Match` matches the tag.
fn has(request: &HttpRequest, tag: &EntityTag) -> bool {
    match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|other| other.weak_eq(tag)),
        Err(_) => false,
    }
}

/// Files with a hash in their name are immutable.
fn caching(path: &str) -> &'static str {
    let stem = path.rsplit('/').next().unwrap_or_default();
    let hashed = stem
        .split(['-', '_', '.'])
        // Trunk omits leading zeros.
        .any(|part| (12..=16).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_hexdigit()));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coding_is_used_if_the_browser_accepts_it() {
        let check = |header: &str, brotli: bool, gzip: bool| {
            let request =
                actix_web::test::TestRequest::default().insert_header((header::ACCEPT_ENCODING, header));
            let accepted = AcceptEncoding::parse(&request.to_http_request()).expect("it is understood");
            let found = CODINGS.map(|(coding, _)| accepts(&accepted, coding));
            assert_eq!(found, [brotli, gzip], "{header:?}");
        };
        check("gzip, deflate, br, zstd", true, true);
        check("gzip", false, true);
        check("gzip;q=0, br;q=0.1", true, false);
        check("identity", false, false);
        check("*", true, true);
        check("br;q=0, *", false, true);
        check("*;q=0", false, false);
        check("", false, false);
    }

    #[test]
    fn only_names_with_a_hash_are_kept_for_ever() {
        for (path, kept) in [
            ("fanbase-web-902e1a470eb1c56.js", true),
            ("fanbase-web-7e0b16b4d26a3a6e_bg.wasm", true),
            ("styles-4288e8d3cea03221.css", true),
            ("index.html", false),
            ("favicon.svg", false),
            ("deadbeef.js", false),
        ] {
            assert_eq!(caching(path) != "no-cache", kept, "{path}");
        }
    }
}
