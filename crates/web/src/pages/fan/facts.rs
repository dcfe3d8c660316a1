//! What a customer learns, subscribes to, bought and paid. What there is none of is not shown.

use std::sync::Arc;

use fanbase_domain::{
    facts::{RefundState, SubscriptionStatus},
    ids::CustomerId,
    wire::{
        catalogue::PriceResponse,
        enrollments::EnrollmentResponse,
        page::Page,
        purchases::{PaymentResponse, PurchaseResponse},
        subscriptions::SubscriptionResponse,
    },
};
use leptos::prelude::*;

use crate::{
    api::{self, ApiError},
    components::{Badge, Progress, Tone, When, error_text},
    i18n::{
        format::{self, Formats},
        t,
    },
    pages::{
        fans::Fans,
        older::{Fetch, pages},
    },
    state::load::Load,
};

#[component]
pub(super) fn FactSections(id: CustomerId, fans: Fans) -> impl IntoView {
    let (store, f) = (fans.store.id(), &t().fan);
    view! {
        {section(f.courses, Arc::new(move |at| Box::pin(api::customers::list_enrollments(store, id, at))),
            |one| course(&one))}
        {section(f.subscriptions, Arc::new(move |at| Box::pin(api::customers::list_subscriptions(store, id, at))),
            |one| subscription(&one))}
        {section(f.purchases, Arc::new(move |at| Box::pin(api::customers::list_purchases(store, id, at))),
            |one| purchase(&one))}
        {section(f.payments, Arc::new(move |at| Box::pin(api::customers::list_payments(store, id, at))),
            |one| payment(&one))}
    }
}

/// A section that is there when there is something to show, or when it could not be found out.
fn section<T: Clone + Send + Sync + 'static>(
    title: &'static str,
    fetch: Fetch<T>,
    line: impl Fn(T) -> AnyView + Clone + Send + Sync + 'static,
) -> AnyView {
    let first = {
        let fetch = Arc::clone(&fetch);
        Load::new(move || fetch(None))
    };
    let content = move || {
        let content = match first.get()? {
            Ok(page) if page.items.is_empty() => return None,
            Ok(page) => pages(Page::clone(&page), "facts-list", Arc::clone(&fetch), line.clone()),
            Err(error) => failed(&error, first.retrying()),
        };
        Some(view! { <section class="panel__section"><h3>{title}</h3>{content}</section> })
    };
    content.into_any()
}

fn failed(error: &ApiError, retry: Callback<()>) -> AnyView {
    view! {
        <p class="panel__note">{error_text(error)}</p>
        <button class="button button--small" type="button" on:click=move |_| { retry.try_run(()); }>{t().errors.retry}</button>
    }.into_any()
}

/// What it is, what stands beside it, and what there is to say of it.
fn entry(title: String, beside: AnyView, notes: Vec<String>) -> AnyView {
    view! {
        <li class="fact-line">
            <span class="fact-line__title">{title}</span>
            <span class="fact-line__beside">{beside}</span>
            <small class="fact-line__note">{notes.join(" · ")}</small>
        </li>
    }
    .into_any()
}

fn course(one: &EnrollmentResponse) -> AnyView {
    let f = &t().fan;
    let ago = format::ago;
    let notes = [
        Some((f.enrolled)(&ago(one.enrolled_at))),
        one.completed_at.map(|at| (f.completed)(&ago(at))),
        one.accessed_at.filter(|_| one.completed_at.is_none()).map(|at| (f.accessed)(&ago(at))),
    ];
    let beside = view! {
        <Progress label=one.course_title.clone() done=u64::from(one.progress) total=Some(100) />
        <span>{format::percent(one.progress.into())}</span>
    };
    entry(one.course_title.clone(), beside.into_any(), notes.into_iter().flatten().collect())
}

fn subscription(one: &SubscriptionResponse) -> AnyView {
    let f = &t().fan;
    let date = |at| format::instant(at).unwrap_or_default();
    let tone = match one.status {
        SubscriptionStatus::Active | SubscriptionStatus::Trialing => Tone::Subscription,
        SubscriptionStatus::PastDue | SubscriptionStatus::Unpaid | SubscriptionStatus::Incomplete => {
            Tone::Notice
        }
        _ => Tone::Neutral,
    };
    let price = one.price.as_ref().map(money).map(|price| match (one.interval, one.interval_count) {
        (Some(period), Some(count)) => (f.per)(&price, period, count),
        _ => price,
    });
    let ends = match (one.ended_at, one.current_period_end) {
        (Some(at), _) => Some((f.ended)(&date(at))),
        (None, Some(at)) if one.cancel_at_period_end => Some((f.ends)(&date(at))),
        (None, Some(at)) => Some((f.renews)(&date(at))),
        (None, None) => None,
    };
    let notes = [price, Some((f.since)(&date(one.started_at))), ends].into_iter().flatten().collect();
    let beside = view! { <Badge tone text=(f.subscription_status)(one.status) /> };
    entry(one.plan_title.clone().unwrap_or_else(|| one.reference.clone()), beside.into_any(), notes)
}

fn purchase(one: &PurchaseResponse) -> AnyView {
    let title = one.title.clone().unwrap_or_else(|| one.reference.clone());
    entry(
        title,
        view! { <When at=one.purchased_at /> }.into_any(),
        format::instant(one.purchased_at).into_iter().collect(),
    )
}

fn payment(one: &PaymentResponse) -> AnyView {
    let f = &t().fan;
    let written = |minor: i64| {
        one.paid.as_ref().map(|paid| money(&PriceResponse { amount: minor, currency: paid.currency }))
    };
    let refunded = one.refunded.filter(|refunded| *refunded > 0).and_then(written);
    let disputed = one.refunds.iter().any(|refund| refund.state == RefundState::Open);
    let notes = [
        format::instant(one.paid_at),
        refunded.map(|amount| (f.refunded)(&amount)),
        disputed.then(|| f.disputed.to_owned()),
    ];
    let amount = one.paid.as_ref().map(money).unwrap_or_default();
    let title = one.title.clone().unwrap_or_else(|| f.payment.to_owned());
    entry(title, amount.into_any(), notes.into_iter().flatten().collect())
}

/// An amount in its own currency.
fn money(price: &PriceResponse) -> String {
    Formats::new(price.currency).money(price.amount)
}
