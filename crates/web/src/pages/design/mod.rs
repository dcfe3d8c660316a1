//! `/design`, in development builds: every building block, in both themes side by side.

use fanbase_domain::{consent::Consent, fan::FanType};
use leptos::prelude::*;

use crate::{
    api::ApiError,
    components::{
        Avatar, ConsentBadge, Dialog, DialogActions, ErrorNote, ErrorPanel, FormErrors, Glyph, Icon, Place,
        Popover, Progress, Remedy, Score, SelectField, SkeletonLines, StatePanel, TagList, TextArea,
        TextField, Tone, TypeBadge,
        chart::{BarChart, Datum, FunnelChart, GrowthChart, Rate, RateChart, ShareChart},
    },
    state::toasts::Toasts,
};

#[component]
pub(crate) fn DesignPage() -> impl IntoView {
    Effect::new(|| document().set_title("Design"));
    view! {
        <main class="design">
            <h1 class="page__title">"Design"</h1>
            <div class="design__themes">
                <div class="design__theme" data-theme="light"><Blocks /></div>
                <div class="design__theme" data-theme="dark"><Blocks /></div>
            </div>
        </main>
    }
}

#[component]
fn Blocks() -> impl IntoView {
    view! {
        <Section name="Badges">{FanType::ALL.into_iter().map(|kind| view! { <TypeBadge kind /> }).collect_view()}
            {Consent::ALL.into_iter().map(|consent| view! { <ConsentBadge consent /> }).collect_view()}</Section>
        <Section name="People">{people()}</Section>
        <Section name="Buttons"><Buttons /></Section>
        <Section name="Fields"><Fields /></Section>
        <Section name="Waiting"><Progress label="Import" done=40 total=Some(100) /><Progress label="Import" done=0 total=None />
            <SkeletonLines lines=3 /></Section>
        <Section name="States"><States /></Section>
        <Section name="Charts"><Charts /></Section>
    }
}

#[component]
fn Section(name: &'static str, children: Children) -> impl IntoView {
    view! { <section class="design__section"><h2>{name}</h2><div class="design__row">{children()}</div></section> }
}

fn people() -> AnyView {
    let person = |name: &str, account| {
        let email = format!("{}@example.com", name.to_lowercase().replace(' ', "."));
        view! { <Avatar name=Some(name.to_owned()) email picture=None has_account=account /> }
    };
    let tags = ["vip", "techno", "mixing", "beginner", "house"].map(str::to_owned).to_vec();
    view! {
        {person("Ava Lindqvist", true)}{person("Kofi Okafor", false)}{person("Zoë Dubois", true)}
        <Score points=342 /><Score points=42 />
        <TagList tags />
    }
    .into_any()
}

#[component]
fn Buttons() -> impl IntoView {
    let (toasts, open): (Toasts, _) = (expect_context(), RwSignal::new(false));
    let close = Callback::new(move |()| open.set(false));
    let dialog = move || {
        open.get().then(|| {
            view! {
                <Dialog title="Delete 3 fans?" on_close=close>
                    <form class="dialog__form">
                        <p>"They are deleted for good."</p>
                        <DialogActions on_cancel=close confirm="Delete 3 fans" destructive=true busy=Signal::default() />
                    </form>
                </Dialog>
            }
        })
    };
    let trigger = || view! { <Icon glyph=Glyph::More />"Menu" };
    let items = || {
        view! {
            <button class="menu__item" role="menuitem"><Icon glyph=Glyph::Edit />"Edit"</button>
            <button class="menu__item" role="menuitem"><Icon glyph=Glyph::Trash />"Delete"</button>
        }
        .into_any()
    };
    view! {
        <button class="button">"Button"</button>
        <button class="button button--primary">"Primary"</button>
        <button class="button button--danger" on:click=move |_| open.set(true)>"Dialog"</button>
        <button class="button button--quiet" on:click=move |_| toasts.tell("View “Quiet ones” saved")>"Toast"</button>
        <button class="button" on:click=move |_| toasts.warn("The server did not answer.")>"Bad toast"</button>
        <button class="button" disabled>"Disabled"</button>
        <Popover label="Menu" trigger=trigger children=items />
        {dialog}
    }
}

#[component]
fn Fields() -> impl IntoView {
    let (text, bad, choice) =
        (RwSignal::new("Ava".to_owned()), RwSignal::new("nobody".to_owned()), RwSignal::new("b".to_owned()));
    let errors = FormErrors::new();
    errors.add("/email", "This is not an e-mail address.");
    let options =
        [("a", "One"), ("b", "Two")].map(|(code, label)| (code.to_owned(), label.to_owned())).to_vec();
    view! {
        <TextField label="First name" value=text hint="As they write it" />
        <TextField label="E-mail" value=bad pointer="/email" errors />
        <SelectField label="Choice" value=choice options />
        <TextArea label="Note" value=text />
    }
}

#[component]
fn States() -> impl IntoView {
    let nothing = Callback::new(|()| ());
    view! {
        <StatePanel glyph=Glyph::Fans place=Place::Part title="Nobody here yet" detail="Import a contact list.">
            <button class="button button--primary">"Import contacts"</button>
        </StatePanel>
        <ErrorPanel title="The fans could not be shown" error=ApiError::Unreachable
            remedy=Remedy::Retry(nothing) place=Place::Part />
        <ErrorNote error=ApiError::Unreadable { status: 502 } />
    }
}

#[component]
fn Charts() -> impl IntoView {
    let growth: Vec<Datum> = [120, 180, 170, 260, 390, 420, 610, 640, 900]
        .into_iter()
        .enumerate()
        .map(|(i, value)| Datum::new(format!("Week {}", i + 1), value, Tone::Good))
        .collect();
    let kinds: Vec<Datum> = [
        (FanType::Lead, 46_060),
        (FanType::Paying, 1_042),
        (FanType::Subscription, 242),
        (FanType::User, 188),
    ]
    .into_iter()
    .map(|(kind, value)| Datum::new((crate::i18n::t().words.fan_types)(kind), value, Tone::of_type(kind)))
    .collect();
    let rates = (1..=12).map(|i| Rate { label: format!("Month {i}"), part: i, whole: 40 + i * i });
    let rates = rates.collect();
    view! {
        <GrowthChart label="Growth" data=growth />
        <ShareChart label="Types" data=kinds.clone() />
        <BarChart label="Types" data=kinds.clone() />
        <FunnelChart label="From contact to customer" steps=kinds />
        <RateChart label="Rates by month" tone=Tone::Paying rates />
    }
}
