//! Answers that are kept as long as nothing is committed: whoever asks for the same again is told the same.
//! See ADR 14.

use std::future::Future;

use actix_web::{HttpRequest, HttpResponse, http::header::ContentType, web::Bytes};
use fanbase_domain::{ids::StoreId, role::Role};
use serde::Serialize;

use super::state::AppState;
use crate::{auth::scope::StoreScope, db::memory::Memory, error::ApiError};

/// How many answers are kept.
const ANSWERS: usize = 200;
/// The largest answer that is kept, in bytes.
const LARGEST: usize = 128 * 1024;

/// What an answer depends on beside the database: not on the time, nor on the person but for the role.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Asked {
    store_id: StoreId,
    role: Option<Role>,
    address: String,
}

/// The answers that are kept.
#[derive(Debug)]
pub struct Answers(Memory<Asked, Bytes>);

impl Default for Answers {
    fn default() -> Self {
        Self(Memory::new(ANSWERS))
    }
}

/// Answers with what `read` reads, or with what it read before if nothing was committed since.
///
/// # Errors
/// Returns the error of `read`, which is not kept.
pub async fn json<T: Serialize, P>(
    state: &AppState,
    scope: &StoreScope<P>,
    request: &HttpRequest,
    read: impl Future<Output = Result<T, ApiError>>,
) -> Result<HttpResponse, ApiError> {
    let asked = Asked { store_id: scope.id(), role: scope.role, address: request.uri().to_string() };
    let body = match state.answers.0.get(&scope.version, &asked) {
        Some(body) => body,
        None => {
            let body = Bytes::from(serde_json::to_vec(&read.await?)?);
            if body.len() <= LARGEST {
                state.answers.0.put(&scope.version, asked, body.clone());
            }
            body
        }
    };
    Ok(HttpResponse::Ok().content_type(ContentType::json()).body(body))
}
