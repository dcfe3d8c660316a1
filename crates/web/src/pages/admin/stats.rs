//! `/admin`: the platform in numbers.

use std::sync::Arc;

use fanbase_domain::wire::admin::{PlatformGrowthResponse, PlatformStatsResponse};
use leptos::prelude::*;

use crate::pages::frame::PageHeader;
use crate::{
    api,
    components::{
        SkeletonLines, Tone,
        chart::{Datum, GrowthChart},
        loaded,
    },
    i18n::{format, t},
    state::load::Load,
};

#[component]
pub(super) fn StatsPage() -> impl IntoView {
    Effect::new(move || document().set_title(t().frame.platform_stats_long));
    let offset = format::offset();
    let stats = Load::new(move || api::admin::get_stats(offset));
    let waiting = || view! { <SkeletonLines lines=10 /> };
    let show = move |stats: Arc<PlatformStatsResponse>| view! { <Numbers stats offset /> }.into_any();
    view! {
        <PageHeader title=t().frame.platform_stats />
        <div class="content content--wide">{loaded(stats, t().admin.stats_failed, waiting, show)}</div>
    }
}

#[component]
fn Numbers(stats: Arc<PlatformStatsResponse>, offset: i32) -> impl IntoView {
    let a = &t().admin;
    let tile = |label: &'static str, value: u64, note: String| {
        view! { <div class="tile"><dt>{label}</dt><dd>{format::count(value)}<small>{note}</small></dd></div> }
    };
    let count = format::count;
    let tiles = [
        tile(t().frame.users, stats.users, (a.of_users)(stats.admins, stats.suspended)),
        tile(a.creators, stats.creators, a.creators_note.to_owned()),
        tile(a.students, stats.students, a.students_note.to_owned()),
        tile(a.stores, stats.stores, (a.connected)(&count(stats.connected_stores))),
        tile(t().frame.fans, stats.fans, (a.of_fans)(stats.customers)),
    ];
    let chart = |title: &'static str, label: &'static str, of: fn(&PlatformGrowthResponse) -> (u64, u64)| {
        let data = stats
            .growth
            .iter()
            .map(|step| Datum::new(format::month(step.starts_at, offset), of(step).0, Tone::Good));
        let new = stats.growth.last().map(|step| (t().overview.this_month)(&format::count(of(step).1)));
        view! {
            <section class="block">
                <header class="block__head"><h2 class="block__title">{title}</h2><p class="content__note">{new}</p></header>
                <GrowthChart label data=data.collect() />
            </section>
        }
    };
    view! {
        <dl class="tiles">{tiles.into_iter().collect_view()}</dl>
        <div class="glance">
            {chart(t().frame.users, a.users_growth, |step| (step.users, step.new_users))}
            {chart(a.stores, a.stores_growth, |step| (step.stores, step.new_stores))}
        </div>
    }
}
