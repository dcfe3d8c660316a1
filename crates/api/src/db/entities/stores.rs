//! Stores: the tenants.

use crate::db::column::known;
use fanbase_domain::{
    ids::StoreId,
    money::Currency,
    role::Role,
    store::{IdleDays, Store},
    time::Timestamp,
};
use sea_orm::entity::prelude::*;
use sea_orm::{FromQueryResult as _, QueryResult};

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stores")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub slug: String,
    pub currency: String,
    pub version: i64,
    pub created_at: i64,
    pub shows_accounts: bool,
    pub idle_days: i64,
    pub time_zone: Option<String>,
}

/// No relations: queries join by hand, within one store.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Converts a row.
///
/// # Errors
/// [`DbErr::Type`] when the currency or `idle_days` is invalid.
pub fn store(model: Model) -> Result<Store, DbErr> {
    Ok(Store {
        id: StoreId::new(model.id),
        name: model.name,
        slug: model.slug,
        currency: known(Currency::parse(&model.currency), "currency")?,
        shows_accounts: model.shows_accounts,
        idle_days: known(IdleDays::parse(model.idle_days), "idle_days")?,
        time_zone: model.time_zone,
        version: model.version,
        created_at: Timestamp::from_millis(model.created_at),
    })
}

/// A store and a member's role in it.
///
/// # Errors
/// Returns [`DbErr::Type`] for an invalid value, or the error of a missing column.
pub fn with_role(row: &QueryResult) -> Result<(Store, Role), DbErr> {
    let role: String = row.try_get("", "role")?;
    Ok((store(Model::from_query_result(row, "")?)?, known(Role::parse(&role), "role")?))
}
