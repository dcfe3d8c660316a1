//! The pages for people who have no account yet. What proves that they may have one stands behind
//! `#` in the address, which browsers do not send along.

mod invitation;
mod set_up;

use leptos::prelude::*;

pub(crate) use invitation::InvitationPage;
pub(crate) use set_up::SetUpPage;

use crate::components::{Glyph, Icon};

/// What stands behind `#` in the address.
fn secret() -> String {
    window().location().hash().unwrap_or_default().trim_start_matches('#').to_owned()
}

/// A card in the middle of the page.
#[component]
fn Card(title: &'static str, children: Children) -> impl IntoView {
    Effect::new(move || document().set_title(title));
    view! {
        <main class="login">
            <div class="login__card">
                <span class="logo logo--large"><Icon glyph=Glyph::Brand /></span>
                <h1 class="login__title">{title}</h1>
                {children()}
            </div>
        </main>
    }
}
