//! Payments that are reported with what was bought.

use fanbase_domain::{
    facts::{Paid, Payment},
    ids::CustomerId,
    time::Timestamp,
    wire::facts::NewPayment,
};

use super::{
    fact_writer::Ledger,
    payments::{Stored, Told},
};
use crate::error::ApiError;

/// What a payment is for.
#[derive(Clone, Debug)]
pub struct For {
    /// Whose it is.
    pub customer: CustomerId,
    /// What it is called.
    pub title: Option<String>,
    /// The reference of a subscription.
    pub subscription: Option<String>,
    /// When it was bought, which is when it was paid unless told.
    pub at: Timestamp,
}

/// Notes a payment. One of the same name and amount is the same.
///
/// # Errors
/// When there is one of its name with another amount.
pub fn note(ledger: &mut Ledger<'_>, new: NewPayment, what: For) -> Result<Stored, ApiError> {
    let known = ledger.payment(&new.reference).and_then(|known| known.payment.paid);
    let (amount, currency) = (new.price.amount, new.price.currency.unwrap_or(ledger.currency()));
    if known.is_some_and(|paid| (paid.amount, paid.currency) != (amount, currency)) {
        return Err(ApiError::Conflict(
            "There is a payment of this reference with another amount. What was paid does not change: report a refund.",
        ));
    }
    let at = new.paid_at.or(known.map(|paid| paid.at)).unwrap_or(what.at);
    let told = Told {
        names: vec![new.reference],
        customer: Some(what.customer),
        subscription: what.subscription,
        stripe_customer: None,
        title: what.title,
        payment: Payment { paid: Some(Paid { at, amount, currency }), ..Payment::default() },
    };
    Ok(ledger.note_payment(told))
}

/// The name by which a payment is held.
#[must_use]
pub fn lock_name(reference: &str) -> String {
    format!("payment {reference}")
}
