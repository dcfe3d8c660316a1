//! The customers in numbers, above their table: what they are worth now, and how it came to that.

use std::sync::Arc;

use fanbase_domain::wire::customer_stats::{CustomerStatsResponse, PeriodStatsResponse};
use leptos::prelude::*;

use super::Fans;
use crate::{
    api,
    components::{chart::Spark, loaded},
    i18n::{
        format::{self, Formats},
        t,
    },
    state::load::Load,
};

#[component]
pub(super) fn Stats(fans: Fans) -> impl IntoView {
    let (id, offset) = (fans.store.id(), format::offset());
    let stats = Load::new(move || {
        fans.changes.get();
        api::customers::get_stats(id, offset)
    });
    let waiting = || {
        let tile =
            || view! { <div class="stat"><span class="shape"></span><span class="shape"></span></div> };
        view! { <div class="stats__tiles" aria-busy="true">{(0..5).map(|_| tile()).collect_view()}</div> }
            .into_any()
    };
    let show = move |stats: Arc<CustomerStatsResponse>| view! { <Numbers stats offset /> }.into_any();
    view! {
        <section class="stats" aria-label=t().stats.title>{loaded(stats, t().stats.failed, waiting, show)}</section>
    }
}

#[component]
fn Numbers(stats: Arc<CustomerStatsResponse>, offset: i32) -> impl IntoView {
    let s = &t().stats;
    let formats = Formats::new(stats.currency);
    let money = |minor: i64| formats.money(minor);
    let course = |of: fn(&PeriodStatsResponse) -> Option<i64>| -> Option<Vec<u64>> {
        stats.over_time.iter().map(|period| of(period)?.try_into().ok()).collect()
    };
    let others: Vec<String> = stats
        .other_currencies
        .iter()
        .map(|other| format!("+ {}", Formats::new(other.currency).money(other.revenue)))
        .collect();
    let spenders = (s.spenders)(&format::count(stats.spenders));
    let subscriptions = course(|period| i64::try_from(period.active_subscriptions).ok());
    let tiles = [
        Some(tile(
            t().fans.contacts,
            format::count(stats.customers),
            None,
            course(|period| i64::try_from(period.customers).ok()),
        )),
        stats
            .revenue
            .map(|sum| tile(s.revenue, money(sum), Some(others.join(" ")), course(|period| period.revenue))),
        stats.revenue.map(|_| {
            let value = stats.average_value.map_or_else(|| "–".to_owned(), money);
            tile(s.average_value, value, Some(spenders), None)
        }),
        Some(tile(s.subscriptions, format::count(stats.active_subscriptions), None, subscriptions)),
        stats.monthly_recurring_revenue.map(|sum| {
            tile(s.recurring, money(sum), None, course(|period| period.monthly_recurring_revenue))
        }),
    ];
    let tiles = tiles.into_iter().flatten().collect_view();
    view! {
        <dl class="stats__tiles" tabindex="0">{tiles}</dl>
        <details class="chart__numbers">
            <summary>{t().components.numbers}</summary>
            <div class="stats__table" tabindex="0" role="region" aria-label=s.by_month>{months(&stats, &formats, offset)}</div>
        </details>
    }
}

fn tile(label: &'static str, value: String, note: Option<String>, course: Option<Vec<u64>>) -> AnyView {
    let spark = course.map(|values| view! { <Spark values /> });
    view! {
        <div class="stat">
            <dt>{label}</dt>
            <dd><b class="stat__value">{value}</b><small>{note}</small>{spark}</dd>
        </div>
    }
    .into_any()
}

/// The same as a table, a month each.
fn months(stats: &CustomerStatsResponse, formats: &Formats, offset: i32) -> AnyView {
    let s = &t().stats;
    let sees_money = stats.revenue.is_some();
    let head = |text: &'static str| view! { <th scope="col">{text}</th> };
    let heads = [
        Some(head(s.month)),
        Some(head(s.new_customers)),
        Some(head(t().fans.contacts)),
        sees_money.then(|| head(s.revenue)),
        Some(head(s.subscriptions)),
        sees_money.then(|| head(s.recurring)),
    ];
    let cell = |text: String| view! { <td>{text}</td> };
    let rows = stats.over_time.iter().rev().map(|period| {
        let cells = [
            Some(cell(format::count(period.new_customers))),
            Some(cell(format::count(period.customers))),
            period.revenue.map(|sum| cell(formats.money(sum))),
            Some(cell(format::count(period.active_subscriptions))),
            period.monthly_recurring_revenue.map(|sum| cell(formats.money(sum))),
        ];
        let cells = cells.into_iter().flatten().collect_view();
        view! { <tr><th scope="row">{format::month(period.starts_at, offset)}</th>{cells}</tr> }
    });
    let (heads, rows) = (heads.into_iter().flatten().collect_view(), rows.collect_view());
    view! {
        <table class="table">
            <caption class="sr-only">{s.by_month}</caption>
            <thead><tr>{heads}</tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}
