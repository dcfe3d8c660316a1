//! A coloured word: what a fan is, whether they may be mailed, how an import stands. The word says
//! it; the colour helps the eye.

use fanbase_domain::{consent::Consent, fan::FanType};
use leptos::prelude::*;

use crate::i18n::t;

/// What a badge means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    Neutral,
    Good,
    Notice,
    Bad,
    Lead,
    Paying,
    Subscription,
}

impl Tone {
    /// The name of the tone in the style sheets.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Neutral => "user",
            Self::Good => "good",
            Self::Notice => "notice",
            Self::Bad => "bad",
            Self::Lead => "lead",
            Self::Paying => "paying",
            Self::Subscription => "subscription",
        }
    }

    /// The tone of a type of fan.
    pub(crate) const fn of_type(kind: FanType) -> Self {
        match kind {
            FanType::Lead => Self::Lead,
            FanType::Paying => Self::Paying,
            FanType::Subscription => Self::Subscription,
            FanType::User => Self::Neutral,
        }
    }
}

/// Any badge.
#[component]
pub(crate) fn Badge(tone: Tone, text: &'static str) -> impl IntoView {
    view! { <span class="badge" data-tone=tone.name()>{text}</span> }
}

/// The badge of a fan's type.
#[component]
pub(crate) fn TypeBadge(kind: FanType) -> impl IntoView {
    view! { <Badge tone=Tone::of_type(kind) text=(t().words.fan_type)(kind) /> }
}

/// The badge of a consent.
#[component]
pub(crate) fn ConsentBadge(consent: Consent) -> impl IntoView {
    let tone = match consent {
        Consent::Subscribed => Tone::Good,
        Consent::Unconfirmed => Tone::Notice,
        Consent::Unsubscribed => Tone::Neutral,
        Consent::Bounced | Consent::Complained => Tone::Bad,
    };
    view! { <Badge tone text=(t().words.consent)(consent) /> }
}
