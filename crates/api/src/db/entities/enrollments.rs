//! Enrolments: a customer's access to a course, and their progress. For enrolments without a customer,
//! backfills read the columns `user_id`, `email` and `name`.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "enrollments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub reference: String,
    pub customer_id: Option<Uuid>,
    pub course_id: Uuid,
    pub enrolled_at: i64,
    pub progress: i64,
    pub progress_at: i64,
    pub accessed_at: Option<i64>,
    pub completed_at: Option<i64>,
}

/// No relations: queries join by hand, within one store.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
