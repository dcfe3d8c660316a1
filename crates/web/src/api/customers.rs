//! `/api/v1/stores/{store_id}/customers`, with notes and activity

use fanbase_domain::{
    ids::{ActivityId, CustomerId, NoteId, StoreId},
    wire::{
        activities::{ActivityKind, ActivityRequest, ActivityResponse},
        customer_stats::CustomerStatsResponse,
        customers::{CustomerResponse, PatchCustomerRequest},
        enrollments::EnrollmentResponse,
        notes::{NoteRequest, NoteResponse},
        page::Page,
        purchases::{PaymentResponse, PurchaseResponse},
        subscriptions::SubscriptionResponse,
    },
};

use super::{ApiError, http};
use crate::state::query_string;

/// The customers in numbers, by month at the reader's distance from Greenwich in minutes.
pub(crate) async fn get_stats(store: StoreId, offset: i32) -> Result<CustomerStatsResponse, ApiError> {
    http::get(format!("/stores/{store}/customers/stats?period=month&time_zone_offset={offset}")).await
}

/// A customer.
pub(crate) async fn get_customer(store: StoreId, id: CustomerId) -> Result<CustomerResponse, ApiError> {
    http::get(format!("/stores/{store}/customers/{id}")).await
}

/// Changes a customer, provided that nobody else changed it since `version`.
pub(crate) async fn patch_customer(
    store: StoreId,
    id: CustomerId,
    request: PatchCustomerRequest,
    version: i64,
) -> Result<CustomerResponse, ApiError> {
    http::patch(format!("/stores/{store}/customers/{id}"), request, Some(version)).await
}

/// Deletes a customer.
pub(crate) async fn delete_customer(store: StoreId, id: CustomerId) -> Result<(), ApiError> {
    http::delete(format!("/stores/{store}/customers/{id}"), None).await
}

/// The notes on a customer.
pub(crate) async fn list_notes(store: StoreId, id: CustomerId) -> Result<Vec<NoteResponse>, ApiError> {
    http::get(format!("/stores/{store}/customers/{id}/notes")).await
}

/// Writes a note.
pub(crate) async fn create_note(
    store: StoreId,
    id: CustomerId,
    request: NoteRequest,
) -> Result<(), ApiError> {
    http::post_only(format!("/stores/{store}/customers/{id}/notes"), request).await
}

/// Deletes a note.
pub(crate) async fn delete_note(store: StoreId, id: CustomerId, note: NoteId) -> Result<(), ApiError> {
    http::delete(format!("/stores/{store}/customers/{id}/notes/{note}"), None).await
}

/// What happened to a customer, latest first.
pub(crate) async fn list_activity(
    store: StoreId,
    id: CustomerId,
    kinds: &[ActivityKind],
    cursor: Option<String>,
) -> Result<Page<ActivityResponse>, ApiError> {
    let kinds = kinds.iter().map(|kind| ("kind", kind.as_str()));
    let query = query_string::encode(kinds.chain(cursor.as_deref().map(|cursor| ("cursor", cursor))));
    http::get(format!("/stores/{store}/customers/{id}/activity?{query}")).await
}

/// Notes by hand what happened to a customer.
pub(crate) async fn create_activity(
    store: StoreId,
    id: CustomerId,
    request: ActivityRequest,
) -> Result<(), ApiError> {
    http::post_only(format!("/stores/{store}/customers/{id}/activities"), request).await
}

/// Deletes what was noted by hand.
pub(crate) async fn delete_activity(
    store: StoreId,
    id: CustomerId,
    activity: ActivityId,
) -> Result<(), ApiError> {
    http::delete(format!("/stores/{store}/customers/{id}/activities/{activity}"), None).await
}

/// The path of a page of what a customer has.
fn of_customer(store: StoreId, id: CustomerId, what: &str, cursor: Option<String>) -> String {
    let cursor = cursor.map(|cursor| format!("?{}", query_string::encode([("cursor", cursor.as_str())])));
    format!("/stores/{store}/customers/{id}/{what}{}", cursor.unwrap_or_default())
}

/// The courses that a customer has access to, newest first.
pub(crate) async fn list_enrollments(
    store: StoreId,
    id: CustomerId,
    cursor: Option<String>,
) -> Result<Page<EnrollmentResponse>, ApiError> {
    http::get(of_customer(store, id, "enrollments", cursor)).await
}

/// What a customer bought, newest first.
pub(crate) async fn list_purchases(
    store: StoreId,
    id: CustomerId,
    cursor: Option<String>,
) -> Result<Page<PurchaseResponse>, ApiError> {
    http::get(of_customer(store, id, "purchases", cursor)).await
}

/// What a customer paid, newest first.
pub(crate) async fn list_payments(
    store: StoreId,
    id: CustomerId,
    cursor: Option<String>,
) -> Result<Page<PaymentResponse>, ApiError> {
    http::get(of_customer(store, id, "payments", cursor)).await
}

/// The subscriptions of a customer, newest first.
pub(crate) async fn list_subscriptions(
    store: StoreId,
    id: CustomerId,
    cursor: Option<String>,
) -> Result<Page<SubscriptionResponse>, ApiError> {
    http::get(of_customer(store, id, "subscriptions", cursor)).await
}
