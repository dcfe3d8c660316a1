//! `/api/v1/admin`: the platform, for its admins.

use fanbase_domain::{
    ids::UserId,
    wire::{
        admin::{
            AdminUserCountResponse, AdminUserDetailResponse, AdminUserPage, PlatformStatsResponse,
            UserBulkRequest, UserBulkResponse,
        },
        page::Page,
        webhooks::{WebhookEventResponse, WebhookSource},
    },
};

use super::{ApiError, http};
use crate::state::query_string;

/// Some of the accounts; the query says which.
pub(crate) async fn list_users(query: String) -> Result<AdminUserPage, ApiError> {
    http::get(format!("/admin/users?{query}")).await
}

/// How many accounts a filter admits.
pub(crate) async fn count_users(query: String) -> Result<AdminUserCountResponse, ApiError> {
    http::get(format!("/admin/users/counts?{query}")).await
}

/// One account, with where it is a member.
pub(crate) async fn get_user(id: UserId) -> Result<AdminUserDetailResponse, ApiError> {
    http::get(format!("/admin/users/{id}")).await
}

/// Does something to those that are named, or to all that a filter admits; or tells what it would do.
pub(crate) async fn change_users(
    query: &str,
    request: UserBulkRequest,
) -> Result<UserBulkResponse, ApiError> {
    http::post(format!("/admin/users/bulk?{query}"), request).await
}

/// The platform in numbers, by the months of a reader so many minutes from Greenwich.
pub(crate) async fn get_stats(offset: i32) -> Result<PlatformStatsResponse, ApiError> {
    http::get(format!("/admin/stats?period=month&time_zone_offset={offset}")).await
}

/// Some of the events that were received; the query says which.
pub(crate) async fn list_webhook_events(query: &str) -> Result<Page<WebhookEventResponse>, ApiError> {
    http::get(format!("/admin/webhook-events?{query}")).await
}

/// Applies an event once more; answers with what became of it.
pub(crate) async fn replay_webhook_event(
    source: WebhookSource,
    id: &str,
) -> Result<WebhookEventResponse, ApiError> {
    http::post_to(format!("/admin/webhook-events/{source}/{}/replay", query_string::escape(id))).await
}
