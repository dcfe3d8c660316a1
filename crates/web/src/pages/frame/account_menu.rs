//! The account: who is signed in, the theme, and the way out.

use fanbase_domain::wire::auth::MeResponse;
use leptos::prelude::*;

use crate::{
    components::{Avatar, Glyph, Icon, Popover},
    i18n::t,
    routes::{self, Section, StorePage},
    state::{
        session::Session,
        store::CurrentStore,
        task::Task,
        theme::{Theme, ThemeChoice},
    },
};

#[component]
pub(super) fn AccountMenu(me: MeResponse) -> impl IntoView {
    let email = me.email.unwrap_or_default();
    let who = me.name.clone().unwrap_or_else(|| email.clone());
    // The own account is among the settings of any store.
    let store = use_context::<CurrentStore>().map(CurrentStore::slug);
    let store = store.or_else(|| me.stores.first().map(|store| store.slug.clone()));
    let settings = store.map(|slug| routes::store(&slug, StorePage::Settings(Section::Account)));
    let mail = email.clone();
    let trigger = move || {
        view! {
            <Avatar name=me.name.clone() email=email.clone() picture=me.avatar_url.clone() has_account=false />
            <span class="nav__label">{who.clone()}</span>
            <Icon glyph=Glyph::UpDown />
        }
    };
    let content = move || {
        view! {
            <p class="menu__title">{mail.clone()}</p>
            <ThemePicker />
            {settings.clone().map(|settings| view! {
                <a class="menu__item" role="menuitem" href=settings>
                    <Icon glyph=Glyph::Settings />{t().frame.settings}
                </a>
            })}
            <LogOut />
        }
        .into_any()
    };
    view! { <Popover label=t().frame.account class="nav" trigger=trigger children=content /> }
}

/// The three themes, of which one is chosen.
#[component]
fn ThemePicker() -> impl IntoView {
    let choice: ThemeChoice = expect_context();
    let themes = Theme::ALL.map(|theme| {
        view! {
            <button class="segment" type="button" role="menuitemradio" data-stay=""
                aria-checked=move || (choice.get() == theme).to_string() on:click=move |_| choice.choose(theme)>
                {theme_name(theme)}
            </button>
        }
    });
    view! {
        <div class="menu__group" role="group" aria-label=t().frame.theme>
            <span class="menu__label">{t().frame.theme}</span>
            <div class="segments">{themes.into_iter().collect_view()}</div>
        </div>
    }
}

/// What a theme is called.
pub(super) fn theme_name(theme: Theme) -> &'static str {
    match theme {
        Theme::System => t().frame.theme_system,
        Theme::Light => t().frame.theme_light,
        Theme::Dark => t().frame.theme_dark,
    }
}

/// The button that ends the session.
#[component]
pub(crate) fn LogOut() -> impl IntoView {
    let session: Session = expect_context();
    let sign_out = Task::new();
    let failed = move || {
        sign_out
            .failure()
            .map(|_| view! { <p class="nav__alert" role="alert">{t().frame.log_out_failed}</p> })
    };
    view! {
        <button class="menu__item" type="button" role="menuitem" data-stay=""
            disabled=move || sign_out.is_running() on:click=move |_| sign_out.run(session.sign_out())>
            <Icon glyph=Glyph::LogOut />{t().frame.log_out}
        </button>
        {failed}
    }
}
