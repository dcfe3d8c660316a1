//! What Stripe's events say of a store's customers, in events that come in any order and more than
//! once.
//!
//! Read are the objects as they were before and since the API of 2025-03-31 ("basil"), which moved
//! the period of a subscription into its items, the subscription of an invoice into its parent, and
//! the payment of an invoice into an object of its own. Objects:
//! <https://docs.stripe.com/api/events/types>

mod fields;
pub mod lack;
mod objects;

use serde_json::Value;
use thiserror::Error;

use self::fields::{clean, moment, text};
use crate::{
    facts::{Latest, Paid, Person, Refund, Subscription},
    source::Source,
    time::Timestamp,
    wire::admin::ConnectStatus,
};

/// Where an object names its store and what is sold: keys of its metadata.
pub const METADATA: [&str; 4] = ["fanbase_store", "fanbase_product", "fanbase_course", "fanbase_plan"];

/// Why an event cannot be understood.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum StripeError {
    /// Not even JSON.
    #[error("The event is not JSON.")]
    NotJson,
    /// A part that must be there.
    #[error("The event has no {0}, or not one of the right kind.")]
    Missing(&'static str),
    /// An amount of money in something else.
    #[error("The event's currency is none that Fanbase knows.")]
    Currency,
    /// Neither an address, nor a customer or subscription that another event may tell the owner of.
    #[error("The event has no e-mail address, or none that can be mailed.")]
    NoAddress,
}

/// An event, as far as all of them are the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its id, the same whenever it is delivered.
    pub id: String,
    /// Its type, such as `invoice.paid`.
    pub kind: String,
    /// When it happened.
    pub created: Timestamp,
    /// The connected account that it is about; without one, it is about the platform's own.
    pub account: Option<String>,
    /// Whether it is of Stripe's test mode, where no money moves. Endpoints for connected accounts get
    /// events of both modes.
    pub is_test: bool,
    object: Value,
}

/// What an event changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Facts about a customer.
    Facts(Box<Notice>),
    /// How far a connected account is.
    Account {
        /// The account.
        account: String,
        /// How far it is, as of the event.
        status: Latest<ConnectStatus>,
    },
}

/// What an event says of one payment or subscription of one customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// As of when.
    pub at: Timestamp,
    /// Where somebody came from of whom nothing else is known.
    pub source: Source,
    /// Names of one payment: of its intent, charge, invoice, checkout session.
    pub payment: Vec<String>,
    /// The id of a subscription.
    pub subscription: Option<String>,
    /// The id of Stripe's customer.
    pub stripe_customer: Option<String>,
    /// Who it is about, if the event says so.
    pub person: Option<Person>,
    /// What it is about.
    pub hint: Hint,
    /// What is reported.
    pub reports: Vec<Report>,
}

/// What an event says of what was sold, and by whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hint {
    /// The store, by its id or slug.
    pub store: Option<String>,
    /// The reference of a product.
    pub product: Option<String>,
    /// The reference of a course.
    pub course: Option<String>,
    /// The reference of a plan.
    pub plan: Option<String>,
    /// Ids of prices.
    pub prices: Vec<String>,
    /// What Stripe calls it.
    pub title: Option<String>,
}

/// Something that is reported of a payment or a subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// Something was bought, by the checkout session of this id.
    Purchase(String),
    /// The payment was made.
    Paid(Paid),
    /// So much of the payment was refunded in all.
    RefundedInAll(Latest<i64>),
    /// A refund or dispute of the payment, by its id.
    Refund(String, Refund),
    /// Where the subscription stands.
    State(Subscription),
}

impl Notice {
    /// All names of what it is about, by which a store may know it.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.payment.iter().chain(&self.subscription).map(String::as_str)
    }
}

impl Event {
    /// Reads what all events have in common. Thin events (`v2.core.event`) have no object, and when
    /// they happened is a text.
    ///
    /// # Errors
    /// When the body is none of Stripe's events.
    pub fn read(body: &[u8]) -> Result<Self, StripeError> {
        let mut event: Value = serde_json::from_slice(body).map_err(|_| StripeError::NotJson)?;
        let id = text(&event, "id").ok_or(StripeError::Missing("id"))?;
        let kind = text(&event, "type").ok_or(StripeError::Missing("type"))?;
        let created = moment(&event["created"]).ok_or(StripeError::Missing("created"))?;
        let account = text(&event, "account");
        let is_test = event["livemode"].as_bool() == Some(false);
        let object = event["data"]["object"].take();
        Ok(Self { id, kind, created, account, is_test, object })
    }

    /// What the event changes; `None` when it is about nothing that is kept, or nothing yet.
    ///
    /// # Errors
    /// When the event lacks what it must have.
    pub fn change(&self) -> Result<Option<Change>, StripeError> {
        let (object, at) = (&self.object, self.created);
        if self.is_test || !self.is_read() {
            return Ok(None);
        }
        if !object.is_object() {
            return Err(StripeError::Missing("data.object"));
        }
        let notice = match self.kind.as_str() {
            "checkout.session.completed" | "checkout.session.async_payment_succeeded" => {
                objects::session(object, at)?
            }
            "invoice.paid" | "invoice.payment_succeeded" => Some(objects::invoice(object, at)?),
            "invoice_payment.paid" => objects::invoice_payment(object, at),
            kind if kind.starts_with("customer.subscription.") => {
                Some(objects::subscription(object, at, kind.ends_with(".deleted"))?)
            }
            "charge.refunded" => Some(objects::charge(object, at)?),
            kind if kind.starts_with("charge.dispute.") => Some(objects::dispute(object, at)?),
            "account.updated" | "account.application.deauthorized" => return self.account_change(),
            _ => Some(objects::refund(object, at)?),
        };
        Ok(notice.map(|notice| Change::Facts(Box::new(notice))))
    }

    /// Whether events of the type are about anything that is kept.
    fn is_read(&self) -> bool {
        match self.kind.as_str() {
            "checkout.session.completed"
            | "checkout.session.async_payment_succeeded"
            | "invoice.paid"
            | "invoice.payment_succeeded"
            | "invoice_payment.paid"
            | "customer.subscription.created"
            | "customer.subscription.updated"
            | "customer.subscription.deleted"
            | "customer.subscription.paused"
            | "customer.subscription.resumed"
            | "charge.refunded"
            | "refund.created"
            | "refund.updated"
            | "refund.failed"
            | "charge.refund.updated"
            | "account.updated"
            | "account.application.deauthorized" => true,
            kind => kind.starts_with("charge.dispute."),
        }
    }

    fn account_change(&self) -> Result<Option<Change>, StripeError> {
        let is_updated = self.kind == "account.updated";
        let own = clean(self.object["id"].as_str().unwrap_or_default()).filter(|_| is_updated);
        let account = self.account.clone().or(own).ok_or(StripeError::Missing("account"))?;
        let flag = |name: &str| self.object[name].as_bool() == Some(true);
        let status = match (is_updated, flag("charges_enabled"), flag("payouts_enabled")) {
            (false, ..) => ConnectStatus::NotConnected,
            (true, true, true) => ConnectStatus::CanBePaidOut,
            (true, true, false) => ConnectStatus::CanCharge,
            (true, false, _) => ConnectStatus::Incomplete,
        };
        Ok(Some(Change::Account { account, status: Latest::new(self.created, status) }))
    }
}

#[cfg(all(test, feature = "unicode"))]
mod tests;
