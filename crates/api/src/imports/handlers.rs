//! `/api/v1/stores/{store_id}/imports`

use std::io::ErrorKind;

use actix_web::{
    FromRequest, HttpRequest, HttpResponse, Responder, get, post,
    web::{Json, Path, Payload},
};
use fanbase_domain::{
    field_errors::FieldErrors,
    ids::{ImportId, StoreId},
    problem::Problem,
    wire::{
        imports::{
            ImportOptions, ImportPreviewResponse, ImportProblemResponse, ImportResponse, ImportStatus,
        },
        page::Page,
    },
};
use utoipa::{IntoParams, ToSchema};

use super::{
    encoding,
    file::FileError,
    preview, progress, queries,
    service::{self, StoredFile},
    upload,
};
use crate::{
    app_state::State,
    auth::{
        scope::{Import, Read, StoreScope},
        secret,
    },
    error::ApiError,
    http::{
        authorize_first::Extracting,
        idempotency,
        parameters::{self, CursorParams},
        problems::StoreProblems,
        sse::{self, Progress},
        stored_response::Answer,
    },
};

/// How a file is imported.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by the documentation only")]
pub struct ImportParams {
    /// Tell what would happen, without changing anything.
    dry_run: Option<bool>,
    /// `overwrite` (default): the later value wins. `fill`: only blanks are filled.
    values: Option<fanbase_domain::merge::ValuePolicy>,
    /// `unite` (default): tags are added. `replace`: the row's tags are the tags.
    tags: Option<fanbase_domain::merge::TagPolicy>,
    /// Columns mapped by hand, a JSON object: header → `email`, `first_name`, `attribute:<key>`, `ignore` …
    #[param(example = "{\"Kontakt\":\"email\"}")]
    mapping: Option<String>,
    /// Give everyone in the file this tag; several times for several.
    #[param(required = false)]
    add_tag: Vec<String>,
    /// What separates cells: one character or `tab`; recognised when absent.
    delimiter: Option<String>,
    /// The name of an encoding, such as `windows-1252`, `macintosh` or `shift_jis`; recognised when absent.
    encoding: Option<String>,
    /// Whether new people agreed to be mailed, where the file does not say. Without an answer they are
    /// `unconfirmed`.
    consent: Option<fanbase_domain::wire::imports::ImportConsent>,
    /// The decimal mark of numbers: `point` or `comma`; recognised column by column when absent.
    decimal: Option<fanbase_domain::import::number::DecimalMark>,
    /// The name of the file, for a body that has none.
    file_name: Option<String>,
}

/// A contact file.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "read by the documentation only")]
pub struct ImportForm {
    /// The file.
    #[schema(format = Binary, content_media_type = "text/csv")]
    file: String,
}

fn import_id(text: &str) -> Result<ImportId, ApiError> {
    text.parse().map_err(|_| ApiError::NotFound("import"))
}

/// Import a contact file
///
/// Takes the file and answers at once; the import goes on by itself, also over a restart.
/// Follow it at `Location` or by its events.
#[utoipa::path(
    security(("api_key" = ["imports:write"]), ("session" = ["import"])),
    tag = "imports",
    params(
        ("store_id" = Uuid, Path, description = "The store"),
        ImportParams,
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer, for 24 hours"),
    ),
    request_body(content(
        (ImportForm = "multipart/form-data"),
        (String = "text/csv", example = "Email,First Name\nava@example.com,Ava\n"),
    )),
    responses(
        (status = 202, description = "The import is queued.", body = ImportResponse),
        (status = 413, description = "The file is larger than the limit.", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not a contact file.", body = Problem, content_type = "application/problem+json"),
        StoreProblems,
    )
)]
#[post("/api/v1/stores/{store_id}/imports")]
pub(crate) async fn create_import(
    state: State,
    scope: StoreScope<Import>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    let (options, name): (ImportOptions, _) = upload::options(request.query_string())?;
    let (id, path) = service::new_file(&state.config.data_dir).await?;
    let received = upload::receive(&request, payload, &path, state.config.import_max_bytes).await?;
    let name = name.unwrap_or(received.file_name);
    let outcome = match StoredFile::complete((id, path.clone()), &name).await {
        Ok(file) => enqueue(&state, scope.id(), &request, &received.hash, file, options).await,
        Err(error) => Err(error),
    };
    if outcome.as_ref().map_or(true, idempotency::is_replayed) {
        upload::discard(path).await;
    }
    outcome
}

/// Preview a contact file
///
/// The start of the file of an import that waits, of a dry run, or of one that was refused: its
/// columns, what each is taken for, and its first rows. The file is kept for a day.
#[utoipa::path(
    security(("api_key" = ["fans:read"]), ("session" = ["read"])),
    tag = "imports",
    params(("store_id" = Uuid, Path, description = "The store"), ("import_id" = Uuid, Path, description = "The import")),
    responses(
        (status = 200, description = "The start of the file.", body = ImportPreviewResponse),
        (status = 409, description = "The file is not kept any more.", body = Problem, content_type = "application/problem+json"),
        StoreProblems,
    )
)]
#[get("/api/v1/stores/{store_id}/imports/{import_id}/preview")]
pub(crate) async fn preview_import(
    state: State,
    scope: StoreScope<Read>,
    path: Path<(String, String)>,
) -> Result<Json<ImportPreviewResponse>, ApiError> {
    let import = progress::find(state.db.read(), scope.id(), import_id(&path.1)?).await?;
    if !service::needs_file(&import) {
        return Err(service::gone());
    }
    let (path, options, shape) = (
        encoding::original(&service::folder(&state.config.data_dir).join(&import.file_path)),
        import.options,
        import.shape,
    );
    match tokio::task::spawn_blocking(move || preview::read(&path, &options, shape.as_ref())).await {
        Ok(Ok(preview)) => Ok(Json(preview)),
        Ok(Err(FileError::Io(error))) if error.kind() == ErrorKind::NotFound => Err(service::gone()),
        Ok(Err(FileError::Io(error))) => Err(error.into()),
        Ok(Err(error)) => Err(ApiError::InvalidFile(error.to_string())),
        Err(error) => Err(ApiError::Internal(error.to_string())),
    }
}

/// Import a file again
///
/// Imports the file of a dry run, or of an import that was refused, without sending it again: for
/// good, or as another dry run with other columns. Takes the parameters of an import.
#[utoipa::path(
    security(("api_key" = ["imports:write"]), ("session" = ["import"])),
    tag = "imports",
    params(
        ("store_id" = Uuid, Path, description = "The store"),
        ("import_id" = Uuid, Path, description = "The import whose file is taken"),
        ImportParams,
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer, for 24 hours"),
    ),
    responses(
        (status = 202, description = "The new import is queued.", body = ImportResponse),
        (status = 409, description = "The file is not kept any more.", body = Problem, content_type = "application/problem+json"),
        StoreProblems,
    )
)]
#[post("/api/v1/stores/{store_id}/imports/{import_id}/again")]
pub(crate) async fn import_again(
    state: State,
    scope: StoreScope<Import>,
    path: Path<(String, String)>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let (options, name) = upload::options(request.query_string())?;
    let import = progress::find(state.db.read(), scope.id(), import_id(&path.1)?).await?;
    let name = name.as_deref().unwrap_or(&import.file_name);
    let file = service::share_file(&state.config.data_dir, &import, name).await?;
    let kept = file.path().to_owned();
    let hash = secret::hash(&format!("{} {}", path.1, request.query_string()));
    let outcome = enqueue(&state, scope.id(), &request, &hash, file, options).await;
    if outcome.as_ref().map_or(true, idempotency::is_replayed) {
        upload::discard(kept).await;
    }
    outcome
}

/// Queues the import of a file, once per idempotency key, and wakes the worker.
async fn enqueue(
    state: &State,
    store_id: StoreId,
    request: &HttpRequest,
    body_hash: &[u8],
    file: StoredFile,
    options: ImportOptions,
) -> Result<HttpResponse, ApiError> {
    let answer = idempotency::once(state, store_id, request, body_hash, |tx| {
        let (file, options) = (file.clone(), options.clone());
        Box::pin(async move {
            let location = format!("/api/v1/stores/{store_id}/imports/{}", file.id());
            let import = service::enqueue(tx, store_id, file, &options).await?;
            Ok(Answer::accepted(&ImportResponse::from(import))?.at(location))
        })
    })
    .await?;
    state.imports.notify_one();
    Ok(answer)
}

/// List imports
///
/// Newest first, 50 a page.
#[utoipa::path(
    security(("api_key" = ["fans:read"]), ("session" = ["read"])),
    tag = "imports", params(("store_id" = Uuid, Path, description = "The store"), CursorParams),
    responses((status = 200, description = "A page of imports.", body = Page<ImportResponse>), StoreProblems)
)]
#[get("/api/v1/stores/{store_id}/imports")]
pub(crate) async fn list_imports(
    state: State,
    scope: StoreScope<Read>,
    params: CursorParams,
) -> Result<Json<Page<ImportResponse>>, ApiError> {
    Ok(Json(queries::list(state.db.read(), scope.id(), params.cursor.as_deref()).await?))
}

/// Get an import
///
/// How far it is, and what became of its rows.
#[utoipa::path(
    security(("api_key" = ["fans:read"]), ("session" = ["read"])),
    tag = "imports",
    params(("store_id" = Uuid, Path, description = "The store"), ("import_id" = Uuid, Path, description = "The import")),
    responses((status = 200, description = "The import.", body = ImportResponse), StoreProblems)
)]
#[get("/api/v1/stores/{store_id}/imports/{import_id}")]
pub(crate) async fn get_import(
    state: State,
    scope: StoreScope<Read>,
    path: Path<(String, String)>,
) -> Result<Json<ImportResponse>, ApiError> {
    Ok(Json(progress::find(state.db.read(), scope.id(), import_id(&path.1)?).await?.into()))
}

/// Follow an import
///
/// Server-sent events named `progress`, each with the import as its data; the stream ends with the import.
#[utoipa::path(
    security(("api_key" = ["fans:read"]), ("session" = ["read"])),
    tag = "imports",
    params(("store_id" = Uuid, Path, description = "The store"), ("import_id" = Uuid, Path, description = "The import")),
    responses(
        (status = 200, description = "The events.", body = String, content_type = "text/event-stream"),
        StoreProblems,
    )
)]
#[get("/api/v1/stores/{store_id}/imports/{import_id}/events")]
pub(crate) async fn follow_import(
    state: State,
    scope: StoreScope<Read>,
    path: Path<(String, String)>,
) -> Result<impl Responder, ApiError> {
    let (store_id, id) = (scope.id(), import_id(&path.1)?);
    let look = move |state: State| async move {
        Ok(ImportResponse::from(progress::find(state.db.read(), store_id, id).await?))
    };
    sse::follow(state, store_id, look).await
}

impl Progress for ImportResponse {
    fn is_final(&self) -> bool {
        self.status.is_final()
    }
}

/// Which part of the problem rows, and as what.
#[derive(Clone, Debug, Default, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ProblemParams {
    /// `next_cursor` of another page.
    cursor: Option<String>,
    /// `json`, or `csv` for all problems as a file.
    format: Option<String>,
}

impl FromRequest for ProblemParams {
    type Error = ApiError;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut actix_web::dev::Payload) -> Self::Future {
        parameters::read(request, |query| {
            let (mut params, mut errors) = (Self::default(), FieldErrors::new());
            for (name, value) in parameters::pairs(query)? {
                match name.as_str() {
                    "cursor" => params.cursor = Some(value),
                    "format" if ["json", "csv"].contains(&value.as_str()) => params.format = Some(value),
                    "format" => errors.add(name, "unknown_value", "One of json, csv."),
                    _ => parameters::unknown(&name, &mut errors),
                }
            }
            Ok(errors.into_result(params)?)
        })
    }
}

/// List the problem rows of an import
///
/// By line, 200 a page, or all of them as CSV with `format=csv`.
#[utoipa::path(
    security(("api_key" = ["fans:read"]), ("session" = ["read"])),
    tag = "imports",
    params(
        ("store_id" = Uuid, Path, description = "The store"),
        ("import_id" = Uuid, Path, description = "The import"),
        ProblemParams,
    ),
    responses(
        (status = 200, description = "The rows.", content(
            (Page<ImportProblemResponse> = "application/json"), (String = "text/csv"),
        )),
        StoreProblems,
    )
)]
#[get("/api/v1/stores/{store_id}/imports/{import_id}/problems")]
pub(crate) async fn list_import_problems(
    state: State,
    scope: StoreScope<Read>,
    path: Path<(String, String)>,
    params: ProblemParams,
) -> Result<HttpResponse, ApiError> {
    let import = progress::find(state.db.read(), scope.id(), import_id(&path.1)?).await?;
    if params.format.as_deref() == Some("csv") {
        return Ok(HttpResponse::Ok()
            .content_type("text/csv; charset=utf-8")
            .insert_header(("content-disposition", "attachment; filename=\"import-problems.csv\""))
            .streaming(queries::problems_csv(state.db.clone(), import)));
    }
    Ok(HttpResponse::Ok().json(queries::problems(state.db.read(), &import, params.cursor.as_deref()).await?))
}

/// Undo an import
///
/// Puts back exactly what it changed, leaves what was edited since, and says what it left.
#[utoipa::path(
    security(("api_key" = ["imports:write"]), ("session" = ["import"])),
    tag = "imports",
    params(("store_id" = Uuid, Path, description = "The store"), ("import_id" = Uuid, Path, description = "The import")),
    responses(
        (status = 202, description = "It is being undone.", body = ImportResponse),
        (status = 409, description = "It is not completed, or was a dry run.", body = Problem, content_type = "application/problem+json"),
        StoreProblems,
    )
)]
#[post("/api/v1/stores/{store_id}/imports/{import_id}/undo")]
pub(crate) async fn undo_import(
    state: State,
    scope: StoreScope<Import>,
    path: Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    let import = service::request_undo(&state.db, scope.id(), import_id(&path.1)?).await?;
    if import.status == ImportStatus::Undoing {
        state.imports.notify_one();
    }
    Ok(HttpResponse::Accepted().json(ImportResponse::from(import)))
}
