//! Purchases of products by customers.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "purchases")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub reference: String,
    pub customer_id: Uuid,
    pub kind: Option<String>,
    pub item_id: Option<Uuid>,
    pub title: Option<String>,
    pub payment_name: Option<String>,
    pub purchased_at: i64,
    pub stripe_customer: Option<String>,
}

/// No relations: queries join by hand, within one store.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
