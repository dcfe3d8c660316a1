//! What an event lacks, and Stripe tells whoever has a key and asks.

use serde_json::Value;

use super::{Event, fields::hint};

/// What Stripe may be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lack {
    /// What was sold in the checkout session of this id: events of sessions never say it.
    LineItems(String),
    /// Who the customer of this id is: most events only name the id.
    Customer(String),
}

impl Lack {
    /// Where Stripe tells it, below the address of its API.
    /// <https://docs.stripe.com/api/checkout/sessions/line_items>, <https://docs.stripe.com/api/customers/retrieve>
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::LineItems(session) => format!("/v1/checkout/sessions/{session}/line_items?limit=100"),
            Self::Customer(customer) => format!("/v1/customers/{customer}"),
        }
    }
}

impl Event {
    /// What the event lacks of that which it is read for.
    #[must_use]
    pub fn lack(&self) -> Option<Lack> {
        if self.is_test {
            return None;
        }
        let object = &self.object;
        match self.kind.as_str() {
            "checkout.session.completed" | "checkout.session.async_payment_succeeded" => {
                let said = hint([&object["metadata"]]);
                let is_named = said.product.or(said.course).or(said.plan).is_some();
                let sold = plain(&object["id"]).filter(|_| !is_named && object["line_items"].is_null());
                let has_address =
                    object["customer_details"]["email"].is_string() || object["customer_email"].is_string();
                sold.map(Lack::LineItems).or_else(|| if has_address { None } else { self.customer() })
            }
            "invoice.paid" | "invoice.payment_succeeded" if !object["customer_email"].is_string() => {
                self.customer()
            }
            kind if kind.starts_with("customer.subscription.") => self.customer(),
            _ => None,
        }
    }

    fn customer(&self) -> Option<Lack> {
        plain(&self.object["customer"]).map(Lack::Customer)
    }

    /// The store that the metadata name: only those of the platform's own account can.
    #[must_use]
    pub fn named_store(&self) -> Option<String> {
        hint([&self.object["metadata"]]).store.filter(|_| self.account.is_none())
    }
}

/// The body of an event with what it lacked, where Stripe has it in events that do not lack it.
#[must_use]
pub fn completed(body: &[u8], lack: &Lack, answer: Value) -> Option<Vec<u8>> {
    let mut event: Value = serde_json::from_slice(body).ok()?;
    let object = event["data"]["object"].as_object_mut()?;
    let field = match lack {
        Lack::LineItems(_) => "line_items",
        Lack::Customer(_) => "customer",
    };
    object.insert(field.to_owned(), answer);
    serde_json::to_vec(&event).ok()
}

/// An id that may be part of an address.
fn plain(id: &Value) -> Option<String> {
    let is_plain = |id: &&str| !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    id.as_str().filter(is_plain).map(str::to_owned)
}
