//! SQL of enrolments.

use fanbase_domain::{
    facts::{Enrollment, Join as _, Latest, Percent},
    ids::{CourseId, CustomerId, EnrollmentId, StoreId},
    time::Timestamp,
};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::{
    ledger::Ledger,
    timeline::{self, Lines},
};
use crate::{
    customers::rows::known,
    db::{
        bulk::{self, Target, Type},
        entities::enrollments::Model,
        is_sqlite,
        sql::Sql,
    },
    error::ApiError,
};

const ENROLLMENTS: Target = Target {
    table: "enrollments",
    columns: &[
        ("store_id", Type::Uuid),
        ("id", Type::Uuid),
        ("reference", Type::Text),
        ("customer_id", Type::Uuid),
        ("course_id", Type::Uuid),
        ("enrolled_at", Type::BigInt),
        ("progress", Type::BigInt),
        ("progress_at", Type::BigInt),
        ("accessed_at", Type::BigInt),
        ("completed_at", Type::BigInt),
    ],
    on_conflict: "ON CONFLICT (store_id, id) DO UPDATE SET enrolled_at = excluded.enrolled_at,
        progress = excluded.progress, progress_at = excluded.progress_at,
        accessed_at = excluded.accessed_at, completed_at = excluded.completed_at",
};

/// An enrolment as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its id.
    pub id: EnrollmentId,
    /// Its name at whoever reports it.
    pub reference: String,
    /// Whose it is.
    pub customer: CustomerId,
    /// Of what.
    pub course: CourseId,
    /// The rest.
    pub enrollment: Enrollment,
}

/// How an enrolment is found.
#[derive(Clone, Copy, Debug)]
pub enum Which<'a> {
    /// By its id.
    Id(EnrollmentId),
    /// By its name at whoever reports it.
    Reference(&'a str),
}

/// The enrolment, locked until the transaction ends.
///
/// # Errors
/// Returns the error of the database.
pub async fn find(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    which: Which<'_>,
) -> Result<Option<Stored>, DbErr> {
    let mut sql = Sql::new("SELECT * FROM enrollments WHERE store_id = ");
    sql.bind(store_id.uuid());
    match which {
        Which::Id(id) => sql.push(" AND id = ").bind(id.uuid()),
        Which::Reference(reference) => sql.push(" AND reference = ").bind(reference),
    };
    if !is_sqlite(db) {
        sql.push(" FOR UPDATE");
    }
    sql.models::<Model>(db).await?.pop().map(stored).transpose()
}

/// Joins what is reported of an enrolment with what is known.
///
/// # Errors
/// When the database fails.
pub async fn note(
    ledger: &mut Ledger<'_>,
    known: Option<Stored>,
    told: Stored,
    title: &str,
) -> Result<Stored, ApiError> {
    let (mut before, mut after) = (Lines::default(), Lines::default());
    let joined = match &known {
        Some(known) => {
            before.add(Some(known.customer), known.id.uuid(), known.enrollment.timeline(), Some(title));
            Stored { enrollment: known.enrollment.join(told.enrollment), ..known.clone() }
        }
        None => told,
    };
    if known.as_ref() == Some(&joined) {
        return Ok(joined);
    }
    after.add(Some(joined.customer), joined.id.uuid(), joined.enrollment.timeline(), Some(title));
    let Enrollment { enrolled_at, progress, accessed_at, completed_at } = joined.enrollment;
    let row = vec![
        ledger.store_id.uuid().into(),
        joined.id.uuid().into(),
        joined.reference.as_str().into(),
        joined.customer.uuid().into(),
        joined.course.uuid().into(),
        enrolled_at.millis().into(),
        i64::from(progress.value.get()).into(),
        progress.at.millis().into(),
        accessed_at.map(Timestamp::millis).into(),
        completed_at.map(Timestamp::millis).into(),
    ];
    bulk::insert(ledger.tx, &ENROLLMENTS, Box::new([row].into_iter())).await?;
    timeline::rewrite(ledger.tx, ledger.store_id, &before, &after).await?;
    ledger.touch(Some(joined.customer));
    Ok(joined)
}

/// The enrolments of a customer.
///
/// # Errors
/// Returns the error of the database.
pub async fn of_customer(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    customer: CustomerId,
) -> Result<Vec<Enrollment>, DbErr> {
    let mut sql = Sql::new("SELECT * FROM enrollments WHERE store_id = ");
    sql.bind(store_id.uuid()).push(" AND customer_id = ").bind(customer.uuid());
    let models: Vec<Model> = sql.models(db).await?;
    models.into_iter().map(|model| Ok(stored(model)?.enrollment)).collect()
}

/// The enrolment of a row.
///
/// # Errors
/// When the progress is none.
pub fn stored(model: Model) -> Result<Stored, DbErr> {
    let progress = known(Percent::parse(model.progress), "progress")?;
    Ok(Stored {
        id: EnrollmentId::new(model.id),
        reference: model.reference,
        customer: CustomerId::new(model.customer_id),
        course: CourseId::new(model.course_id),
        enrollment: Enrollment {
            enrolled_at: Timestamp::from_millis(model.enrolled_at),
            progress: Latest::new(Timestamp::from_millis(model.progress_at), progress),
            accessed_at: model.accessed_at.map(Timestamp::from_millis),
            completed_at: model.completed_at.map(Timestamp::from_millis),
        },
    })
}

/// A new id.
#[must_use]
pub fn new_id() -> EnrollmentId {
    EnrollmentId::new(Uuid::now_v7())
}
