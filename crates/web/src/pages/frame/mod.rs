//! What is around the pages of a store, and of the platform: the sidebar and the command palette.

mod account_menu;
mod page_header;
mod palette;
mod palette_entries;
mod sidebar;
mod sign_in_again;
mod store_switcher;

use fanbase_domain::wire::auth::MeResponse;
use leptos::prelude::*;

pub(crate) use self::{account_menu::LogOut, page_header::PageHeader};
use self::{palette::CommandPalette, sidebar::Sidebar, sign_in_again::SignInAgain};
use crate::{i18n::t, routes::Route};

/// Sidebar and page. The store, if one is open, is in the context.
#[component]
pub(super) fn Frame(me: MeResponse, route: Memo<Route>, content: AnyView) -> impl IntoView {
    let email = me.email.clone().unwrap_or_default();
    view! {
        <div class="frame">
            <a class="skip" href="#content">{t().frame.skip_to_content}</a>
            <Sidebar me=me.clone() route />
            <main class="page" id="content" tabindex="-1">{content}</main>
            <CommandPalette me />
            <SignInAgain email />
        </div>
    }
}
