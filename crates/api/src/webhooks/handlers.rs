//! `/api/v1/webhooks` and `/api/v1/admin/webhook-events`

use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    dev::Payload,
    get, post,
    web::{Json, Path},
};
use fanbase_domain::{
    field_errors::FieldErrors,
    problem::Problem,
    wire::{
        page::Page,
        webhooks::{WebhookEventResponse, WebhookEventStatus, WebhookSource},
    },
};
use utoipa::IntoParams;

use super::{
    events::{self, Wanted},
    service, signature, stripe,
};
use crate::{
    app_state::State,
    auth::admin::PlatformAdmin,
    clock,
    error::ApiError,
    http::{authorize_first::Extracting, body::RawBody, parameters, problems::Problems},
    request_context::{self, Actor},
};

/// Take an event of Clerk
///
/// For Clerk, which signs every event (headers `svix-id`, `svix-timestamp`, `svix-signature`, or the same
/// with `webhook-`). Accounts follow `user.created`, `user.updated` and `user.deleted`, whatever their
/// order; other events are kept and ignored. An event that comes again does nothing.
#[utoipa::path(
    tag = "webhooks", security(()),
    request_body(content = serde_json::Value, content_type = "application/json", description = "The event as Clerk sends it.", example = json!({"type": "user.deleted", "object": "event", "data": {"id": "user_29w83sxmDNGwOuEthce5gg56FcC", "object": "user", "deleted": true}})),
    responses(
        (status = 200, description = "Kept and applied."),
        (status = 413, description = "Larger than 1 MiB.", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[post("/api/v1/webhooks/clerk")]
pub(crate) async fn receive_clerk_event(
    state: State,
    request: HttpRequest,
    body: RawBody,
) -> Result<HttpResponse, ApiError> {
    let secrets = &state.config.clerk_webhook_secrets;
    if secrets.is_empty() {
        return Err(ApiError::NotConfigured(
            "The server does not take events of Clerk: its setting clerk_webhook_secrets is empty.",
        ));
    }
    let now = clock::now();
    let (id, signed_at) =
        signature::verify(secrets, request.headers(), &body.0, now).map_err(|distrust| {
            tracing::warn!(webhook.source = "clerk", webhook.distrust = %distrust, "refused an event");
            ApiError::Unauthenticated("The event is not signed as it must be.")
        })?;
    request_context::acts(Actor::Webhook);
    service::receive(&state.db, id, &body.0, signed_at, now).await?;
    // The event may have deleted the account, or ended its sessions.
    state.access.clear();
    Ok(HttpResponse::Ok().finish())
}

/// Take an event of Stripe
///
/// For Stripe, which signs every event (header `Stripe-Signature`). Customers follow checkout sessions, paid
/// invoices, subscriptions, refunds and disputes, and stores their connected accounts, whatever the order of
/// events; others are kept and ignored. An event that comes again does nothing. One whose store cannot be found
/// is kept as `failed`, answered with 200, and can be replayed.
#[utoipa::path(
    tag = "webhooks", security(()),
    request_body(content = serde_json::Value, content_type = "application/json", description = "The event as Stripe sends it.", example = json!({"id": "evt_1", "object": "event", "type": "charge.refunded", "created": 1_790_000_000, "data": {"object": {"id": "ch_1", "object": "charge", "payment_intent": "pi_1", "amount_refunded": 4900, "refunded": true}}})),
    responses(
        (status = 200, description = "Kept, and applied if its store is known."),
        (status = 413, description = "Larger than 1 MiB.", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[post("/api/v1/webhooks/stripe")]
pub(crate) async fn receive_stripe_event(
    state: State,
    request: HttpRequest,
    body: RawBody,
) -> Result<HttpResponse, ApiError> {
    let secrets = &state.config.stripe_webhook_secrets;
    if secrets.is_empty() {
        return Err(ApiError::NotConfigured(
            "The server does not take events of Stripe: its setting stripe_webhook_secrets is empty.",
        ));
    }
    let now = clock::now();
    stripe::signature::verify(secrets, request.headers(), &body.0, now).map_err(|distrust| {
        tracing::warn!(webhook.source = "stripe", webhook.distrust = %distrust, "refused an event");
        ApiError::Unauthenticated("The event is not signed as it must be.")
    })?;
    request_context::acts(Actor::Webhook);
    let body = state.asking.complete(state.db.read(), &body.0).await?;
    stripe::service::receive(&state.stripe, &body, now).await?;
    Ok(HttpResponse::Ok().finish())
}

/// List received events
///
/// For admins of the platform. Newest first, 50 a page; kept for 90 days.
#[utoipa::path(
    tag = "admin", security(("session" = ["admin"])), params(WebhookEventParams),
    responses(
        (status = 200, description = "A page of events.", body = Page<WebhookEventResponse>),
        (status = 403, description = "Not an admin of the platform.", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[get("/api/v1/admin/webhook-events")]
pub(crate) async fn list_webhook_events(
    state: State,
    _admin: PlatformAdmin,
    params: WebhookEventParams,
) -> Result<Json<Page<WebhookEventResponse>>, ApiError> {
    let before = match &params.cursor {
        Some(cursor) => Some(events::read_cursor(cursor).ok_or(ApiError::InvalidCursor)?),
        None => None,
    };
    let WebhookEventParams { source, r#type: kind, status, .. } = params;
    Ok(Json(events::list(state.db.read(), &Wanted { source, kind, status, before }).await?))
}

/// Replay a received event
///
/// For admins of the platform. Applies the event once more, by the same path: what it changed already
/// stays as it is. One whose store was not known is applied once it is. Not possible once an account is deleted, since
/// what its events said goes with it.
#[utoipa::path(
    tag = "admin", security(("session" = ["admin"])),
    params(
        ("source" = WebhookSource, Path, description = "Who sent it"),
        ("event_id" = String, Path, description = "Its id there"),
    ),
    responses(
        (status = 200, description = "The event, and what became of it now.", body = WebhookEventResponse),
        (status = 403, description = "Not an admin of the platform.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such event.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The account was deleted.", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[post("/api/v1/admin/webhook-events/{source}/{event_id}/replay")]
pub(crate) async fn replay_webhook_event(
    state: State,
    _admin: PlatformAdmin,
    path: Path<(String, String)>,
) -> Result<Json<WebhookEventResponse>, ApiError> {
    let source = WebhookSource::parse(&path.0).ok_or(ApiError::NotFound("event"))?;
    Ok(Json(match source {
        WebhookSource::Clerk => service::replay(&state.db, &path.1).await?,
        WebhookSource::Stripe => stripe::service::replay(&state.db, &state.asking, &path.1).await?,
    }))
}

/// Which events are listed.
#[derive(Clone, Debug, Default, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WebhookEventParams {
    /// Only of this sender.
    source: Option<WebhookSource>,
    /// Only of this type, such as `user.updated`.
    r#type: Option<String>,
    /// Only with this outcome.
    status: Option<WebhookEventStatus>,
    /// `next_cursor` of another page.
    cursor: Option<String>,
}

impl WebhookEventParams {
    fn parse(query: &str) -> Result<Self, ApiError> {
        let (mut params, mut errors) = (Self::default(), FieldErrors::new());
        for (name, value) in parameters::pairs(query)? {
            match name.as_str() {
                "source" => {
                    params.source = WebhookSource::parse(&value);
                    if params.source.is_none() {
                        errors.add("source", "unknown_value", format!("No sender is called \"{value}\"."));
                    }
                }
                "status" => {
                    params.status = WebhookEventStatus::parse(&value);
                    if params.status.is_none() {
                        errors.add("status", "unknown_value", format!("No event is \"{value}\"."));
                    }
                }
                "type" => params.r#type = Some(value),
                "cursor" => params.cursor = Some(value),
                _ => parameters::unknown(&name, &mut errors),
            }
        }
        Ok(errors.into_result(params)?)
    }
}

impl FromRequest for WebhookEventParams {
    type Error = ApiError;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        parameters::read(request, Self::parse)
    }
}
