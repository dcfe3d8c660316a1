//! Enriches events: fetches fields that an event lacks from Stripe's API, if an API key is configured.
//! Without a key, or when Stripe does not respond, the event is processed as it is.

use crate::{
    config::Config, db::sql::Sql, error::ApiError, http::client, secrets::StripeKey, webhooks::events,
};
use std::borrow::Cow;

use fanbase_domain::{
    stripe::{
        Change, Event,
        lack::{self, Lack},
    },
    wire::webhooks::WebhookSource,
};
use reqwest::Client;
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

/// Maximum number of fetches per event.
const MOST: usize = 2;

/// Client of Stripe's API, if one is configured.
#[derive(Debug)]
pub struct Asking(Option<Api>);

#[derive(Debug)]
struct Api {
    client: Client,
    url: String,
    key: StripeKey,
}

impl Asking {
    /// Creates the client from the configuration.
    ///
    /// # Errors
    /// `ApiError::Internal` when the HTTP client cannot be created.
    pub fn new(config: &Config) -> Result<Self, ApiError> {
        let Some(key) = config.stripe_api_key.clone() else { return Ok(Self(None)) };
        let client = client::client().map_err(ApiError::Internal)?;
        let url = config.stripe_api_url.trim_end_matches('/').to_owned();
        Ok(Self(Some(Api { client, url, key })))
    }

    /// The body of an event with the missing fields filled in.
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
            if is_known(db, &event, &lack).await? {
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
        client::json(request).await
    }
}

/// Whether nothing must be fetched: the event was processed before, or lacks only its customer, and the store
/// of the event knows that customer by the subscription or by the Stripe customer.
async fn is_known(db: &impl ConnectionTrait, event: &Event, lack: &Lack) -> Result<bool, DbErr> {
    if !events::done(db, WebhookSource::Stripe, &[&event.id]).await?.is_empty() {
        return Ok(true);
    }
    let (Lack::Customer(customer), Ok(Some(Change::Facts(notice)))) = (lack, event.change()) else {
        return Ok(false);
    };
    let mut sql = Sql::new("SELECT 1 FROM stores s WHERE ");
    match (&event.account, &notice.hint.store) {
        (Some(account), _) => sql.push("s.stripe_account = ").bind(account.as_str()),
        (None, Some(store)) => match Uuid::parse_str(store) {
            Ok(id) => sql.push("s.id = ").bind(id),
            Err(_) => sql.push("s.slug = ").bind(store.as_str()),
        },
        (None, None) => sql.push("s.takes_platform_events"),
    };
    sql.push(" AND (EXISTS (SELECT 1 FROM stripe_customers c WHERE c.store_id = s.id AND c.reference = ");
    sql.bind(customer.as_str()).push(")");
    if let Some(subscription) = notice.subscription {
        sql.push(" OR EXISTS (SELECT 1 FROM subscriptions b WHERE b.store_id = s.id AND b.reference = ");
        sql.bind(subscription).push(" AND b.customer_id IS NOT NULL)");
    }
    sql.push(") LIMIT 1");
    Ok(sql.one(db).await?.is_some())
}
