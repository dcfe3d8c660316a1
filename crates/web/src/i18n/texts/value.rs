//! What customers are worth.

use super::texts;

texts! {
    /// What customers are worth.
    ValueTexts {
        title = "What customers are worth",
        failed = "The values could not be shown",
        nobody = "Nobody has paid yet. Payments come from Stripe, or over the API.",
        source = "From",
        all = "All",
        customers = "Paid",
        revenue = "Revenue",
        average = "Average",
        expected: fn(u32) -> String = |months| format!("Expected in {months} months"),
        at_least: fn(&str) -> String = |amount| format!("{amount} or more"),
        by_models = "Expected are purchases by the BG/NBD and Gamma-Gamma models, fitted to this store, and \
            subscriptions by how many of them end.",
        too_little = "Too few people bought more than once to say what is expected of purchases; of subscriptions it \
            is said by how many of them end.",
        cohorts = "Value by month of the first payment",
        cohorts_detail = "What one of those who paid first in a month has paid on average, up to the end of each \
            month after that.",
        first_paid = "First paid",
        month: fn(usize) -> String = |month| format!("Month {month}"),
    }
}
