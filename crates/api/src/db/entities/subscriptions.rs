//! Subscriptions of customers.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "subscriptions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub reference: String,
    pub customer_id: Option<Uuid>,
    pub claimed_at: Option<i64>,
    pub claimed_key: Option<String>,
    pub plan_id: Option<Uuid>,
    pub title: Option<String>,
    pub told_at: Option<i64>,
    pub status: Option<String>,
    pub period_end: Option<i64>,
    pub cancel_at_period_end: i64,
    pub started_at: Option<i64>,
    pub ended_at: Option<i64>,
    pub amount: Option<i64>,
    pub currency: Option<String>,
    pub period: Option<String>,
    pub period_count: Option<i64>,
    pub stripe_customer: Option<String>,
}

/// No relations: queries join by hand, within one store.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
