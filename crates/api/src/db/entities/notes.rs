//! Notes on customers.

use fanbase_domain::ids::StoreId;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub customer_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub text: String,
    pub author_id: Option<Uuid>,
    pub created_at: i64,
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
