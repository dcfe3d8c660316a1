//! SQL of subscriptions.

use fanbase_domain::{
    email::EmailKey,
    facts::{Claim, Entry, Join as _, Latest, Period, State, Subscription, SubscriptionStatus, Terms},
    ids::{CustomerId, PlanId, StoreId, SubscriptionId},
    money::Currency,
    time::Timestamp,
};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult as _, QueryResult, Value};
use uuid::Uuid;

use super::{
    fact_set::{Fact, Named},
    fact_writer::Ledger,
};
use crate::db::{
    bulk::{OnConflict, Target, Type},
    column::known,
    entities::subscriptions::Model,
    sql::{Each, Sql},
};

/// A stored subscription. Its owner and its state may come from different reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its id.
    pub id: SubscriptionId,
    /// The source's reference.
    pub reference: String,
    /// The earliest claim of ownership, and the customer who made it.
    pub claim: Option<(Claim, CustomerId)>,
    /// The Stripe customer who has it.
    pub stripe_customer: Option<String>,
    /// The plan.
    pub plan: Option<PlanId>,
    /// The title of the plan.
    pub title: Option<String>,
    /// The current state.
    pub subscription: Option<Subscription>,
}

impl Stored {
    /// A subscription of which only the reference is known.
    #[must_use]
    pub fn new(reference: String) -> Self {
        let id = SubscriptionId::new(Uuid::now_v7());
        Self {
            id,
            reference,
            claim: None,
            stripe_customer: None,
            plan: None,
            title: None,
            subscription: None,
        }
    }

    /// The customer it belongs to, once known.
    #[must_use]
    pub fn customer(&self) -> Option<CustomerId> {
        self.claim.as_ref().map(|(_, customer)| *customer)
    }

    fn join(self, told: Self) -> Self {
        let claim = first_claim(self.claim, told.claim);
        let stripe_customer = self.stripe_customer.or(told.stripe_customer);
        let subscription = self.subscription.join(told.subscription);
        // The plan comes from the prevailing report; the other one only fills in missing values.
        let told_counts = told.subscription.is_some() && subscription == told.subscription;
        let (plan, title) = match told_counts {
            true => (told.plan.or(self.plan), told.title.or(self.title)),
            false => (self.plan.or(told.plan), self.title.or(told.title)),
        };
        Self { claim, stripe_customer, plan, title, subscription, id: self.id, reference: self.reference }
    }
}

/// The earlier of two claims.
pub(super) fn first_claim(
    one: Option<(Claim, CustomerId)>,
    other: Option<(Claim, CustomerId)>,
) -> Option<(Claim, CustomerId)> {
    match (one, other) {
        (Some(one), Some(other)) => Some(if other.0 < one.0 { other } else { one }),
        (one, other) => one.or(other),
    }
}

impl Fact for Stored {
    const TARGET: Target = Target {
        table: "subscriptions",
        columns: &[
            ("store_id", Type::Uuid),
            ("id", Type::Uuid),
            ("reference", Type::Text),
            ("customer_id", Type::Uuid),
            ("claimed_at", Type::BigInt),
            ("claimed_key", Type::Text),
            ("plan_id", Type::Uuid),
            ("title", Type::Text),
            ("told_at", Type::BigInt),
            ("status", Type::Text),
            ("period_end", Type::BigInt),
            ("cancel_at_period_end", Type::BigInt),
            ("started_at", Type::BigInt),
            ("ended_at", Type::BigInt),
            ("amount", Type::BigInt),
            ("currency", Type::Text),
            ("period", Type::Text),
            ("period_count", Type::BigInt),
            ("stripe_customer", Type::Text),
        ],
        // Person columns are cleared once there is a customer: the customer row holds them from then on.
        on_conflict: OnConflict::Replace {
            key: &["store_id", "id"],
            keep: &["reference"],
            more: ", user_id = CASE WHEN excluded.customer_id IS NULL THEN subscriptions.user_id END,
                email = CASE WHEN excluded.customer_id IS NULL THEN subscriptions.email END,
                name = CASE WHEN excluded.customer_id IS NULL THEN subscriptions.name END",
        },
    };

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn customer(&self) -> Option<CustomerId> {
        self.customer()
    }

    fn entries(&self) -> Vec<Entry> {
        self.subscription.as_ref().map(Subscription::timeline).unwrap_or_default()
    }

    fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    fn values(&self, store_id: StoreId) -> Vec<Value> {
        let state = self.subscription.as_ref().map(Subscription::state);
        let terms = state.and_then(|state| state.terms);
        let claim = self.claim.as_ref().map(|(claim, _)| claim);
        vec![
            store_id.uuid().into(),
            self.id.uuid().into(),
            self.reference.as_str().into(),
            self.customer().map(CustomerId::uuid).into(),
            claim.map(|claim| claim.at.millis()).into(),
            claim.map(|claim| claim.key.as_str().to_owned()).into(),
            self.plan.map(PlanId::uuid).into(),
            self.title.clone().into(),
            self.subscription.map(|subscription| subscription.0.at.millis()).into(),
            state.map(|state| state.status.as_str().to_owned()).into(),
            state.and_then(|state| state.period_end).map(Timestamp::millis).into(),
            i64::from(state.is_some_and(|state| state.cancel_at_period_end)).into(),
            state.map(|state| state.started_at.millis()).into(),
            state.and_then(|state| state.ended_at).map(Timestamp::millis).into(),
            terms.map(|terms| terms.amount).into(),
            terms.map(|terms| terms.currency.to_string()).into(),
            terms.map(|terms| terms.interval.as_str().to_owned()).into(),
            terms.map(|terms| terms.interval_count).into(),
            self.stripe_customer.clone().into(),
        ]
    }
}

/// The source's reference of a subscription.
///
/// # Errors
/// Returns the error of the database.
pub async fn reference_of(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    id: SubscriptionId,
) -> Result<Option<String>, DbErr> {
    let mut sql = Sql::new("SELECT reference FROM subscriptions WHERE store_id = ");
    sql.bind(store_id.uuid()).push(" AND id = ").bind(id.uuid());
    sql.one(db).await?.map(|row| row.try_get_by_index(0)).transpose()
}

impl Named for Stored {
    const COLUMNS: &str = "subscriptions.*";

    fn reference(&self) -> &str {
        &self.reference
    }

    fn of_row(row: &QueryResult) -> Result<Self, DbErr> {
        stored(Model::from_query_result(row, "")?)
    }
}

impl Ledger<'_> {
    /// The subscription with this reference, as currently known.
    #[must_use]
    pub fn subscription(&self, reference: &str) -> Option<&Stored> {
        self.subscriptions.get(reference)
    }

    /// Adds a stored subscription. The caller must have locked its row.
    pub fn stock_subscription(&mut self, stored: Stored) {
        self.subscriptions.take_in(stored);
    }

    /// Merges a reported subscription with the known state.
    pub fn note_subscription(&mut self, told: Stored) -> Stored {
        let joined = match self.subscriptions.get(&told.reference) {
            Some(known) => known.clone().join(told),
            None => told,
        };
        self.subscriptions.put(&joined.reference, joined.clone());
        joined
    }
}

/// Subscriptions whose `column` equals one of these texts, locked until the transaction ends.
pub(super) async fn having(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    column: &'static str,
    texts: &[&str],
) -> Result<Vec<Stored>, DbErr> {
    let mut sql = Sql::new("SELECT subscriptions.* FROM ");
    sql.each(db, &Each::named("subscriptions", store_id, column, texts));
    sql.models::<Model>(db).await?.into_iter().map(stored).collect()
}

/// The subscriptions of customers; those without a known state are left out.
///
/// # Errors
/// Returns the error of the database.
pub async fn of_customers(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    customers: &[Uuid],
) -> Result<Vec<(CustomerId, Subscription)>, DbErr> {
    let mut sql = Sql::new("SELECT subscriptions.* FROM ");
    sql.each(db, &Each::of_customers("subscriptions", store_id, customers));
    let mut subscriptions = Vec::new();
    for model in sql.models::<Model>(db).await? {
        let stored = stored(model)?;
        subscriptions.extend(stored.customer().zip(stored.subscription));
    }
    Ok(subscriptions)
}

/// Maps a row to the subscription.
///
/// # Errors
/// `DbErr` when a status, currency or period is unknown.
pub fn stored(model: Model) -> Result<Stored, DbErr> {
    let time = |millis: Option<i64>| millis.map(Timestamp::from_millis);
    let claim = match (model.claimed_at, model.claimed_key, model.customer_id) {
        (Some(at), Some(key), Some(customer)) => {
            let claim = Claim { at: Timestamp::from_millis(at), key: EmailKey::from_stored(key) };
            Some((claim, CustomerId::new(customer)))
        }
        _ => None,
    };
    let terms = match (model.amount, model.currency, model.period, model.period_count) {
        (Some(amount), Some(currency), Some(period), Some(interval_count)) => Some(Terms {
            amount,
            currency: known(Currency::parse(&currency), "currency")?,
            interval: known(Period::parse(&period), "period")?,
            interval_count,
        }),
        _ => None,
    };
    let subscription = match (model.told_at, model.status, model.started_at) {
        (Some(told_at), Some(status), Some(started_at)) => {
            let state = State {
                status: known(SubscriptionStatus::parse(&status), "status")?,
                period_end: time(model.period_end),
                cancel_at_period_end: model.cancel_at_period_end != 0,
                started_at: Timestamp::from_millis(started_at),
                ended_at: time(model.ended_at),
                terms,
            };
            Some(Subscription(Latest::new(Timestamp::from_millis(told_at), state)))
        }
        _ => None,
    };
    Ok(Stored {
        id: SubscriptionId::new(model.id),
        reference: model.reference,
        claim,
        stripe_customer: model.stripe_customer,
        plan: model.plan_id.map(PlanId::new),
        title: model.title,
        subscription,
    })
}
