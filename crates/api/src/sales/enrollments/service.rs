//! Records enrolments and course progress.

use fanbase_domain::{
    facts::{Enrollment, Evidence},
    ids::{CourseId, EnrollmentId, StoreId},
    source::Source,
    time::Timestamp,
    wire::{
        audit::AuditAction,
        catalogue::{ItemKind, ItemResponse},
        enrollments::{EnrollmentResponse, NewEnrollment, ProgressReport},
    },
};
use sea_orm::DatabaseTransaction;

use crate::{
    db::{Db, audit_log::Entry, transaction},
    error::ApiError,
    sales::{
        catalogue,
        facts::{
            enrollments::{self, Stored},
            fact_writer::{Ledger, Wanted},
            locks,
            payment_reports::{self, For},
        },
    },
};

/// Records an enrolment; also returns whether it is new.
///
/// # Errors
/// `ApiError::Conflict` when an enrolment of this reference belongs to another customer or course.
pub async fn create(
    tx: &DatabaseTransaction,
    store_id: StoreId,
    new: NewEnrollment,
    now: Timestamp,
) -> Result<(EnrollmentResponse, bool), ApiError> {
    let mut names = vec![
        format!("enrollment {}", new.reference),
        catalogue::service::lock_name(ItemKind::Course, &new.course.reference),
        new.person.email.key().to_string(),
    ];
    names.extend(new.payment.as_ref().map(|payment| payment_reports::lock_name(&payment.reference)));
    locks::hold(tx, names.iter().map(String::as_str)).await?;
    let mut ledger = Ledger::open(tx, store_id, now).await?;
    let course = catalogue::service::ensure(tx, store_id, ItemKind::Course, &new.course, now).await?;
    ledger.read(&wanted(&new)).await?;
    let before = ledger.enrollment(&new.reference).and_then(response);
    let stored = note(&mut ledger, new, &course, now)?;
    ledger.close().await?;
    let after = answered(&stored)?;
    log(tx, store_id, before.as_ref(), &after).await?;
    Ok((after, before.is_none()))
}

/// Keys to load before an enrolment is recorded.
#[must_use]
pub fn wanted(new: &NewEnrollment) -> Wanted<'_> {
    Wanted {
        people: [new.person.email.key()].into(),
        enrollments: [new.reference.as_str()].into(),
        payments: new.payment.iter().map(|payment| payment.reference.as_str()).collect(),
        ..Wanted::default()
    }
}

/// Records an enrolment in a course, and its payment.
///
/// # Errors
/// `ApiError::Conflict` when an enrolment of this reference belongs to another customer or course, or a
/// payment of its reference has another amount.
pub fn note(
    ledger: &mut Ledger<'_>,
    new: NewEnrollment,
    course: &ItemResponse,
    now: Timestamp,
) -> Result<Stored, ApiError> {
    let known = ledger.enrollment(&new.reference).cloned();
    let known_since = known.as_ref().map(|known| known.enrollment.enrolled_at);
    let enrolled_at = new.enrolled_at.or(known_since).unwrap_or(now);
    let evidence =
        Evidence { at: enrolled_at, source: Source::CourseEnrollment, detail: Some(course.title.clone()) };
    let customer = ledger.person(&new.person, &evidence);
    let course_id = CourseId::new(course.id);
    let is_same =
        |known: &Stored| known.customer.is_none_or(|id| id == customer) && known.course == course_id;
    if !known.as_ref().is_none_or(is_same) {
        return Err(ApiError::Conflict(
            "There is an enrolment of this reference of somebody else, or in another course.",
        ));
    }
    let told = Stored {
        id: enrollments::new_id(),
        reference: new.reference,
        customer: Some(customer),
        course: course_id,
        title: course.title.clone(),
        // Dated at the enrolment, so that it does not override progress reported since.
        enrollment: told(Enrollment::new(enrolled_at), new.progress, enrolled_at),
    };
    let stored = ledger.note_enrollment(told);
    if let Some(payment) = new.payment {
        let what = For { customer, title: Some(course.title.clone()), subscription: None, at: enrolled_at };
        payment_reports::note(ledger, payment, what)?;
    }
    Ok(stored)
}

/// Records progress in a course.
///
/// # Errors
/// `ApiError::NotFound` when there is no such enrolment.
pub async fn patch(
    db: &Db,
    store_id: StoreId,
    id: EnrollmentId,
    progress: ProgressReport,
    now: Timestamp,
) -> Result<EnrollmentResponse, ApiError> {
    transaction::write(db, |tx| {
        Box::pin(async move {
            let reference = enrollments::reference_of(tx, store_id, id).await?;
            let reference = reference.ok_or(ApiError::NotFound("enrollment"))?;
            let mut ledger = Ledger::open(tx, store_id, now).await?;
            let enrollments = [reference.as_str()].into();
            ledger.read(&Wanted { enrollments, ..Wanted::default() }).await?;
            let known = ledger.enrollment(&reference).cloned();
            let mut told = known.ok_or(ApiError::NotFound("enrollment"))?;
            let before = answered(&told)?;
            // A repeated value is not activity, and does not update the time of the progress.
            let is_news =
                progress.as_of.is_some() || progress.percent != Some(told.enrollment.progress.value);
            let progress = ProgressReport { percent: progress.percent.filter(|_| is_news), ..progress };
            told.enrollment = self::told(told.enrollment, progress, now);
            let stored = ledger.note_enrollment(told);
            ledger.close().await?;
            let after = answered(&stored)?;
            log(tx, store_id, Some(&before), &after).await?;
            Ok(after)
        })
    })
    .await
}

/// Applies a progress report to an enrolment.
fn told(enrollment: Enrollment, progress: ProgressReport, as_of: Timestamp) -> Enrollment {
    let ProgressReport { percent, accessed_at, as_of: told } = progress;
    let enrollment = match percent {
        Some(percent) => enrollment.with_progress(told.unwrap_or(as_of), percent),
        None => enrollment,
    };
    accessed_at.map_or(enrollment, |at| enrollment.with_access(at))
}

async fn log(
    tx: &DatabaseTransaction,
    store_id: StoreId,
    before: Option<&EnrollmentResponse>,
    after: &EnrollmentResponse,
) -> Result<(), ApiError> {
    let entry = |action| Entry::of_store(store_id, action).to(after.customer_id.uuid());
    match before {
        None => entry(AuditAction::EnrollmentCreated).after(after)?.record(tx).await,
        Some(before) if before == after => Ok(()),
        Some(before) => entry(AuditAction::EnrollmentUpdated).changed(before, after)?.record(tx).await,
    }
}

fn answered(stored: &Stored) -> Result<EnrollmentResponse, ApiError> {
    response(stored).ok_or(ApiError::NotFound("enrollment"))
}

/// Maps an enrolment to the response; `None` while it is unassigned.
#[must_use]
pub fn response(stored: &Stored) -> Option<EnrollmentResponse> {
    let Stored { id, reference, customer, course, title, enrollment } = stored.clone();
    let Enrollment { enrolled_at, progress, accessed_at, completed_at } = enrollment;
    Some(EnrollmentResponse {
        id,
        reference,
        customer_id: customer?,
        course_id: course,
        course_title: title,
        enrolled_at,
        progress: progress.value.get(),
        accessed_at,
        completed_at,
    })
}
