//! Payments reported together with a purchase or subscription.

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

/// The subject of a payment.
#[derive(Clone, Debug)]
pub struct For {
    /// The customer.
    pub customer: CustomerId,
    /// The title of the item.
    pub title: Option<String>,
    /// The reference of a subscription.
    pub subscription: Option<String>,
    /// The time of purchase, which is the time of payment unless the report says otherwise.
    pub at: Timestamp,
}

/// Records a payment. Reporting the same reference and amount again is idempotent.
///
/// # Errors
/// `ApiError::Conflict` when there is a payment of this reference with another amount or currency.
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

/// The name under which a payment is locked.
#[must_use]
pub fn lock_name(reference: &str) -> String {
    format!("payment {reference}")
}
