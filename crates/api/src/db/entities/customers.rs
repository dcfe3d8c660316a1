//! Customers of the stores. Tags are in a table of their own.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Deserialize)]
#[sea_orm(table_name = "customers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub email: String,
    pub email_key: String,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub full_name: Option<String>,
    pub name_sort: Option<String>,
    pub phone: Option<String>,
    pub alias: Option<String>,
    pub search_text: String,
    pub kind: String,
    pub source: String,
    pub source_detail: Option<String>,
    pub consent: String,
    pub status: String,
    pub score: Option<i64>,
    pub total_spent: i64,
    pub attributes: String,
    pub created_at: i64,
    pub last_activity_at: Option<i64>,
    pub user_id: Option<Uuid>,
    pub import_id: Option<Uuid>,
    pub version: i64,
    pub follows_facts: i64,
    pub status_by_hand: i64,
    pub imported_spent: Option<i64>,
    pub imported_spent_at: Option<i64>,
}

/// No relations: queries join by hand, within one store.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
