//! `/store/{store}/contacts/{fan}`: everything known about one fan, in a panel beside the list.

mod activity;
mod conflict;
mod conflict_dialog;
mod delete_dialog;
mod details;
mod draft;
mod edit_dialog;
mod facts;
mod notes;
mod timeline;
mod worth;

use std::sync::Arc;

use crate::ui::prelude::*;
use fanbase_domain::{
    fan::FanType,
    ids::CustomerId,
    problem::ProblemCode,
    role::Permission,
    wire::{customers::CustomerResponse, fans::FanResponse},
};

use self::{
    delete_dialog::DeleteDialog, details::Details, edit_dialog::EditDialog, facts::FactSections,
    notes::Notes, timeline::Timeline, worth::Worth,
};
use crate::{
    api::{self, ApiError},
    components::{
        Avatar, ErrorPanel, Glyph, Icon, Place, Remedy, SidePanel, SkeletonLines, StatePanel, TypeBadge, copy,
    },
    i18n::t,
    pages::fans::Fans,
    routes,
    state::{load::Load, toasts::Toasts},
};

/// A fan, and the customer that it is, unless it is a mere account.
struct Person {
    fan: FanResponse,
    customer: Option<CustomerResponse>,
}

#[component]
pub(crate) fn FanPanel() -> impl IntoView {
    let fans: Fans = expect_context();
    let store = fans.store.id();
    let person = Load::new(move || {
        let id = fans.open.get();
        async move {
            let fan = api::fans::get_fan(store, id.ok_or(ApiError::Unreachable)?).await?;
            let customer = match fan.r#type {
                FanType::User => None,
                _ => Some(api::customers::get_customer(store, CustomerId::new(fan.id.uuid())).await?),
            };
            Ok(Person { fan, customer })
        }
    });
    let content = move || match person.get() {
        None => view! { <SkeletonLines lines=8 /> }.into_any(),
        Some(Ok(known)) => view! { <Known known person fans /> }.into_any(),
        Some(Err(error)) => failed(error, person, fans),
    };
    let close = Callback::new(move |()| fans.close());
    let actions = view! { <PanelActions fans /> }.into_any();
    view! {
        <SidePanel label=t().fan.details on_close=close actions>
            <div aria-busy=move || person.is_pending().to_string()>{content}</div>
        </SidePanel>
    }
}

/// To the neighbours in the list, and the address to pass on.
#[component]
fn PanelActions(fans: Fans) -> impl IntoView {
    let toasts: Toasts = expect_context();
    let link = move |_| {
        copy(&window().location().href().unwrap_or_default());
        toasts.tell(t().fan.link_copied);
    };
    let button = |glyph, label: &'static str, act: Callback<()>| {
        view! {
            <button class="icon-button" type="button" aria-label=label title=label on:click=move |_| act.run(())>
                <Icon glyph />
            </button>
        }
    };
    view! {
        {button(Glyph::SortUp, t().fan.previous, Callback::new(move |()| fans.step(false)))}
        {button(Glyph::SortDown, t().fan.next, Callback::new(move |()| fans.step(true)))}
        {button(Glyph::Copy, t().fan.copy_link, Callback::new(link))}
    }
}

fn failed(error: ApiError, person: Load<Person>, fans: Fans) -> AnyView {
    if error.code() == Some(ProblemCode::NotFound) {
        let back = move || routes::fans(&fans.store.slug(), &fans.query.read());
        return view! {
            <StatePanel glyph=Glyph::Search place=Place::Part title=t().fan.gone_title detail=t().fan.gone_detail>
                <a class="button" href=back>{t().fan.back}</a>
            </StatePanel>
        }
        .into_any();
    }
    let retry = Remedy::Retry(Callback::new(move |()| person.retry()));
    view! { <ErrorPanel title=t().fan.failed error remedy=retry place=Place::Part /> }.into_any()
}

/// What the panel asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Edit,
    Delete,
}

#[component]
fn Known(known: Arc<Person>, person: Load<Person>, fans: Fans) -> impl IntoView {
    let asked = RwSignal::new(None::<Asked>);
    let close = Callback::new(move |()| asked.set(None));
    let who = known.fan.name.clone().unwrap_or_else(|| known.fan.email.clone());
    let may_edit = fans.store.may(Permission::Edit);
    let actions = known.customer.as_ref().filter(|_| may_edit).map(|_| {
        view! {
            <div class="person-head__actions">
                <button class="button" type="button" on:click=move |_| asked.set(Some(Asked::Edit))>
                    <Icon glyph=Glyph::Edit />{t().fan.edit}
                </button>
                <button class="button" type="button" on:click=move |_| asked.set(Some(Asked::Delete))>
                    <Icon glyph=Glyph::Trash />{t().fan.delete}
                </button>
            </div>
        }
    });
    let rest = match &known.customer {
        Some(customer) => {
            let id = customer.id;
            let worth = fans.store.may(Permission::SeeMoney).then(|| view! { <Worth id fans /> });
            view! { {worth}<FactSections id fans /><Notes id fans /><Timeline id person fans /> }.into_any()
        }
        None => view! { <p class="panel__note">{t().fan.account_only}</p> }.into_any(),
    };
    let dialog = {
        let (customer, who) = (known.customer.clone(), who.clone());
        move || {
            let customer = customer.clone()?;
            Some(match asked.get()? {
                Asked::Edit => view! { <EditDialog customer who=who.clone() close person fans /> }.into_any(),
                Asked::Delete => view! { <DeleteDialog customer who=who.clone() close fans /> }.into_any(),
            })
        }
    };
    view! {
        <div class="person-head">
            <Avatar name=known.fan.name.clone() email=known.fan.email.clone()
                picture=known.fan.avatar_url.clone() has_account=known.fan.has_account />
            <div class="person-head__text">
                <h2 class="person-head__name">{who}</h2>
                <a class="person-head__email" href=format!("mailto:{}", known.fan.email)>{known.fan.email.clone()}</a>
            </div>
            <TypeBadge kind=known.fan.r#type />
        </div>
        {actions}
        <Details known=Arc::clone(&known) fans />
        {rest}
        {dialog}
    }
}
