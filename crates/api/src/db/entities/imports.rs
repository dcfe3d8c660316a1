//! Imports of contact files.

use fanbase_domain::ids::StoreId;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "imports")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub status: String,
    pub file_name: String,
    pub file_path: String,
    pub options: String,
    pub shape: Option<String>,
    pub bytes: i64,
    pub position_byte: i64,
    pub position_line: i64,
    pub row_count: i64,
    pub created: i64,
    pub updated: i64,
    pub unchanged: i64,
    pub duplicate_in_file: i64,
    pub invalid: i64,
    pub problems: i64,
    pub kept_unsubscribed: i64,
    pub undo_left: i64,
    pub error: Option<String>,
    pub error_code: Option<String>,
    pub created_at: i64,
    pub started_at: Option<i64>,
    pub finished_at: Option<i64>,
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
