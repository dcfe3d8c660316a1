//! The audience at a glance.

use super::texts;

texts! {
    /// The audience at a glance.
    OverviewTexts {
        failed = "The overview could not be shown",
        growth = "Growth",
        growth_detail = "Everyone in your audience, by month",
        /// How many became known in the present month.
        this_month: fn(&str) -> String = |count| format!("+{count} this month"),
        types = "By type",
        sources = "By source",
        consents = "Email consent",
        conversion = "Conversion",
        conversion_failed = "The conversion could not be shown",
        registered_only = "Registered, never bought",
        contacts = "Contacts and customers",
        with_account = "Have an account",
        bought = "Bought or subscribe",
        accounts = "Registered accounts",
        contacts_funnel = "From contact to customer",
        accounts_funnel = "From account to customer",
        to_accounts = "Contacts who signed up, by month added",
        to_customers = "Contacts with an account who bought, by month added",
        newest = "Newest fans",
        all = "Show all",
        recount = "Recount",
        recount_hint = "Count every row, and correct the numbers if they are off",
        exact = "All counts are correct.",
        drifted: fn(&str) -> String = |counters| format!("These counts were off and have been corrected: {counters}."),
    }
}
