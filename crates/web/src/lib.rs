//! The Fanbase web app: client-side rendered, everything it shows comes from the API.
//!
//! - [`api`] is the only code that talks HTTP;
//! - [`state`] is what several pages share: who is signed in, the open store, what the URL says;
//! - [`pages`] load data and compose [`components`];
//! - [`table`] shows lists that are too long for a page;
//! - [`i18n`] holds every text and writes numbers, money and dates.
//!
//! The URL is the state: filters, search and paging are read from it and changed by navigating.

#![expect(unreachable_pub, reason = "the component macro makes its functions pub within their module")]

mod api;
mod app;
mod components;
mod i18n;
mod pages;
mod router;
mod routes;
mod state;
mod table;

use leptos::prelude::*;

/// Takes the place of the starting text with the app.
pub fn start() {
    console_error_panic_hook::set_once();
    if let Some(boot) = document().get_element_by_id("boot") {
        boot.remove();
    }
    mount_to_body(app::App);
}
