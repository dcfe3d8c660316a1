//! Rows of imports that failed or were imported in part.

use fanbase_domain::ids::StoreId;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "import_problems")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub import_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub line: i64,
    pub email: String,
    pub severity: String,
    pub code: String,
    pub reason: String,
}

/// No relations: queries join by hand, within one store.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// The rows of a store: the start of every query.
    pub fn in_store(store_id: StoreId) -> Select<Self> {
        Self::find().filter(Column::StoreId.eq(store_id.uuid()))
    }
}
