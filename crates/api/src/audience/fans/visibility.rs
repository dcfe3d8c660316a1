//! What of the audience somebody sees: the store may leave out accounts that are no customers,
//! and some roles do not see money.

use fanbase_domain::{
    fan::Fan,
    filter::FanFilter,
    page::{Sort, SortColumn},
    wire::{
        customer_stats::{CustomerStatsResponse, PeriodStatsResponse},
        customers::CustomerResponse,
        fans::FanResponse,
    },
};

use crate::{auth::scope::StoreScope, error::ApiError};

/// Restricts what is asked for to what the store shows and the role sees.
///
/// # Errors
/// When fans are told apart by money, which the role does not see.
pub fn restrict<P>(
    scope: &StoreScope<P>,
    filter: &mut FanFilter,
    sort: Option<Sort>,
) -> Result<(), ApiError> {
    let by_money = filter.is_about_money() || sort.is_some_and(|sort| sort.column == SortColumn::TotalSpent);
    if by_money && !scope.sees_money() {
        let detail = "Your role in this store does not see what customers spent: it needs see_money.";
        return Err(ApiError::Forbidden(detail.into()));
    }
    filter.hides_accounts = !scope.store.shows_accounts;
    Ok(())
}

/// A fan, as who asks sees it.
pub fn fan<P>(scope: &StoreScope<P>, fan: Fan) -> FanResponse {
    let fan = FanResponse::from(fan);
    if scope.sees_money() { fan } else { FanResponse { total_spent: None, ..fan } }
}

/// A customer, as who asks sees it.
pub fn customer<P>(scope: &StoreScope<P>, customer: fanbase_domain::customer::Customer) -> CustomerResponse {
    let customer = CustomerResponse::from(customer);
    if scope.sees_money() { customer } else { CustomerResponse { total_spent: None, ..customer } }
}

/// Statistics, as who asks sees them.
pub fn stats<P>(scope: &StoreScope<P>, stats: CustomerStatsResponse) -> CustomerStatsResponse {
    if scope.sees_money() {
        return stats;
    }
    let periods = stats.over_time.into_iter();
    let over_time = periods.map(|period| PeriodStatsResponse {
        revenue: None,
        monthly_recurring_revenue: None,
        ..period
    });
    CustomerStatsResponse {
        revenue: None,
        average_value: None,
        monthly_recurring_revenue: None,
        other_currencies: Vec::new(),
        over_time: over_time.collect(),
        ..stats
    }
}
