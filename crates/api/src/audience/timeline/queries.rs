//! SQL of the timeline.

use fanbase_domain::{ids::StoreId, time::Timestamp, wire::activities::ActivityKind};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::db::{
    bulk::{self, OnConflict, Target, Type},
    entities::activities,
};

/// An insert of timeline entries.
pub const ACTIVITIES: Target = Target {
    table: "activities",
    columns: &[
        ("store_id", Type::Uuid),
        ("customer_id", Type::Uuid),
        ("id", Type::Uuid),
        ("kind", Type::Text),
        ("detail", Type::Text),
        ("at", Type::BigInt),
    ],
    on_conflict: OnConflict::Fail,
};

/// Adds a timeline entry of a customer.
///
/// # Errors
/// Returns the error of the database.
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
        author_id: Set(None),
    };
    activity.insert(db).await?;
    Ok(())
}

/// Adds the same timeline entry to many customers.
///
/// # Errors
/// Returns the error of the database.
pub async fn record_all(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    customers: &[Uuid],
    kind: ActivityKind,
    detail: Option<&str>,
    at: Timestamp,
) -> Result<(), DbErr> {
    let rows = customers.iter().map(|customer| {
        vec![
            store_id.uuid().into(),
            (*customer).into(),
            Uuid::now_v7().into(),
            kind.as_str().into(),
            detail.map(str::to_owned).into(),
            at.millis().into(),
        ]
    });
    bulk::insert(db, &ACTIVITIES, Box::new(rows)).await?;
    Ok(())
}
