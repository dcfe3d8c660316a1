//! Counts how far a store's customers have converted. Index-only: reads two indexes and no rows.

use fanbase_domain::{
    store::Store,
    time::Timestamp,
    wire::{
        conversion::{CohortResponse, ConversionResponse},
        overview::Period,
    },
};

use crate::{
    audience::{counters, fans::service::snapshot},
    db::{
        Db,
        periods::{self, Zone},
        sql::{Sql, count},
    },
    error::ApiError,
};

/// Maximum number of periods in the response.
const PERIODS: u32 = 36;
const CUSTOMERS: &str = "SELECT COUNT(*) FROM customers WHERE store_id = ";
const PAYING: &str = "SELECT COUNT(*) FROM customers WHERE kind <> 'lead' AND store_id = ";
const WITH_ACCOUNT: &str = "SELECT COUNT(*) FROM customers WHERE user_id IS NOT NULL AND store_id = ";
const BOUGHT: &str =
    "SELECT COUNT(*) FROM customers WHERE user_id IS NOT NULL AND kind <> 'lead' AND store_id = ";

/// Reads the conversion of a store.
///
/// # Errors
/// When the database fails.
pub async fn read(
    db: &Db,
    store: &Store,
    period: Period,
    now: Timestamp,
    zone: Zone,
) -> Result<ConversionResponse, ApiError> {
    let snapshot = snapshot(db).await?;
    let counters = counters::read(&snapshot, store.id).await?;
    let counters = if store.shows_accounts { counters } else { counters.without_accounts() };
    let starts = periods::starts(period, now, zone, PERIODS);
    let mut counted = Vec::with_capacity(4);
    for select in [CUSTOMERS, WITH_ACCOUNT, BOUGHT, PAYING] {
        let cohort = periods::count(&snapshot, &starts, "created_at", |sql| {
            sql.push(select).bind(store.id.uuid());
        });
        counted.push(cohort.await?);
    }
    let mut bought = Sql::new(BOUGHT);
    bought.bind(store.id.uuid());
    let bought = count(bought.number(&snapshot).await?);
    let (customers, with_account) = (count(counters.customers()), count(counters.linked()));
    let accounts = count(counters.users - counters.staff);
    let fans = counters.fans();
    let paying = fans.paying + fans.subscription;
    Ok(ConversionResponse {
        customers,
        paying,
        contacts_to_paying: share(paying, customers),
        with_account,
        bought,
        accounts,
        fans_to_accounts: share(with_account, customers),
        accounts_to_customers: share(bought, accounts),
        cohorts: cohorts(&starts, &counted),
    })
}

fn cohorts(starts: &[Timestamp], counted: &[Vec<u64>]) -> Vec<CohortResponse> {
    let of = |what: usize, i: usize| counted.get(what).and_then(|counts| counts.get(i)).copied().unwrap_or(0);
    let cohort = |(i, starts_at): (usize, &Timestamp)| CohortResponse {
        starts_at: *starts_at,
        customers: of(0, i),
        with_account: of(1, i),
        bought: of(2, i),
        paying: of(3, i),
    };
    starts.iter().enumerate().map(cohort).skip_while(|cohort| cohort.customers == 0).collect()
}

fn share(part: u64, whole: u64) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "a share needs no more than a float has")]
    let share = |part: u64, whole: u64| part as f64 / whole as f64;
    (whole > 0).then(|| share(part, whole))
}
