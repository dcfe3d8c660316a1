//! Fields that events lack and that can be fetched from Stripe's API (enrichment).

use serde_json::Value;

use super::{Event, fields::hint};

/// A missing field, and the object to fetch it for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lack {
    /// The line items of the checkout session with this id: events never include them.
    LineItems(String),
    /// The customer with this id: most events include the id only.
    Customer(String),
}

impl Lack {
    /// The path of the request, relative to the base URL of the API.
    /// <https://docs.stripe.com/api/checkout/sessions/line_items>,
    /// <https://docs.stripe.com/api/customers/retrieve>
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::LineItems(session) => format!("/v1/checkout/sessions/{session}/line_items?limit=100"),
            Self::Customer(customer) => format!("/v1/customers/{customer}"),
        }
    }
}

impl Event {
    /// The missing field that should be fetched, if any.
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

    /// The store in the metadata. Only events of the platform's own account can name one.
    #[must_use]
    pub fn named_store(&self) -> Option<String> {
        hint([&self.object["metadata"]]).store.filter(|_| self.account.is_none())
    }
}

/// The body of an event with the fetched field, at the place where expanded objects have it.
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

/// An id that is safe to use in a URL path.
fn plain(id: &Value) -> Option<String> {
    let is_plain = |id: &&str| !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    id.as_str().filter(is_plain).map(str::to_owned)
}
