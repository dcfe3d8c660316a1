//! SQL of enrolments.

use fanbase_domain::{
    facts::{Enrollment, Entry, Join as _, Latest, Percent},
    ids::{CourseId, CustomerId, EnrollmentId, StoreId},
    time::Timestamp,
};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult as _, QueryResult, Value};
use uuid::Uuid;

use super::{
    fact_set::{Fact, Named},
    fact_writer::Ledger,
};
use crate::db::{
    bulk::{OnConflict, Target, Type},
    column::known,
    entities::enrollments::Model,
    sql::{Each, Sql},
};

/// The columns of an enrolment, with the title of its course, of the store `{store}`.
pub const ROW: &str = "enrollments.*, (SELECT title FROM courses
    WHERE courses.store_id = {store} AND courses.id = enrollments.course_id) AS course_title";

/// An enrolment as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its id.
    pub id: EnrollmentId,
    /// The source's reference.
    pub reference: String,
    /// The customer; `None` while unassigned, see `docs/BACKFILL.md`.
    pub customer: Option<CustomerId>,
    /// The course.
    pub course: CourseId,
    /// The title of the course.
    pub title: String,
    /// Progress and times.
    pub enrollment: Enrollment,
}

impl Fact for Stored {
    const TARGET: Target = Target {
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
        // Person columns are cleared: the customer row holds them from now on.
        on_conflict: OnConflict::Replace {
            key: &["store_id", "id"],
            keep: &["reference", "course_id"],
            more: ", user_id = NULL, email = NULL, name = NULL",
        },
    };

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn customer(&self) -> Option<CustomerId> {
        self.customer
    }

    fn entries(&self) -> Vec<Entry> {
        self.enrollment.timeline()
    }

    fn title(&self) -> Option<&str> {
        Some(&self.title)
    }

    fn values(&self, store_id: StoreId) -> Vec<Value> {
        let Enrollment { enrolled_at, progress, accessed_at, completed_at } = self.enrollment;
        vec![
            store_id.uuid().into(),
            self.id.uuid().into(),
            self.reference.as_str().into(),
            self.customer.map(CustomerId::uuid).into(),
            self.course.uuid().into(),
            enrolled_at.millis().into(),
            i64::from(progress.value.get()).into(),
            progress.at.millis().into(),
            accessed_at.map(Timestamp::millis).into(),
            completed_at.map(Timestamp::millis).into(),
        ]
    }
}

/// The source's reference of an enrolment, if it has a customer.
///
/// # Errors
/// Returns the error of the database.
pub async fn reference_of(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    id: EnrollmentId,
) -> Result<Option<String>, DbErr> {
    let mut sql = Sql::new("SELECT reference FROM enrollments WHERE customer_id IS NOT NULL AND store_id = ");
    sql.bind(store_id.uuid()).push(" AND id = ").bind(id.uuid());
    sql.one(db).await?.map(|row| row.try_get_by_index(0)).transpose()
}

impl Named for Stored {
    const COLUMNS: &str = ROW;

    fn reference(&self) -> &str {
        &self.reference
    }

    fn of_row(row: &QueryResult) -> Result<Self, DbErr> {
        stored(row)
    }
}

impl Ledger<'_> {
    /// The enrolment with this reference, as currently known.
    #[must_use]
    pub fn enrollment(&self, reference: &str) -> Option<&Stored> {
        self.enrollments.get(reference)
    }

    /// Adds a stored enrolment. The caller must have locked its row.
    pub fn stock_enrollment(&mut self, stored: Stored) {
        self.enrollments.take_in(stored);
    }

    /// Merges a reported enrolment with the known state.
    pub fn note_enrollment(&mut self, told: Stored) -> Stored {
        let joined = match self.enrollments.get(&told.reference) {
            Some(known) => Stored {
                customer: known.customer.or(told.customer),
                enrollment: known.enrollment.join(told.enrollment),
                ..known.clone()
            },
            None => told,
        };
        self.enrollments.put(&joined.reference, joined.clone());
        joined
    }
}

/// The enrolments of customers.
///
/// # Errors
/// Returns the error of the database.
pub async fn of_customers(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    customers: &[Uuid],
) -> Result<Vec<(CustomerId, Enrollment)>, DbErr> {
    let mut sql = Sql::new("SELECT enrollments.* FROM ");
    sql.each(db, &Each::of_customers("enrollments", store_id, customers));
    let models: Vec<Model> = sql.models(db).await?;
    models
        .into_iter()
        .filter_map(|model| Some((CustomerId::new(model.customer_id?), model)))
        .map(|(customer, model)| Ok((customer, enrollment(&model)?)))
        .collect()
}

/// Maps a [`ROW`] to the enrolment.
///
/// # Errors
/// `DbErr` when the row cannot be decoded, such as when the progress is not a valid percentage.
pub fn stored(row: &QueryResult) -> Result<Stored, DbErr> {
    let model = Model::from_query_result(row, "")?;
    let title: Option<String> = row.try_get("", "course_title")?;
    Ok(Stored {
        id: EnrollmentId::new(model.id),
        customer: model.customer_id.map(CustomerId::new),
        course: CourseId::new(model.course_id),
        title: title.unwrap_or_default(),
        enrollment: enrollment(&model)?,
        reference: model.reference,
    })
}

fn enrollment(model: &Model) -> Result<Enrollment, DbErr> {
    let progress = known(Percent::parse(model.progress), "progress")?;
    Ok(Enrollment {
        enrolled_at: Timestamp::from_millis(model.enrolled_at),
        progress: Latest::new(Timestamp::from_millis(model.progress_at), progress),
        accessed_at: model.accessed_at.map(Timestamp::from_millis),
        completed_at: model.completed_at.map(Timestamp::from_millis),
    })
}

/// Generates an id.
#[must_use]
pub fn new_id() -> EnrollmentId {
    EnrollmentId::new(Uuid::now_v7())
}
