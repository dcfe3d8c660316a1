//! `/api/v1/admin`: the platform, for its admins.

use fanbase_domain::{
    ids::UserId,
    wire::admin::{
        AdminUserCountResponse, AdminUserDetailResponse, AdminUserPage, PlatformStatsResponse,
        UserBulkRequest, UserBulkResponse,
    },
};

use super::{ApiError, http};

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
