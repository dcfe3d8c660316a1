//! Keys of third-party tools.

use crate::db::column::known;
use fanbase_domain::ids::StoreId;
use fanbase_domain::wire::api_keys::Scope;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub prefix: String,
    pub secret_hash: Vec<u8>,
    pub scopes: String,
    pub created_at: i64,
    pub last_used_at: Option<i64>,
    pub revoked_at: Option<i64>,
    pub expires_at: Option<i64>,
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

/// Parses the scopes of a row.
///
/// # Errors
/// [`DbErr::Type`] when a scope is unknown.
pub fn scopes(text: &str) -> Result<Vec<Scope>, DbErr> {
    text.split_whitespace().map(|scope| known(Scope::parse(scope), "scopes")).collect()
}
