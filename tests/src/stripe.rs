//! Events as Stripe sends them.

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

/// Where they are sent.
pub const PATH: &str = "/api/v1/webhooks/stripe";
/// The connected account of the fixtures.
pub const ACCOUNT: &str = "acct_1";

/// Which API wrote an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generation {
    /// Before 2025-03-31.
    Old,
    /// Since then.
    New,
}

macro_rules! fixtures {
    ($($name:literal),* $(,)?) => {
        /// An event as Stripe sends it.
        ///
        /// # Panics
        /// When there is none of the name.
        #[must_use]
        pub fn fixture(generation: Generation, name: &str) -> Value {
            let text = match (generation, name) {
                $(
                    (Generation::Old, $name) => include_str!(concat!(
                        "../../crates/domain/src/stripe/fixtures/2024-06-20/", $name, ".json"
                    )),
                    (Generation::New, $name) => include_str!(concat!(
                        "../../crates/domain/src/stripe/fixtures/2025-03-31/", $name, ".json"
                    )),
                )*
                (Generation::New, "invoice-payment") => {
                    include_str!("../../crates/domain/src/stripe/fixtures/2025-03-31/invoice-payment.json")
                }
                _ => panic!("there is no {name}"),
            };
            serde_json::from_str(text).unwrap()
        }
    };
}

fixtures!(
    "account-updated",
    "charge-refunded",
    "charge-refunded-in-part",
    "checkout-delayed",
    "checkout-delayed-failed",
    "checkout-delayed-succeeded",
    "checkout-payment",
    "checkout-subscription",
    "dispute-created",
    "dispute-lost",
    "dispute-won",
    "invoice-paid",
    "invoice-refunded",
    "refund-created",
    "refund-failed",
    "subscription-active",
    "subscription-created",
    "subscription-deleted",
    "subscription-leaving",
);

/// The same event about another person: ids and address are theirs.
#[must_use]
pub fn about(event: &Value, n: usize) -> Value {
    let mut text = event.to_string();
    for id in [
        "cs_1", "cs_2", "cs_3", "pi_1", "pi_2", "pi_3", "in_1", "ch_1", "ch_9", "sub_1", "cus_1", "re_1",
        "dp_1", "du_1",
    ] {
        text = text.replace(&format!("\"{id}\""), &format!("\"{id}_{n}\""));
    }
    text = text.replace("\"evt_", &format!("\"evt_{n}_"));
    text = text.replace("va.Lindqvist@example.com", &format!("va{n}@example.com"));
    serde_json::from_str(&text).unwrap()
}

/// The same event of a connected account.
#[must_use]
pub fn connected(event: &Value) -> Value {
    let mut event = event.clone();
    event["account"] = json!(ACCOUNT);
    event
}

/// The header that signs a body.
#[must_use]
pub fn sign(secret: &str, at: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{at}.{body}").as_bytes());
    format!("t={at},v1={}", hex::encode(mac.finalize().into_bytes()))
}
