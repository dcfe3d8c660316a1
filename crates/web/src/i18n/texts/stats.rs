//! The customers in numbers.

use super::texts;

texts! {
    /// The customers in numbers.
    StatsTexts {
        title = "Customers in numbers",
        failed = "The numbers could not be shown",
        revenue = "Revenue",
        average_value = "Average value",
        /// Of how many the average is.
        spenders: fn(&str) -> String = |count| format!("of {count} who bought"),
        subscriptions = "Active subscriptions",
        recurring = "Monthly recurring",
        month = "Month",
        by_month = "Contacts and revenue by month",
        new_customers = "New contacts",
    }
}
