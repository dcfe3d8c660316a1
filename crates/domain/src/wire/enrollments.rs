//! `/api/v1/stores/{store_id}/enrollments`

use serde::{Deserialize, Serialize};

use super::{
    catalogue::reference,
    facts::{
        ItemName, ItemRequest, NewPayment, PaymentRequest, PersonRequest, all_or, item, payment, person,
    },
    patch::present,
};
use crate::{
    facts::{Percent, Person},
    field_errors::FieldErrors,
    ids::{CourseId, CustomerId, EnrollmentId},
    time::Timestamp,
};

/// An enrolment to report.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct EnrollmentRequest {
    /// Your own id of the enrolment, at most 255 characters.
    #[cfg_attr(feature = "openapi", schema(example = "enrollment-77"))]
    pub reference: String,
    /// Who enrolled.
    pub customer: PersonRequest,
    /// In what.
    pub course: ItemRequest,
    /// Since when.
    pub enrolled_at: Option<Timestamp>,
    /// How much of the course is done, 0 to 100.
    #[cfg_attr(feature = "openapi", schema(example = 0))]
    pub progress: Option<i64>,
    /// When the course was last opened.
    pub accessed_at: Option<Timestamp>,
    /// What was paid for it, unless it is free or paid for elsewhere.
    pub payment: Option<PaymentRequest>,
    /// As of when this is: of several reports, the latest counts.
    pub as_of: Option<Timestamp>,
}

/// An enrolment, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEnrollment {
    /// The caller's id of it.
    pub reference: String,
    /// Who.
    pub person: Person,
    /// In what.
    pub course: ItemName,
    /// Since when.
    pub enrolled_at: Option<Timestamp>,
    /// What of it is done, and when it was opened.
    pub progress: ProgressReport,
    /// What was paid.
    pub payment: Option<NewPayment>,
}

/// What is reported of the progress in a course: what is absent stays.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({"progress": 40})))]
#[serde(default, deny_unknown_fields)]
pub struct PatchEnrollmentRequest {
    /// How much of the course is done, 0 to 100. All of it completes it.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub progress: Option<Option<i64>>,
    /// When the course was last opened.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Timestamp))]
    pub accessed_at: Option<Option<Timestamp>>,
    /// As of when this is: of several reports, the latest counts.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Timestamp))]
    pub as_of: Option<Option<Timestamp>>,
}

/// What is reported of the progress in a course, checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProgressReport {
    /// How much is done.
    pub percent: Option<Percent>,
    /// When it was opened.
    pub accessed_at: Option<Timestamp>,
    /// As of when.
    pub as_of: Option<Timestamp>,
}

impl TryFrom<EnrollmentRequest> for NewEnrollment {
    type Error = FieldErrors;

    fn try_from(request: EnrollmentRequest) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let reference = reference(&request.reference, "/reference", &mut errors);
        let person = person(request.customer, &mut errors);
        let course = item(request.course, "/course", &mut errors);
        let percent = percent(request.progress, &mut errors);
        let payment = payment(request.payment, &reference, &mut errors);
        let EnrollmentRequest { enrolled_at, accessed_at, as_of, .. } = request;
        let progress = ProgressReport { percent, accessed_at, as_of };
        let checked = person.map(|person| Self { reference, person, course, enrolled_at, progress, payment });
        all_or(checked, errors)
    }
}

impl TryFrom<PatchEnrollmentRequest> for ProgressReport {
    type Error = FieldErrors;

    fn try_from(request: PatchEnrollmentRequest) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let progress = errors.not_null("/progress", request.progress);
        let report = Self {
            percent: percent(progress, &mut errors),
            accessed_at: errors.not_null("/accessed_at", request.accessed_at),
            as_of: errors.not_null("/as_of", request.as_of),
        };
        errors.into_result(report)
    }
}

fn percent(progress: Option<i64>, errors: &mut FieldErrors) -> Option<Percent> {
    let percent = Percent::parse(progress?);
    if percent.is_none() {
        errors.add("/progress", "out_of_range", "0 to 100.");
    }
    percent
}

/// An enrolment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnrollmentResponse {
    /// Its id.
    pub id: EnrollmentId,
    /// Your own id of it.
    pub reference: String,
    /// Whose it is.
    pub customer_id: CustomerId,
    /// The course.
    pub course_id: CourseId,
    /// What the course is called.
    pub course_title: String,
    /// Since when.
    pub enrolled_at: Timestamp,
    /// How much of the course is done, 0 to 100.
    pub progress: u8,
    /// When the course was last opened.
    pub accessed_at: Option<Timestamp>,
    /// When all of it was done for the first time.
    pub completed_at: Option<Timestamp>,
}
