//! `/api/v1/stores/{store_id}/customers/{customer_id}/notes`

use actix_web::{
    HttpRequest, HttpResponse, delete, get, post,
    web::{Json, Path},
};
use fanbase_domain::{
    ids::{CustomerId, NoteId, StoreId, UserId},
    time::Timestamp,
    wire::{
        activities::ActivityKind,
        audit::AuditAction,
        notes::{NoteRequest, NoteResponse, NoteText},
    },
};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, EntityTrait as _,
    QueryFilter as _, QueryOrder as _,
};
use serde_json::json;
use uuid::Uuid;

use super::markdown;
use crate::{
    app_state::State,
    audience::{
        customers::{self, handlers::customer_id},
        timeline,
    },
    auth::scope::{Read, StoreScope, Write},
    clock,
    db::{
        Db,
        audit_log::Entry,
        entities::notes::{ActiveModel, Column, Entity, Model},
        transaction,
    },
    error::ApiError,
    http::{body::JsonBody, idempotency, problems::StoreProblems, stored_response::Answer},
    request_context::Actor,
};

/// List notes
///
/// Of one customer, newest first.
#[utoipa::path(
    security(("api_key" = ["fans:read"]), ("session" = ["read"])),
    tag = "notes",
    params(("store_id" = Uuid, Path, description = "The store"), ("customer_id" = Uuid, Path, description = "The customer")),
    responses((status = 200, description = "The notes.", body = Vec<NoteResponse>), StoreProblems)
)]
#[get("/api/v1/stores/{store_id}/customers/{customer_id}/notes")]
pub(crate) async fn list_notes(
    state: State,
    scope: StoreScope<Read>,
    path: Path<(String, String)>,
) -> Result<Json<Vec<NoteResponse>>, ApiError> {
    let id = customer_id(&path.1)?;
    customers::service::find(state.db.read(), scope.id(), id).await?;
    let notes = Entity::in_store(scope.id()).filter(Column::CustomerId.eq(id.uuid()));
    let notes = notes.order_by_desc(Column::Id).all(state.db.read()).await?;
    Ok(Json(notes.into_iter().map(response).collect()))
}

/// Write a note
///
/// In Markdown.
#[utoipa::path(
    security(("api_key" = ["fans:write"]), ("session" = ["edit"])),
    tag = "notes",
    params(("store_id" = Uuid, Path, description = "The store"), ("customer_id" = Uuid, Path, description = "The customer"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer, for 24 hours"),
    ),
    request_body = NoteRequest,
    responses((status = 201, description = "The note.", body = NoteResponse), StoreProblems)
)]
#[post("/api/v1/stores/{store_id}/customers/{customer_id}/notes")]
pub(crate) async fn create_note(
    state: State,
    scope: StoreScope<Write>,
    path: Path<(String, String)>,
    request: HttpRequest,
    body: JsonBody<NoteRequest>,
) -> Result<HttpResponse, ApiError> {
    let id = customer_id(&path.1)?;
    let text = NoteText::try_from(body.value)?;
    let (store_id, actor) = (scope.id(), scope.actor);
    idempotency::once(&state, store_id, &request, &body.hash, |tx| {
        let text = text.clone();
        Box::pin(async move { Answer::created(&create(tx, store_id, id, text, actor).await?) })
    })
    .await
}

async fn create(
    tx: &DatabaseTransaction,
    store_id: StoreId,
    customer: CustomerId,
    text: NoteText,
    actor: Actor,
) -> Result<NoteResponse, ApiError> {
    let now = clock::now();
    customers::service::find(tx, store_id, customer).await?;
    let note = ActiveModel {
        store_id: Set(store_id.uuid()),
        customer_id: Set(customer.uuid()),
        id: Set(Uuid::now_v7()),
        text: Set(text.0),
        author_id: Set(actor.user_id().map(UserId::uuid)),
        created_at: Set(now.millis()),
    };
    let note = note.insert(tx).await?;
    timeline::queries::record(tx, store_id, customer.uuid(), ActivityKind::NoteAdded, None, now).await?;
    let note = response(note);
    let entry = Entry::of_store(store_id, AuditAction::NoteCreated).to(customer.uuid());
    entry.after(&said(&note))?.record(tx).await?;
    Ok(note)
}

/// Delete a note
///
/// Removes it for good; the timeline keeps that there was one.
#[utoipa::path(
    security(("api_key" = ["fans:write"]), ("session" = ["edit"])),
    tag = "notes",
    params(
        ("store_id" = Uuid, Path, description = "The store"),
        ("customer_id" = Uuid, Path, description = "The customer"),
        ("note_id" = Uuid, Path, description = "The note"),
    ),
    responses((status = 204, description = "Deleted."), StoreProblems)
)]
#[delete("/api/v1/stores/{store_id}/customers/{customer_id}/notes/{note_id}")]
pub(crate) async fn delete_note(
    state: State,
    scope: StoreScope<Write>,
    path: Path<(String, String, String)>,
) -> Result<HttpResponse, ApiError> {
    let note = path.2.parse().map_err(|_| ApiError::NotFound("note"))?;
    delete(&state.db, scope.id(), customer_id(&path.1)?, note).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn delete(db: &Db, store_id: StoreId, customer: CustomerId, note: NoteId) -> Result<(), ApiError> {
    transaction::write(db, |tx| {
        Box::pin(async move {
            let key = (store_id.uuid(), customer.uuid(), note.uuid());
            let found = Entity::find_by_id(key).one(tx).await?.ok_or(ApiError::NotFound("note"))?;
            Entity::delete_by_id(key).exec(tx).await?;
            let entry = Entry::of_store(store_id, AuditAction::NoteDeleted).to(customer.uuid());
            entry.before(&said(&response(found)))?.record(tx).await
        })
    })
    .await
}

/// The audit record of a note.
fn said(note: &NoteResponse) -> serde_json::Value {
    json!({ "id": note.id, "text": note.text })
}

fn response(model: Model) -> NoteResponse {
    NoteResponse {
        id: NoteId::new(model.id),
        html: markdown::to_html(&model.text),
        text: model.text,
        author_id: model.author_id.map(UserId::new),
        created_at: Timestamp::from_millis(model.created_at),
    }
}
