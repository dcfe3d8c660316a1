//! SQL of subscriptions.

use fanbase_domain::{
    email::EmailKey,
    facts::{Claim, Join as _, Latest, Period, State, Subscription, SubscriptionStatus, Terms},
    ids::{CustomerId, PlanId, StoreId, SubscriptionId},
    money::Currency,
    time::Timestamp,
};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::{
    ledger::Ledger,
    timeline::{self, Lines},
};
use crate::{
    customers::rows::known,
    db::{
        bulk::{self, Target, Type},
        entities::subscriptions::Model,
        is_sqlite,
        sql::Sql,
    },
    error::ApiError,
};

const SUBSCRIPTIONS: Target = Target {
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
    ],
    on_conflict: "ON CONFLICT (store_id, id) DO UPDATE SET customer_id = excluded.customer_id,
        claimed_at = excluded.claimed_at, claimed_key = excluded.claimed_key, plan_id = excluded.plan_id,
        title = excluded.title, told_at = excluded.told_at, status = excluded.status,
        period_end = excluded.period_end, cancel_at_period_end = excluded.cancel_at_period_end,
        started_at = excluded.started_at, ended_at = excluded.ended_at, amount = excluded.amount,
        currency = excluded.currency, period = excluded.period, period_count = excluded.period_count",
};

/// A subscription as it is stored. Whose it is and where it stands may come in different reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its id.
    pub id: SubscriptionId,
    /// Its name at whoever reports it.
    pub reference: String,
    /// Who said first that it is theirs, and which customer that is.
    pub claim: Option<(Claim, CustomerId)>,
    /// The plan.
    pub plan: Option<PlanId>,
    /// What the plan is called.
    pub title: Option<String>,
    /// Where it stands.
    pub subscription: Option<Subscription>,
}

impl Stored {
    /// A subscription of which only the name is known.
    #[must_use]
    pub fn new(reference: String) -> Self {
        let id = SubscriptionId::new(Uuid::now_v7());
        Self { id, reference, claim: None, plan: None, title: None, subscription: None }
    }

    /// Whose it is.
    #[must_use]
    pub fn customer(&self) -> Option<CustomerId> {
        self.claim.as_ref().map(|(_, customer)| *customer)
    }

    fn lines(&self) -> Lines {
        let mut lines = Lines::default();
        if let Some(subscription) = &self.subscription {
            lines.add(self.customer(), self.id.uuid(), subscription.timeline(), self.title.as_deref());
        }
        lines
    }

    fn join(self, told: Self) -> Self {
        let claim = match (self.claim, told.claim) {
            (Some(one), Some(other)) => {
                let first = one.0.clone().join(other.0.clone());
                Some(if first == one.0 { one } else { other })
            }
            (one, other) => one.or(other),
        };
        let subscription = self.subscription.join(told.subscription);
        // The plan is that of the report that counts; others only fill in.
        let told_counts = told.subscription.is_some() && subscription == told.subscription;
        let (plan, title) = match told_counts {
            true => (told.plan.or(self.plan), told.title.or(self.title)),
            false => (self.plan.or(told.plan), self.title.or(told.title)),
        };
        Self { claim, plan, title, subscription, id: self.id, reference: self.reference }
    }
}

/// How a subscription is found.
#[derive(Clone, Copy, Debug)]
pub enum Which<'a> {
    /// By its id.
    Id(SubscriptionId),
    /// By its name at whoever reports it.
    Reference(&'a str),
}

/// The subscription, locked until the transaction ends.
///
/// # Errors
/// Returns the error of the database.
pub async fn find(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    which: Which<'_>,
) -> Result<Option<Stored>, DbErr> {
    let mut sql = Sql::new("SELECT * FROM subscriptions WHERE store_id = ");
    sql.bind(store_id.uuid());
    match which {
        Which::Id(id) => sql.push(" AND id = ").bind(id.uuid()),
        Which::Reference(reference) => sql.push(" AND reference = ").bind(reference),
    };
    if !is_sqlite(db) {
        sql.push(" FOR UPDATE");
    }
    sql.models::<Model>(db).await?.pop().map(stored).transpose()
}

/// Joins what is reported of a subscription with what is known.
///
/// # Errors
/// When the database fails.
pub async fn note(ledger: &mut Ledger<'_>, known: Option<Stored>, told: Stored) -> Result<Stored, ApiError> {
    let joined = match &known {
        Some(known) => known.clone().join(told),
        None => told,
    };
    if known.as_ref() == Some(&joined) {
        return Ok(joined);
    }
    let state = joined.subscription.as_ref().map(Subscription::state);
    let terms = state.and_then(|state| state.terms);
    let claim = joined.claim.as_ref().map(|(claim, _)| claim);
    let row = vec![
        ledger.store_id.uuid().into(),
        joined.id.uuid().into(),
        joined.reference.as_str().into(),
        joined.customer().map(CustomerId::uuid).into(),
        claim.map(|claim| claim.at.millis()).into(),
        claim.map(|claim| claim.key.as_str().to_owned()).into(),
        joined.plan.map(PlanId::uuid).into(),
        joined.title.clone().into(),
        joined.subscription.map(|subscription| subscription.0.at.millis()).into(),
        state.map(|state| state.status.as_str().to_owned()).into(),
        state.and_then(|state| state.period_end).map(Timestamp::millis).into(),
        i64::from(state.is_some_and(|state| state.cancel_at_period_end)).into(),
        state.map(|state| state.started_at.millis()).into(),
        state.and_then(|state| state.ended_at).map(Timestamp::millis).into(),
        terms.map(|terms| terms.amount).into(),
        terms.map(|terms| terms.currency.to_string()).into(),
        terms.map(|terms| terms.interval.as_str().to_owned()).into(),
        terms.map(|terms| terms.interval_count).into(),
    ];
    bulk::insert(ledger.tx, &SUBSCRIPTIONS, Box::new([row].into_iter())).await?;
    let before = known.as_ref().map(Stored::lines).unwrap_or_default();
    timeline::rewrite(ledger.tx, ledger.store_id, &before, &joined.lines()).await?;
    ledger.touch(known.and_then(|known| known.customer()));
    ledger.touch(joined.customer());
    Ok(joined)
}

/// The subscriptions of a customer, as far as it is known where they stand.
///
/// # Errors
/// Returns the error of the database.
pub async fn of_customer(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    customer: CustomerId,
) -> Result<Vec<Subscription>, DbErr> {
    let mut sql = Sql::new("SELECT * FROM subscriptions WHERE store_id = ");
    sql.bind(store_id.uuid()).push(" AND customer_id = ").bind(customer.uuid());
    let mut subscriptions = Vec::new();
    for model in sql.models::<Model>(db).await? {
        subscriptions.extend(stored(model)?.subscription);
    }
    Ok(subscriptions)
}

/// The subscription of a row.
///
/// # Errors
/// When it holds a kind that does not exist.
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
        plan: model.plan_id.map(PlanId::new),
        title: model.title,
        subscription,
    })
}
