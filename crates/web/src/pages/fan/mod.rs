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

use fanbase_domain::{
    fan::FanType,
    ids::{CustomerId, FanId},
    problem::ProblemCode,
    role::Permission,
    wire::{customers::CustomerResponse, fans::FanResponse},
};
use leptos::prelude::*;

use self::{
    delete_dialog::DeleteDialog,
    details::{Details, Profile},
    edit_dialog::EditDialog,
    facts::FactSections,
    notes::Notes,
    timeline::Timeline,
    worth::Worth,
};
use crate::{
    api::{self, ApiError},
    components::{
        Avatar, CopyButton, ErrorPanel, Glyph, Icon, Place, Remedy, SidePanel, SkeletonLines, StatePanel,
        TypeBadge, copy,
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

/// What the panel shows, apart from what it says of it.
#[derive(Clone, Copy, PartialEq)]
enum Shown {
    Waiting,
    Failed,
    /// A fan, and the customer that they are.
    Fan(FanId, Option<CustomerId>),
}

#[component]
pub(crate) fn FanPanel() -> impl IntoView {
    let fans: Fans = expect_context();
    let store = fans.store.id();
    let person = Load::new(move || {
        fans.changes.get();
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
    // The same fan stays as they are, with what is typed about them, while they are loaded again.
    let shown = Memo::new(move |_| match person.get() {
        None => Shown::Waiting,
        Some(Err(_)) => Shown::Failed,
        Some(Ok(person)) => Shown::Fan(person.fan.id, person.customer.as_ref().map(|customer| customer.id)),
    });
    let content = move || match shown.get() {
        Shown::Waiting => view! { <SkeletonLines lines=8 /> }.into_any(),
        Shown::Failed => {
            let failure = move || person.get()?.err().map(|error| failed(error, person, fans));
            failure.into_any()
        }
        Shown::Fan(_, customer) => view! { <Known customer person fans /> }.into_any(),
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
        copy(window().location().href().unwrap_or_default(), t().fan.link_copied, toasts);
    };
    let button = |glyph, label: &'static str, act: Callback<()>| {
        view! {
            <button class="icon-button" type="button" aria-label=label title=label on:click=move |_| { act.try_run(()); }>
                <Icon glyph />
            </button>
        }
    };
    view! {
        {button(Glyph::SortUp, t().fan.previous, Callback::new(move |()| fans.step(false)))}
        {button(Glyph::SortDown, t().fan.next, Callback::new(move |()| fans.step(true)))}
        {button(Glyph::Link, t().fan.copy_link, Callback::new(link))}
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
fn Known(customer: Option<CustomerId>, person: Load<Person>, fans: Fans) -> impl IntoView {
    let asked = RwSignal::new(None::<Asked>);
    let close = Callback::new(move |()| asked.set(None));
    let head = move || person.value().map(|known| view! { <Head known asked fans /> });
    let profile = move || person.value().map(|known| view! { <Profile known /> });
    let rest = match customer {
        Some(id) => {
            let worth = fans.store.may(Permission::SeeMoney).then(|| view! { <Worth id fans /> });
            view! { {worth}<FactSections id fans /><Notes id fans />{profile}<Timeline id fans /> }.into_any()
        }
        None => view! { <p class="panel__note">{t().fan.account_only}</p>{profile} }.into_any(),
    };
    let dialog = move || {
        let asked = asked.get()?;
        let known = untrack(|| person.value())?;
        let (who, customer) = (called(&known.fan), known.customer.clone()?);
        Some(match asked {
            Asked::Edit => view! { <EditDialog customer who close fans /> }.into_any(),
            Asked::Delete => view! { <DeleteDialog customer who close fans /> }.into_any(),
        })
    };
    view! { {head}{rest}{dialog} }
}

/// What a fan is called.
fn called(fan: &FanResponse) -> String {
    fan.name.clone().unwrap_or_else(|| fan.email.clone())
}

/// Who it is, what can be done, and the facts.
#[component]
fn Head(known: Arc<Person>, asked: RwSignal<Option<Asked>>, fans: Fans) -> impl IntoView {
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
    view! {
        <div class="person-head">
            <Avatar name=known.fan.name.clone() email=known.fan.email.clone()
                picture=known.fan.avatar_url.clone() has_account=known.fan.has_account />
            <div class="person-head__text">
                <h2 class="person-head__name">{called(&known.fan)}</h2>
                <span class="person-head__email">
                    <a href=format!("mailto:{}", known.fan.email)>{known.fan.email.clone()}</a>
                    <CopyButton text=known.fan.email.clone() label=t().fan.copy_email />
                </span>
            </div>
            <TypeBadge kind=known.fan.r#type />
        </div>
        {actions}
        <Details known=Arc::clone(&known) fans />
    }
}
