//! Receives a contact file: streamed to disk, never held in memory.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use actix_multipart::Multipart;
use actix_web::{
    HttpRequest,
    http::header,
    web::{Bytes, Payload},
};
use fanbase_domain::{
    field_errors::FieldErrors,
    import::number::DecimalMark,
    merge::{TagPolicy, ValuePolicy},
    wire::imports::{ImportConsent, ImportOptions},
};
use futures_util::{Stream, StreamExt as _};
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncWriteExt as _;

use crate::{error::ApiError, http::parameters};

/// Timeout of a stalled upload.
const STALL_LIMIT: Duration = Duration::from_secs(60);

/// A file that is complete on disk.
#[derive(Debug)]
pub struct Upload {
    /// The file name sent by the client.
    pub file_name: String,
    /// SHA-256 of its bytes.
    pub hash: Vec<u8>,
}

/// Parses the options in the query string.
///
/// # Errors
/// All invalid parameters.
pub fn options(query: &str) -> Result<(ImportOptions, Option<String>), ApiError> {
    let mut options = ImportOptions::default();
    let mut errors = FieldErrors::new();
    let mut file_name = None;
    for (name, value) in parameters::pairs(query)? {
        match name.as_str() {
            "dry_run" => match value.parse() {
                Ok(dry_run) => options.dry_run = dry_run,
                Err(_) => errors.add(name, "invalid", "Expected true or false."),
            },
            "values" => match ValuePolicy::parse(&value) {
                Some(policy) => options.values = policy,
                None => errors.add(name, "unknown_value", "One of overwrite, fill."),
            },
            "tags" => match TagPolicy::parse(&value) {
                Some(policy) => options.tags = policy,
                None => errors.add(name, "unknown_value", "One of unite, replace."),
            },
            "mapping" => match serde_json::from_str(&value) {
                Ok(mapping) => options.mapping = mapping,
                Err(_) => errors.add(name, "invalid", "Expected a JSON object of headers and fields."),
            },
            "add_tag" => options.add_tags.push(value),
            "delimiter" => match (value.as_str(), value.chars().next()) {
                ("tab" | "\\t", _) => options.delimiter = Some('\t'),
                (text, Some(delimiter)) if text.chars().count() == 1 => options.delimiter = Some(delimiter),
                _ => errors.add(name, "invalid", "Expected one character, or tab."),
            },
            "encoding" => options.encoding = Some(value),
            "consent" => match ImportConsent::parse(&value) {
                Some(consent) => options.consent = Some(consent),
                None => errors.add(name, "unknown_value", "One of subscribed, unconfirmed."),
            },
            "decimal" => match DecimalMark::parse(&value) {
                Some(mark) => options.decimal = Some(mark),
                None => errors.add(name, "unknown_value", "One of point, comma."),
            },
            "file_name" => file_name = Some(value),
            _ => parameters::unknown(&name, &mut errors),
        }
    }
    if let Err(more) = super::service::check(&options) {
        for error in more.into_vec() {
            errors.add(error.pointer, &error.code, error.message);
        }
    }
    Ok(errors.into_result((options, file_name))?)
}

/// Streams the body of a request to `path`: a `text/csv` body, or the `file` of a form.
///
/// # Errors
/// `ApiError::UnsupportedMediaType`, `ApiError::TooLarge` beyond `limit`, `ApiError::RequestTimeout` when the
/// upload stalls, `ApiError::Malformed` when it ends early, or `ApiError::Validation` when the form has no
/// file. The partial file is deleted.
pub async fn receive(
    request: &HttpRequest,
    payload: Payload,
    path: &Path,
    limit: u64,
) -> Result<Upload, ApiError> {
    let outcome = receive_into(request, payload, path, limit).await;
    if outcome.is_err() {
        // It may not exist.
        let _ = tokio::fs::remove_file(path).await;
    }
    outcome
}

async fn receive_into(
    request: &HttpRequest,
    payload: Payload,
    path: &Path,
    limit: u64,
) -> Result<Upload, ApiError> {
    let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    match essence.to_ascii_lowercase().as_str() {
        "text/csv"
        | "text/plain"
        | "application/csv"
        | "application/vnd.ms-excel"
        | "application/octet-stream" => {
            let hash = write(payload, path, limit).await?;
            Ok(Upload { file_name: "contacts.csv".to_owned(), hash })
        }
        "multipart/form-data" => {
            let mut form = Multipart::new(request.headers(), payload);
            loop {
                let field = tokio::time::timeout(STALL_LIMIT, form.next()).await;
                let Some(field) = field.map_err(|_| ApiError::RequestTimeout)? else { break };
                let field =
                    field.map_err(|error| ApiError::Malformed(format!("The form is broken: {error}.")))?;
                if field.name() == Some("file") {
                    let name = field.content_disposition().and_then(|value| value.get_filename());
                    let file_name = name.unwrap_or("contacts.csv").to_owned();
                    let hash = write(field, path, limit).await?;
                    return Ok(Upload { file_name, hash });
                }
            }
            Err(ApiError::parameter("/file", "required", "The form has no field \"file\"."))
        }
        _ => Err(ApiError::UnsupportedMediaType(
            "Send the file as the body with Content-Type: text/csv, or as the field \"file\" of a form.",
        )),
    }
}

async fn write<E: std::fmt::Display>(
    mut chunks: impl Stream<Item = Result<Bytes, E>> + Unpin,
    path: &Path,
    limit: u64,
) -> Result<Vec<u8>, ApiError> {
    let mut file = tokio::io::BufWriter::with_capacity(1 << 18, tokio::fs::File::create(path).await?);
    let (mut hash, mut size) = (Sha256::new(), 0_u64);
    loop {
        let chunk = tokio::time::timeout(STALL_LIMIT, chunks.next()).await;
        let Some(chunk) = chunk.map_err(|_| ApiError::RequestTimeout)? else { break };
        let chunk = chunk.map_err(|error| ApiError::Malformed(format!("The upload broke off: {error}.")))?;
        size += chunk.len() as u64;
        if size > limit {
            return Err(ApiError::TooLarge(limit));
        }
        hash.update(&chunk);
        file.write_all(&chunk).await?;
    }
    file.flush().await?;
    Ok(hash.finalize().to_vec())
}

/// Deletes a file that is not needed.
pub async fn discard(path: PathBuf) {
    // A leftover file only takes space.
    let _ = tokio::fs::remove_file(path).await;
}
