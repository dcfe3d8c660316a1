//! `/api/v1/stores/{store_id}/imports`

use fanbase_domain::{
    ids::{ImportId, StoreId},
    wire::{
        imports::{ImportOptions, ImportPreviewResponse, ImportProblemResponse, ImportResponse},
        page::Page,
    },
};

use super::{ApiError, http};
use crate::state::query_string;

/// Where the imports of a store are; where one of them is.
fn address(store: StoreId, id: Option<ImportId>) -> String {
    match id {
        None => format!("/stores/{store}/imports"),
        Some(id) => format!("/stores/{store}/imports/{id}"),
    }
}

/// The imports so far, newest first.
pub(crate) async fn list_imports(
    store: StoreId,
    cursor: Option<String>,
) -> Result<Page<ImportResponse>, ApiError> {
    http::get(address(store, None) + &page_query(cursor)).await
}

/// One import.
pub(crate) async fn get_import(store: StoreId, id: ImportId) -> Result<ImportResponse, ApiError> {
    http::get(address(store, Some(id))).await
}

/// The start of its file, and what its columns are taken for.
pub(crate) async fn preview(store: StoreId, id: ImportId) -> Result<ImportPreviewResponse, ApiError> {
    http::get(address(store, Some(id)) + "/preview").await
}

/// Imports its file again, otherwise.
pub(crate) async fn again(
    store: StoreId,
    id: ImportId,
    options: &ImportOptions,
) -> Result<ImportResponse, ApiError> {
    http::post_to(format!("{}/again?{}", address(store, Some(id)), options_query(options))).await
}

/// Puts back what it changed.
pub(crate) async fn undo(store: StoreId, id: ImportId) -> Result<ImportResponse, ApiError> {
    http::post_to(address(store, Some(id)) + "/undo").await
}

/// The rows that were not imported, or not fully.
pub(crate) async fn list_problems(
    store: StoreId,
    id: ImportId,
    cursor: Option<String>,
) -> Result<Page<ImportProblemResponse>, ApiError> {
    http::get(address(store, Some(id)) + "/problems" + &page_query(cursor)).await
}

/// Where these rows can be downloaded as CSV.
pub(crate) fn problems_address(store: StoreId, id: ImportId) -> String {
    format!("{}{}/problems?format=csv", http::BASE, address(store, Some(id)))
}

/// Where it tells how far it is.
pub(crate) fn events_address(store: StoreId, id: ImportId) -> String {
    format!("{}{}/events", http::BASE, address(store, Some(id)))
}

/// Where a file is sent to see what an import of it would do.
pub(crate) fn upload_address(store: StoreId, file_name: &str) -> String {
    let query = query_string::encode([("dry_run", "true"), ("file_name", file_name)]);
    format!("{}{}?{query}", http::BASE, address(store, None))
}

/// Reads an import that came by another way than an answer.
pub(crate) fn read(body: &str) -> Result<ImportResponse, ApiError> {
    http::read(body)
}

fn page_query(cursor: Option<String>) -> String {
    cursor
        .map(|cursor| format!("?{}", query_string::encode([("cursor", cursor.as_str())])))
        .unwrap_or_default()
}

fn options_query(options: &ImportOptions) -> String {
    let delimiter = options.delimiter.map(String::from);
    // Texts have no value that could not be written.
    let mapping = serde_json::to_string(&options.mapping).unwrap_or_default();
    let mut pairs = vec![("values", options.values.as_str()), ("tags", options.tags.as_str())];
    if options.dry_run {
        pairs.push(("dry_run", "true"));
    }
    if !options.mapping.is_empty() {
        pairs.push(("mapping", &mapping));
    }
    pairs.extend(delimiter.as_deref().map(|delimiter| ("delimiter", delimiter)));
    pairs.extend(options.encoding.as_deref().map(|encoding| ("encoding", encoding)));
    pairs.extend(options.consent.map(|consent| ("consent", consent.as_str())));
    pairs.extend(options.decimal.map(|mark| ("decimal", mark.as_str())));
    pairs.extend(options.add_tags.iter().map(|tag| ("add_tag", tag.as_str())));
    query_string::encode(pairs)
}

#[cfg(test)]
mod tests {
    use fanbase_domain::{import::number::DecimalMark, wire::imports::ImportConsent};

    use super::*;

    #[test]
    fn options_are_written_as_the_server_reads_them() {
        let mut options = ImportOptions::default();
        assert_eq!(options_query(&options), "values=overwrite&tags=unite");
        options.dry_run = true;
        options.delimiter = Some(';');
        options.consent = Some(ImportConsent::Subscribed);
        options.decimal = Some(DecimalMark::Comma);
        options.mapping.insert("Mail".into(), "email".into());
        options.add_tags = vec!["a b".into(), "c".into()];
        assert_eq!(
            options_query(&options),
            "values=overwrite&tags=unite&dry_run=true&mapping=%7B%22Mail%22%3A%22email%22%7D\
             &delimiter=%3B&consent=subscribed&decimal=comma&add_tag=a%20b&add_tag=c"
        );
    }
}
