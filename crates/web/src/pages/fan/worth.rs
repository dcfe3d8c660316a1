//! What a fan is worth: so far, and what may be expected.

use std::sync::Arc;

use fanbase_domain::ids::CustomerId;
use leptos::prelude::*;

use super::details::line;
use crate::{
    api::{self, value::CustomerValue},
    components::{SkeletonLines, loaded},
    i18n::{format::Formats, t},
    pages::fans::Fans,
    state::load::Load,
};

#[component]
pub(super) fn Worth(id: CustomerId, fans: Fans) -> impl IntoView {
    let store = fans.store.id();
    let value = Load::new(move || api::value::get_customer_value(store, id));
    let waiting = || view! { <SkeletonLines lines=2 /> }.into_any();
    loaded(value, t().fan.worth, waiting, |value: Arc<CustomerValue>| shown(&value))
}

fn shown(value: &CustomerValue) -> AnyView {
    let expected = value.predicted.as_ref().and_then(|predicted| predicted.total).unwrap_or_default();
    if value.payments == 0 && value.historic.unwrap_or_default() == 0 && expected == 0 {
        // A lead: zeros say nothing.
        return ().into_any();
    }
    let (f, formats) = (&t().fan, Formats::new(value.currency));
    let money = |minor: i64| formats.money(minor);
    let historic = value.historic.map(|minor| {
        let payments = (f.in_payments)(value.payments);
        line(
            f.so_far,
            view! { <b>{money(minor)}</b>" "<small class="fact-line__note">{payments}</small> }.into_any(),
        )
    });
    let expected = value.predicted.as_ref().map(|predicted| {
        let name = (f.expected)(predicted.horizon_months);
        let parts =
            [(f.purchases, predicted.purchases.amount), (f.subscriptions, predicted.subscriptions.amount)];
        let parts = parts
            .into_iter()
            .filter_map(|(name, amount)| Some(format!("{name} {}", money(amount.filter(|sum| *sum > 0)?))));
        let unknown = predicted.purchases.amount.is_none().then(|| f.too_little.to_owned());
        let note = parts.into_iter().chain(unknown).collect::<Vec<_>>().join(" · ");
        let total = predicted.total.map(|total| view! { <b>{money(total)}</b>" " });
        line(&name, view! { {total}<small class="fact-line__note">{note}</small> }.into_any())
    });
    view! {
        <section class="panel__section">
            <h3>{f.worth}</h3>
            <dl class="facts">{historic}{expected}</dl>
        </section>
    }
    .into_any()
}
