//! SQL of the timeline.

use fanbase_domain::{ids::StoreId, time::Timestamp, wire::activities::ActivityKind};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::db::entities::activities;

/// Notes that something happened to a customer.
///
/// # Errors
/// When the database fails.
pub async fn record(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    customer: Uuid,
    kind: ActivityKind,
    detail: Option<String>,
    at: Timestamp,
) -> Result<(), DbErr> {
    let activity = activities::ActiveModel {
        store_id: Set(store_id.uuid()),
        customer_id: Set(customer),
        id: Set(Uuid::now_v7()),
        kind: Set(kind.as_str().to_owned()),
        detail: Set(detail),
        at: Set(at.millis()),
    };
    activity.insert(db).await?;
    Ok(())
}
