//! What customers are worth: by where they came from, and by the month of their first payment.

use std::sync::Arc;

use fanbase_domain::wire::worth::PurchaseMethod;
use leptos::prelude::*;

use crate::{
    api::{
        self,
        value::{Group, StoreValue},
    },
    components::{SkeletonLines, loaded},
    i18n::{
        format::{self, Formats},
        t,
    },
    state::{load::Load, store::CurrentStore},
};

/// Cohorts and months that are shown, the latest ones.
const COHORTS: usize = 12;

#[component]
pub(super) fn ValueSection(store: CurrentStore) -> impl IntoView {
    let (v, id) = (&t().value, store.id());
    let by_source = Load::new(move || api::value::get_store_value(id, "source"));
    let by_cohort = Load::new(move || api::value::get_store_value(id, "cohort"));
    let waiting = || view! { <SkeletonLines lines=4 /> }.into_any();
    view! {
        <section class="glance__wide block">
            <h2 class="block__title">{v.title}</h2>
            {loaded(by_source, v.failed, waiting, |value: Arc<StoreValue>| sources(&value))}
        </section>
        <section class="glance__wide block">
            <h2 class="block__title">{v.cohorts}</h2>
            {loaded(by_cohort, v.failed, waiting, |value: Arc<StoreValue>| cohorts(&value))}
        </section>
    }
}

/// A line for each source, and one for all of them.
fn sources(value: &StoreValue) -> AnyView {
    let v = &t().value;
    if value.total.customers == 0 {
        return view! { <p class="content__note">{v.nobody}</p> }.into_any();
    }
    let formats = Formats::new(value.currency);
    let row = |name: String, group: &Group| {
        let average = rounded_average(group.revenue, group.customers);
        // Where nothing can be said of purchases, subscriptions are what is expected at least.
        let expected = match group.predicted.total {
            Some(total) => formats.money(total),
            None if group.predicted.subscriptions > 0 => {
                (v.at_least)(&formats.money(group.predicted.subscriptions))
            }
            None => "–".to_owned(),
        };
        view! {
            <tr>
                <th scope="row">{name}</th><td>{format::count(group.customers)}</td>
                <td>{formats.money(group.revenue)}</td><td>{formats.money(average)}</td><td>{expected}</td>
            </tr>
        }
    };
    let groups = value.groups.iter().map(|group| {
        let name = group.source.map(t().words.source).unwrap_or_default();
        row(name.to_owned(), group)
    });
    let rows = groups.chain([row(v.all.to_owned(), &value.total)]).collect_view();
    let method = match value.method.purchases {
        PurchaseMethod::Models => v.by_models,
        _ => v.too_little,
    };
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=v.title>
            <table class="table value">
                <thead><tr>
                    <th scope="col">{v.source}</th><th scope="col">{v.customers}</th><th scope="col">{v.revenue}</th>
                    <th scope="col">{v.average}</th><th scope="col">{(v.expected)(value.horizon_months)}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <p class="content__note">{method}</p>
    }
    .into_any()
}

/// A sum for each of some, rounded to the nearest minor unit as the server does it.
fn rounded_average(sum: i64, number: u64) -> i64 {
    let number = i128::from(number.max(1));
    i64::try_from((i128::from(sum) * 2 + number).div_euclid(number * 2)).unwrap_or_default()
}

/// What one of each month's new payers has paid on average, month by month: the more, the stronger.
fn cohorts(value: &StoreValue) -> AnyView {
    let v = &t().value;
    if value.groups.is_empty() {
        return view! { <p class="content__note">{v.nobody}</p> }.into_any();
    }
    let formats = Formats::new(value.currency);
    let shown = &value.groups[value.groups.len().saturating_sub(COHORTS)..];
    let most = shown.iter().flat_map(|group| &group.months).map(|month| month.per_customer).max();
    let most = most.unwrap_or_default().max(1);
    let months = shown.iter().map(|group| group.months.len()).max().unwrap_or_default().min(COHORTS);
    let heads = (0..months).map(|month| view! { <th scope="col">{(v.month)(month)}</th> }).collect_view();
    let rows = shown.iter().map(|group| {
        let name = group.starts_at.map(|at| format::month(at, 0)).unwrap_or_default();
        let cells = (0..months).map(|at| {
            let month = group.months.iter().find(|month| month.month as usize == at);
            match month {
                Some(month) => {
                    let level = (month.per_customer.saturating_mul(5) / most).clamp(0, 5);
                    let amount = formats.money(month.per_customer);
                    view! { <td data-level=level.to_string()>{amount}</td> }.into_any()
                }
                None => view! { <td></td> }.into_any(),
            }
        });
        let cells = cells.collect_view();
        view! { <tr><th scope="row">{name}</th><td>{format::count(group.customers)}</td>{cells}</tr> }
    });
    let rows = rows.collect_view();
    view! {
        <p class="content__note">{v.cohorts_detail}</p>
        <div class="scroll" tabindex="0" role="region" aria-label=v.cohorts>
            <table class="table value value--cohorts">
                <thead><tr><th scope="col">{v.first_paid}</th><th scope="col">{v.customers}</th>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::rounded_average;

    #[test]
    fn an_average_is_rounded_to_the_nearest_cent() {
        // US$472,852.27 of 3,645 customers are US$129.726 each.
        for (sum, number, expected) in
            [(47_285_227, 3_645, 12_973), (1, 2, 1), (1, 3, 0), (0, 0, 0), (-1, 3, 0), (-2, 3, -1)]
        {
            assert_eq!(rounded_average(sum, number), expected, "{sum} / {number}");
        }
    }
}
