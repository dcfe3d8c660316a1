//! The audience at a glance.

use super::texts;

texts! {
    /// The audience at a glance.
    OverviewTexts {
        failed = "The overview could not be shown",
        growth = "Growth",
        growth_detail = "Everyone you can reach, by month",
        /// How many became known in the present month.
        this_month: fn(&str) -> String = |count| format!("+{count} this month"),
        types = "By type",
        sources = "By source",
        consents = "May be mailed",
        conversion = "Conversion",
        conversion_failed = "The conversion could not be shown",
        registered_only = "Registered, but not bought",
        contacts = "Contacts and customers",
        with_account = "Have an account",
        bought = "Bought or subscribe",
        accounts = "Registered accounts",
        contacts_funnel = "From contact to customer",
        accounts_funnel = "From account to customer",
        to_accounts = "Contacts who registered, by the month they became known",
        to_customers = "Registered contacts who bought, by the month they became known",
        newest = "Newest fans",
        all = "Show all",
        recount = "Recount",
        recount_hint = "Count every row anew, and compare",
        exact: fn(&str, &str) -> String =
            |rows, seconds| format!("Counted {rows} rows anew in {seconds} s: no drift."),
        drifted: fn(&str, &str, &str) -> String = |rows, seconds, counters| {
            format!("Counted {rows} rows anew in {seconds} s. These counters were off, and are right now: {counters}.")
        },
    }
}
