//! Asks Stripe for what an event lacks, if there is a key for it. Without, or when Stripe does not
//! answer, the event says what it says.

use std::{borrow::Cow, fmt, str::FromStr};

use fanbase_domain::{
    stripe::{
        Event,
        lack::{self, Lack},
    },
    wire::webhooks::WebhookSource,
};
use reqwest::Client;
use sea_orm::{ConnectionTrait, DbErr};
use serde::Deserialize;

use crate::{config::Config, db::sql::Sql, error::ApiError, http::outgoing, webhooks::events};

/// An event lacks at most so many things.
const MOST: usize = 2;

/// A key to an account at Stripe, best a restricted one that may read checkout sessions and customers.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Key(String);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key")
    }
}

impl FromStr for Key {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        match text.split_once('_') {
            Some(("rk" | "sk", rest)) if !rest.is_empty() => Ok(Self(text.to_owned())),
            _ => Err("expected a key of Stripe's API, which starts with rk_ or sk_".to_owned()),
        }
    }
}

impl TryFrom<String> for Key {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// Asks Stripe.
#[derive(Debug)]
pub struct Asking(Option<Api>);

#[derive(Debug)]
struct Api {
    client: Client,
    url: String,
    key: Key,
}

impl Asking {
    /// As the settings say.
    ///
    /// # Errors
    /// When nothing can be asked on this system.
    pub fn new(config: &Config) -> Result<Self, ApiError> {
        let Some(key) = config.stripe_api_key.clone() else { return Ok(Self(None)) };
        let client = outgoing::client().map_err(ApiError::Internal)?;
        let url = config.stripe_api_url.trim_end_matches('/').to_owned();
        Ok(Self(Some(Api { client, url, key })))
    }

    /// The body of an event with what it lacks.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn complete<'a>(
        &self,
        db: &impl ConnectionTrait,
        body: &'a [u8],
    ) -> Result<Cow<'a, [u8]>, DbErr> {
        let mut body = Cow::Borrowed(body);
        let Some(api) = &self.0 else { return Ok(body) };
        for _ in 0..MOST {
            let Ok(event) = Event::read(&body) else { break };
            let Some(lack) = event.lack() else { break };
            if is_known(db, &event).await? {
                break;
            }
            let answer = match api.ask(&lack, event.account.as_deref()).await {
                Ok(answer) => answer,
                Err(error) => {
                    tracing::warn!(
                        webhook.event = event.id,
                        error.detail = error,
                        "Stripe does not say what an event lacks"
                    );
                    break;
                }
            };
            let Some(completed) = lack::completed(&body, &lack, answer) else { break };
            body = Cow::Owned(completed);
        }
        Ok(body)
    }
}

impl Api {
    async fn ask(&self, lack: &Lack, account: Option<&str>) -> Result<serde_json::Value, String> {
        let mut request = self.client.get(format!("{}{}", self.url, lack.path())).bearer_auth(&self.key.0);
        if let Some(account) = account {
            request = request.header("stripe-account", account);
        }
        outgoing::json(request).await
    }
}

/// Whether the event has been dealt with, or is about a subscription whose customer is known.
async fn is_known(db: &impl ConnectionTrait, event: &Event) -> Result<bool, DbErr> {
    if !events::done(db, WebhookSource::Stripe, &[&event.id]).await?.is_empty() {
        return Ok(true);
    }
    let Some(subscription) = event.subscription() else { return Ok(false) };
    let mut sql = Sql::new("SELECT 1 FROM subscriptions WHERE customer_id IS NOT NULL AND reference = ");
    sql.bind(subscription);
    Ok(sql.one(db).await?.is_some())
}
