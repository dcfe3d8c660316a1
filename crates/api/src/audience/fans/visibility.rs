//! Visibility of the audience: a store may hide accounts that are not its customers, and some roles do not
//! see revenue.

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

/// Restricts a filter to what the store shows and the role may see.
///
/// # Errors
/// [`ApiError::Forbidden`] when fans are filtered or sorted by spending, which the role may not see.
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

/// Maps a fan to the response, without spending if the caller may not see it.
pub fn fan<P>(scope: &StoreScope<P>, fan: Fan) -> FanResponse {
    let fan = FanResponse::from(fan);
    if scope.sees_money() { fan } else { FanResponse { total_spent: None, ..fan } }
}

/// Maps a customer to the response, without spending if the caller may not see it.
pub fn customer<P>(scope: &StoreScope<P>, customer: fanbase_domain::customer::Customer) -> CustomerResponse {
    let customer = CustomerResponse::from(customer);
    if scope.sees_money() { customer } else { CustomerResponse { total_spent: None, ..customer } }
}

/// Removes revenue from statistics if the caller may not see it.
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
