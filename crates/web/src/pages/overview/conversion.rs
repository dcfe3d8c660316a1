//! How contacts become registered, and registered people customers.

use std::sync::Arc;

use leptos::prelude::*;

use crate::{
    api::{self, overview::Conversion},
    components::{
        SkeletonLines, Tone,
        chart::{Datum, FunnelChart, Rate, RateChart},
        loaded,
    },
    i18n::{format, t},
    routes,
    state::{
        fans_query::{Audience, FansQuery},
        load::Load,
        store::CurrentStore,
    },
};

/// The list of those who have an account and have not bought.
const REGISTERED_ONLY: &str = "has_account=true&type=lead&type=user";

#[component]
pub(super) fn ConversionSection(offset: i32, store: CurrentStore) -> impl IntoView {
    let (o, id) = (&t().overview, store.id());
    let conversion = Load::new(move || api::overview::get_conversion(id, offset));
    let waiting = || view! { <SkeletonLines lines=6 /> };
    let show = move |conversion: Arc<Conversion>| charts(&conversion, offset);
    let registered = routes::fans(&store.slug(), &FansQuery::parse(Audience::Fans, REGISTERED_ONLY));
    view! {
        <section class="glance__wide block">
            <header class="block__head">
                <h2 class="block__title">{o.conversion}</h2>
                <a class="link" href=registered>{o.registered_only}</a>
            </header>
            {loaded(conversion, o.conversion_failed, waiting, show)}
        </section>
    }
}

fn charts(conversion: &Conversion, offset: i32) -> AnyView {
    let o = &t().overview;
    let steps = vec![
        Datum::new(o.contacts, conversion.customers, Tone::Lead),
        Datum::new(o.with_account, conversion.with_account, Tone::Neutral),
        Datum::new(o.bought, conversion.bought, Tone::Paying),
    ];
    let accounts = vec![
        Datum::new(o.accounts, conversion.accounts, Tone::Neutral),
        Datum::new(o.bought, conversion.bought, Tone::Paying),
    ];
    let rates = |part: fn(&fanbase_domain::wire::conversion::CohortResponse) -> (u64, u64)| -> Vec<Rate> {
        let rates = conversion.cohorts.iter().map(|cohort| {
            let (part, whole) = part(cohort);
            Rate { label: format::month(cohort.starts_at, offset), part, whole }
        });
        rates.collect()
    };
    view! {
        <div class="glance">
            <div class="block"><h3 class="block__part">{o.contacts_funnel}</h3><FunnelChart label=o.contacts_funnel steps /></div>
            <div class="block"><h3 class="block__part">{o.accounts_funnel}</h3><FunnelChart label=o.accounts_funnel steps=accounts /></div>
            <div class="block">
                <h3 class="block__part">{o.to_accounts}</h3>
                <RateChart label=o.to_accounts tone=Tone::Neutral rates=rates(|cohort| (cohort.with_account, cohort.customers)) />
            </div>
            <div class="block">
                <h3 class="block__part">{o.to_customers}</h3>
                <RateChart label=o.to_customers tone=Tone::Paying rates=rates(|cohort| (cohort.bought, cohort.with_account)) />
            </div>
        </div>
    }.into_any()
}
