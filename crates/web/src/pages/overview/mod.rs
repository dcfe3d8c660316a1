//! `/store/{store}`: the audience at a glance.

mod conversion;
mod newest;
mod recount;
mod value;

use std::sync::Arc;

use fanbase_domain::{
    consent::Consent,
    fan::FanType,
    role::Permission,
    source::Source,
    wire::{fans::FanCountsResponse, overview::OverviewResponse},
};
use leptos::prelude::*;

use self::{conversion::ConversionSection, newest::Newest, recount::Recount, value::ValueSection};
use crate::pages::frame::PageHeader;
use crate::{
    api,
    components::{
        Glyph, Place, SkeletonLines, StatePanel, Tone,
        chart::{BarChart, Datum, GrowthChart, ShareChart},
        loaded,
    },
    i18n::{format, t},
    routes::{self, StorePage},
    state::{load::Load, store::CurrentStore},
};

#[component]
pub(crate) fn OverviewPage() -> impl IntoView {
    let store: CurrentStore = expect_context();
    let (id, title) = (store.id(), format!("{} · {}", t().frame.overview, store.get().name));
    Effect::new(move || document().set_title(&title));
    let offset = format::offset();
    let overview = Load::new(move || api::overview::get_overview(id, offset));
    let waiting = || view! { <SkeletonLines lines=10 /> };
    let total =
        move || store.counts.value().map(|counts| (t().fans.fans_counted)(counts.total)).unwrap_or_default();
    // Accounts alone are nobody whom the store has brought.
    let show = move |overview: Arc<OverviewResponse>| match overview.by_type.total - overview.by_type.user {
        0 => nobody(store).into_any(),
        _ => view! { <Charts overview offset store /> }.into_any(),
    };
    view! {
        <PageHeader title=t().frame.overview total=Signal::derive(total)>
            {store.may(Permission::ManageStore).then(|| view! { <Recount overview store /> })}
            {store.may(Permission::Import).then(|| view! {
                <a class="button button--primary" href=routes::store(&store.slug(), StorePage::NewImport)>
                    {t().fans.import}
                </a>
            })}
        </PageHeader>
        <div class="content content--wide">{loaded(overview, t().overview.failed, waiting, show)}</div>
    }
}

/// An invitation.
fn nobody(store: CurrentStore) -> AnyView {
    let f = &t().fans;
    view! {
        <StatePanel glyph=Glyph::Fans place=Place::Part title=f.empty_title detail=f.empty_detail>
            {store.may(Permission::Import).then(|| view! {
                <a class="button button--primary" href=routes::store(&store.slug(), StorePage::NewImport)>{f.import}</a>
            })}
        </StatePanel>
    }.into_any()
}

#[component]
fn Charts(overview: Arc<OverviewResponse>, offset: i32, store: CurrentStore) -> impl IntoView {
    let (o, w) = (&t().overview, &t().words);
    let growth: Vec<Datum> = overview
        .growth
        .iter()
        .map(|step| Datum::new(format::month(step.starts_at, offset), step.fans, Tone::Good))
        .collect();
    let new = overview.growth.last().map(|step| step.new_customers + step.new_accounts);
    let new = new.map(|count| (o.this_month)(&format::count(count)));
    let mut sources: Vec<(Source, u64)> =
        overview.by_source.iter().map(|from| (from.source, from.count)).collect();
    // Accounts that are nothing else came by signing up: with them the sources make up everyone.
    match sources.iter_mut().find(|(source, _)| *source == Source::RegisteredUser) {
        Some((_, count)) => *count += overview.by_type.user,
        None if overview.by_type.user > 0 => sources.push((Source::RegisteredUser, overview.by_type.user)),
        None => {}
    }
    let sources =
        sources.into_iter().map(|(source, count)| Datum::new((w.source)(source), count, Tone::Paying));
    let sources = sources.collect();
    let consents = overview.by_consent.iter();
    let consents =
        consents.map(|one| Datum::new((w.consent)(one.consent), one.count, tone(one.consent))).collect();
    view! {
        <div class="glance">
            <section class="glance__wide block">
                <header class="block__head">
                    <h2 class="block__title">{o.growth}</h2><p class="content__note">{new}</p>
                </header>
                <GrowthChart label=o.growth_detail data=growth />
            </section>
            <section class="block">
                <h2 class="block__title">{o.types}</h2><ShareChart label=o.types data=types(&overview.by_type) />
            </section>
            <section class="block">
                <h2 class="block__title">{o.consents}</h2><ShareChart label=o.consents data=consents />
            </section>
            <section class="block">
                <h2 class="block__title">{o.sources}</h2><BarChart label=o.sources data=sources />
            </section>
            <Newest store />
            <ConversionSection offset store />
            {store.may(Permission::SeeMoney).then(|| view! { <ValueSection store /> })}
        </div>
    }
}

fn types(counts: &FanCountsResponse) -> Vec<Datum> {
    let FanCountsResponse { lead, paying, subscription, user, .. } = *counts;
    let datum = |(kind, value)| Datum::new((t().words.fan_types)(kind), value, Tone::of_type(kind));
    [
        (FanType::Lead, lead),
        (FanType::Paying, paying),
        (FanType::Subscription, subscription),
        (FanType::User, user),
    ]
    .map(datum)
    .to_vec()
}

fn tone(consent: Consent) -> Tone {
    match consent {
        Consent::Subscribed => Tone::Good,
        Consent::Unconfirmed => Tone::Notice,
        Consent::Unsubscribed => Tone::Neutral,
        Consent::Bounced => Tone::Bad,
        Consent::Complained => Tone::Subscription,
    }
}
