//! The words for what the domain knows: labels are for people, codes stay in the API.

use fanbase_domain::{consent::Consent, customer::CustomerStatus, fan::FanType, role::Role, source::Source};

use super::texts;
use crate::i18n::Ago;

texts! {
    /// The words for what the domain knows.
    WordTexts {
        /// Said to screen readers in the place of a dash.
        none = "None",
        yes = "Yes",
        no = "No",
        /// The type of one fan, on a badge.
        fan_type: fn(FanType) -> &'static str = |kind| match kind {
            FanType::Lead => "Lead",
            FanType::Paying => "Customer",
            FanType::Subscription => "Subscriber",
            FanType::User => "Registered User",
        },
        /// Many fans of a type.
        fan_types: fn(FanType) -> &'static str = |kind| match kind {
            FanType::Lead => "Leads",
            FanType::Paying => "Customers",
            FanType::Subscription => "Subscribers",
            FanType::User => "Registered",
        },
        /// Where a fan came from.
        source: fn(Source) -> &'static str = |source| match source {
            Source::ActivecampaignImport => "ActiveCampaign",
            Source::CsvImport => "CSV import",
            Source::StripePurchase => "Stripe",
            Source::CourseEnrollment => "Course",
            Source::Subscription => "Subscription",
            Source::Manual => "By hand",
            Source::Api => "API",
            Source::RegisteredUser => "Sign-up",
        },
        /// Whether they may be mailed.
        consent: fn(Consent) -> &'static str = |consent| match consent {
            Consent::Subscribed => "Subscribed",
            Consent::Unconfirmed => "Unconfirmed",
            Consent::Unsubscribed => "Unsubscribed",
            Consent::Bounced => "Bounced",
            Consent::Complained => "Complained",
        },
        status: fn(CustomerStatus) -> &'static str = |status| match status {
            CustomerStatus::Active => "Active",
            CustomerStatus::Inactive => "Inactive",
        },
        /// What a member may do, in a word.
        role: fn(Role) -> &'static str = |role| match role {
            Role::AgencyOwner => "Owner",
            Role::AgencyAdmin => "Manager",
            Role::SubaccountUser => "Member",
            Role::SubaccountGuest => "Guest",
        },
        /// A time span, such as "3 d ago".
        ago: fn(Ago) -> String = |ago| match ago {
            Ago::Now => "just now".to_owned(),
            Ago::Minutes(n) => format!("{n} min ago"),
            Ago::Hours(n) => format!("{n} h ago"),
            Ago::Days(n) => format!("{n} d ago"),
            Ago::Weeks(n) => format!("{n} w ago"),
            Ago::Months(n) => format!("{n} mo ago"),
            Ago::Years(n) => format!("{n} y ago"),
        },
    }
}
