//! Payments. Their names and refunds are in tables of their own.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub customer_id: Option<Uuid>,
    pub subscription: Option<String>,
    pub title: Option<String>,
    pub paid_at: Option<i64>,
    pub amount: Option<i64>,
    pub currency: Option<String>,
    pub refunded_in_all: Option<i64>,
    pub refunded_told_at: Option<i64>,
    pub stripe_customer: Option<String>,
}

/// No relations: queries join by hand, within one store.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
