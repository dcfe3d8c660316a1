//! Parses Stripe's events, which are delivered in any order and more than once.
//!
//! Both generations of objects are supported, before and since API version 2025-03-31 ("basil"). That
//! version moved the period of a subscription into its items, the subscription of an invoice into its
//! parent, and the payment of an invoice into an object of its own. Objects:
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

/// The metadata keys by which an object names its store and the item sold.
pub const METADATA: [&str; 4] = ["fanbase_store", "fanbase_product", "fanbase_course", "fanbase_plan"];

/// The reason why an event cannot be parsed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum StripeError {
    /// Not JSON.
    #[error("The event is not JSON.")]
    NotJson,
    /// A required field is missing or has the wrong type.
    #[error("The event has no {0}, or not one of the right kind.")]
    Missing(&'static str),
    /// An unknown currency.
    #[error("The event's currency is none that Fanbase knows.")]
    Currency,
    /// No e-mail address, and no Stripe customer or subscription whose owner another event may name.
    #[error("The event has no e-mail address, or none that can be mailed.")]
    NoAddress,
}

/// The envelope of an event, the same for all types.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its id, stable across redeliveries.
    pub id: String,
    /// Its type, such as `invoice.paid`.
    pub kind: String,
    /// Time of the event.
    pub created: Timestamp,
    /// The connected account of the event; `None` for the platform's own account.
    pub account: Option<String>,
    /// Whether the event is from Stripe's test mode, where no money moves. Endpoints for connected
    /// accounts receive events of both modes.
    pub is_test: bool,
    object: Value,
}

/// The effect of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Facts about a customer.
    Facts(Box<Notice>),
    /// The onboarding state of a connected account.
    Account {
        /// The account.
        account: String,
        /// Its onboarding state, as of the event.
        status: Latest<ConnectStatus>,
    },
}

/// The facts in an event, about one payment or subscription of one customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Time of the event.
    pub at: Timestamp,
    /// The source of a customer who is not known yet.
    pub source: Source,
    /// Ids of the payment: of its intent, charge, invoice, checkout session.
    pub payment: Vec<String>,
    /// Id of the subscription.
    pub subscription: Option<String>,
    /// Id of the Stripe customer.
    pub stripe_customer: Option<String>,
    /// The person, if the event names one.
    pub person: Option<Person>,
    /// The store and the item sold, as far as the event has them.
    pub hint: Hint,
    /// The reports.
    pub reports: Vec<Report>,
}

/// The store and the item sold, as an event names them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hint {
    /// Id or slug of the store.
    pub store: Option<String>,
    /// The reference of a product.
    pub product: Option<String>,
    /// The reference of a course.
    pub course: Option<String>,
    /// The reference of a plan.
    pub plan: Option<String>,
    /// Price ids.
    pub prices: Vec<String>,
    /// Stripe's description of the item.
    pub title: Option<String>,
}

/// A report about a payment or a subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// A purchase, with the id of its checkout session.
    Purchase(String),
    /// The payment was made.
    Paid(Paid),
    /// The total refunded amount of the payment.
    RefundedInAll(Latest<i64>),
    /// A refund or dispute of the payment, with its id.
    Refund(String, Refund),
    /// The state of the subscription.
    State(Subscription),
}

impl Notice {
    /// All ids of the payment and the subscription, by which a store may know them.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.payment.iter().chain(&self.subscription).map(String::as_str)
    }
}

impl Event {
    /// Parses the envelope of an event. Thin events (`v2.core.event`) have no object, and a text as
    /// their time.
    ///
    /// # Errors
    /// [`StripeError::NotJson`]; [`StripeError::Missing`] without id, type or time.
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

    /// The effect of the event; `None` for irrelevant types, test events and events without a result
    /// yet.
    ///
    /// # Errors
    /// [`StripeError`] if the object lacks a required field.
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

    /// Whether events of this type are processed.
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
