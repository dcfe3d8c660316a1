//! Reads the overview: counters for the present state, range counts over two indexes for the growth.

use fanbase_domain::{
    consent::Consent,
    customer::CustomerType,
    source::Source,
    store::Store,
    time::Timestamp,
    wire::overview::{ConsentCountResponse, GrowthResponse, OverviewResponse, Period, SourceCountResponse},
};

use crate::{
    audience::{
        counters::{self, Counters, Facet},
        fans::{conditions, service::snapshot},
    },
    db::{
        Db,
        periods::{self, Zone},
        sql::count,
    },
    error::ApiError,
};

/// Maximum number of periods in the response.
const PERIODS: u32 = 36;

/// Reads the overview of a store.
///
/// # Errors
/// When the database fails.
pub async fn read(
    db: &Db,
    store: &Store,
    period: Period,
    now: Timestamp,
    zone: Zone,
) -> Result<OverviewResponse, ApiError> {
    let snapshot = snapshot(db).await?;
    let store_id = store.id;
    let counters = counters::read(&snapshot, store_id).await?;
    let counters = if store.shows_accounts { counters } else { counters.without_accounts() };
    let starts = periods::starts(period, now, zone, PERIODS);
    let new_customers = periods::count(&snapshot, &starts, "c.created_at", |sql| {
        sql.push("SELECT COUNT(*) FROM customers c WHERE c.store_id = ").bind(store_id.uuid());
    });
    let new_customers = new_customers.await?;
    let new_accounts = if counters.unlinked_users() == 0 {
        vec![0; starts.len()]
    } else {
        let accounts = periods::count(&snapshot, &starts, "u.created_at", |sql| {
            sql.push("SELECT COUNT(*) FROM users u WHERE TRUE");
            conditions::all_unlinked(sql, store_id);
        });
        accounts.await?
    };
    Ok(OverviewResponse {
        growth: growth(&starts, &new_customers, &new_accounts, &counters),
        by_type: counters.fans(),
        by_source: by_source(&counters),
        by_consent: by_consent(&counters),
    })
}

/// Computes the growth backwards from the present, so that the last period agrees with the counters.
fn growth(
    starts: &[Timestamp],
    new_customers: &[u64],
    new_accounts: &[u64],
    counters: &Counters,
) -> Vec<GrowthResponse> {
    let mut customers = count(counters.customers());
    let mut accounts = count(counters.unlinked_users());
    let mut growth = Vec::with_capacity(starts.len());
    for ((starts_at, new_customers), new_accounts) in starts.iter().zip(new_customers).zip(new_accounts).rev()
    {
        growth.push(GrowthResponse {
            starts_at: *starts_at,
            new_customers: *new_customers,
            new_accounts: *new_accounts,
            customers,
            fans: customers + accounts,
        });
        customers = customers.saturating_sub(*new_customers);
        accounts = accounts.saturating_sub(*new_accounts);
    }
    growth.reverse();
    let first = growth.iter().position(|period| period.fans > 0).unwrap_or(growth.len());
    growth.split_off(first)
}

fn by_source(counters: &Counters) -> Vec<SourceCountResponse> {
    let mut sources: Vec<SourceCountResponse> = Source::ALL
        .into_iter()
        .map(|source| SourceCountResponse { source, count: with(counters, Facet::Source(source)) })
        .filter(|source| source.count > 0)
        .collect();
    sources.sort_by_key(|source| std::cmp::Reverse(source.count));
    sources
}

fn by_consent(counters: &Counters) -> Vec<ConsentCountResponse> {
    let count = |consent| with(counters, Facet::Consent(consent));
    Consent::ALL.into_iter().map(|consent| ConsentCountResponse { consent, count: count(consent) }).collect()
}

fn with(counters: &Counters, facet: Facet) -> u64 {
    let n: i64 = CustomerType::ALL.into_iter().map(|kind| counters.customers_with(kind, facet)).sum();
    count(n)
}
