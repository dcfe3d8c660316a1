//! The source of a customer.

use crate::text_enum;

text_enum! {
    /// The first source of a customer.
    pub enum Source {
        /// An ActiveCampaign contact export.
        ActivecampaignImport = "activecampaign_import",
        /// Any other contact file.
        CsvImport = "csv_import",
        /// A purchase through Stripe.
        StripePurchase = "stripe_purchase",
        /// An enrolment in a course.
        CourseEnrollment = "course_enrollment",
        /// A subscription.
        Subscription = "subscription",
        /// Added by hand.
        Manual = "manual",
        /// Created by a third-party tool.
        Api = "api",
        /// Signed up for an account.
        RegisteredUser = "registered_user",
    }
}

impl Source {
    /// The words that a search for this source matches.
    #[must_use]
    pub fn search_words(self) -> &'static str {
        match self {
            Self::ActivecampaignImport => "activecampaign",
            Self::CsvImport => "csv import",
            Self::StripePurchase => "stripe",
            Self::CourseEnrollment => "course",
            Self::Subscription => "subscription",
            Self::Manual => "manual",
            Self::Api => "api",
            Self::RegisteredUser => "sign-up",
        }
    }
}
