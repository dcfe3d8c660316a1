//! SQL of imports and their problems.

use std::pin::Pin;

use actix_web::web::Bytes;
use fanbase_domain::{
    ids::StoreId,
    import::safe_cell,
    wire::{
        imports::{ImportProblemResponse, ImportResponse, Severity},
        page::Page,
    },
};
use futures_util::{Stream, StreamExt as _, stream};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::progress::Import;
use crate::{
    db::{
        Db,
        column::known,
        entities::{import_problems, imports},
        sql::Sql,
    },
    error::ApiError,
};

/// Imports on a page.
const PAGE: usize = 50;
/// Problems on a page.
const PROBLEMS: usize = 200;

/// A page of a store's imports, newest first: ids are UUIDv7 and sort by time.
///
/// # Errors
/// `ApiError::InvalidCursor` when the cursor is malformed; otherwise when the database fails.
pub async fn list(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    cursor: Option<&str>,
) -> Result<Page<ImportResponse>, ApiError> {
    let mut sql = Sql::new("SELECT * FROM imports WHERE store_id = ");
    sql.bind(store_id.uuid());
    if let Some(cursor) = cursor {
        sql.push(" AND id < ").bind(Uuid::parse_str(cursor).map_err(|_| ApiError::InvalidCursor)?);
    }
    sql.push(&format!(" ORDER BY id DESC LIMIT {}", PAGE + 1));
    let mut models: Vec<imports::Model> = sql.models(db).await?;
    let more = models.len() > PAGE;
    models.truncate(PAGE);
    let next_cursor = models.last().filter(|_| more).map(|last| last.id.to_string());
    let imports = models.into_iter().map(Import::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(Page {
        items: imports.into_iter().map(ImportResponse::from).collect(),
        next_cursor,
        prev_cursor: None,
    })
}

/// A page of the problems of an import, in file order.
///
/// # Errors
/// `ApiError::InvalidCursor` when the cursor is malformed; otherwise when the database fails.
pub async fn problems(
    db: &impl ConnectionTrait,
    import: &Import,
    cursor: Option<&str>,
) -> Result<Page<ImportProblemResponse>, ApiError> {
    let after = match cursor {
        None => -1,
        Some(cursor) => cursor.parse::<i64>().map_err(|_| ApiError::InvalidCursor)?,
    };
    let mut sql = Sql::new("SELECT * FROM import_problems WHERE store_id = ");
    sql.bind(import.store_id.uuid()).push(" AND import_id = ").bind(import.id.uuid());
    sql.push(" AND seq > ").bind(after).push(&format!(" ORDER BY seq LIMIT {}", PROBLEMS + 1));
    let mut models: Vec<import_problems::Model> = sql.models(db).await?;
    let more = models.len() > PROBLEMS;
    models.truncate(PROBLEMS);
    let next_cursor = models.last().filter(|_| more).map(|last| last.seq.to_string());
    let mut items = Vec::with_capacity(models.len());
    for model in models {
        items.push(ImportProblemResponse {
            line: u64::try_from(model.line).unwrap_or(0),
            email: model.email,
            severity: known(Severity::parse(&model.severity), "severity")?,
            code: model.code,
            reason: model.reason,
        });
    }
    Ok(Page { items, next_cursor, prev_cursor: None })
}

/// All problems of an import as CSV.
pub fn problems_csv(db: Db, import: Import) -> Pin<Box<dyn Stream<Item = Result<Bytes, ApiError>> + Send>> {
    let header = Bytes::from_static(b"line,email,severity,code,reason\r\n");
    let pages = stream::try_unfold(
        (db, import, Some(None)),
        |(db, import, at): (_, _, Option<Option<String>>)| async move {
            let Some(cursor) = at else { return Ok(None) };
            let page = problems(db.read(), &import, cursor.as_deref()).await?;
            let mut writer =
                csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
            for problem in &page.items {
                let cells = [
                    problem.line.to_string(),
                    safe_cell::escape(&problem.email).into_owned(),
                    problem.severity.to_string(),
                    problem.code.clone(),
                    safe_cell::escape(&problem.reason).into_owned(),
                ];
                writer.write_record(cells).map_err(|error| ApiError::Internal(error.to_string()))?;
            }
            let bytes = writer.into_inner().map_err(|error| ApiError::Internal(error.to_string()))?;
            Ok(Some((Bytes::from(bytes), (db, import, page.next_cursor.map(Some)))))
        },
    );
    Box::pin(stream::once(async { Ok(header) }).chain(pages))
}
