//! What customers are worth.

use super::texts;

texts! {
    /// What customers are worth.
    ValueTexts {
        title = "What customers are worth",
        failed = "The values could not be shown",
        nobody = "No payments yet. They come from Stripe or through the API.",
        source = "From",
        all = "All",
        customers = "Paid",
        revenue = "Revenue",
        average = "Average",
        expected: fn(u32) -> String = |months| format!("Expected in {months} months"),
        at_least: fn(&str) -> String = |amount| format!("{amount} or more"),
        by_models = "Forecast from how often your buyers come back and how many subscriptions end.",
        too_little = "Not enough repeat buyers to forecast purchases yet. Subscriptions are forecast from how many end.",
        cohorts = "Value by month of the first payment",
        cohorts_detail = "Average total per customer, by the month of their first payment.",
        first_paid = "First paid",
        month: fn(usize) -> String = |month| format!("Month {month}"),
    }
}
