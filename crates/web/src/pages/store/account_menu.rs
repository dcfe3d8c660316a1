//! The button that ends the session.

use leptos::prelude::*;

use crate::{
    components::{Glyph, Icon},
    i18n::t,
    state::session::Session,
};

#[component]
pub(crate) fn LogOut() -> impl IntoView {
    let session: Session = expect_context();
    let sign_out = Action::new_local(move |(): &()| session.sign_out());
    let pending = sign_out.pending();
    let failed = move || sign_out.value().get().is_some_and(|done| done.is_err()) && !pending.get();
    view! {
        <button class="nav" type="button" title=t().frame.log_out disabled=pending
            aria-busy=move || pending.get().to_string()
            on:click=move |_| { sign_out.dispatch_local(()); }>
            <Icon glyph=Glyph::LogOut />
            <span class="nav__label">{t().frame.log_out}</span>
        </button>
        <div role="alert">
            {move || failed().then(|| view! { <p class="nav__alert">{t().frame.log_out_failed}</p> })}
        </div>
    }
}
