//! Where the app is: the browser's address as a signal, and going elsewhere without loading anew.
//!
//! The app has few routes, all known to [`Route`](crate::routes::Route), which reads and writes
//! them; matching patterns and nesting outlets at run time would be a tenth of the whole download.

use leptos::prelude::*;
use leptos::{
    ev,
    wasm_bindgen::{JsCast, JsValue},
};

use crate::state::task;

/// Path and query of the address, without the question mark.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Address {
    pub path: String,
    pub query: String,
}

impl Address {
    /// Reads `/path?query#fragment`.
    fn parse(target: &str) -> Self {
        let target = target.split('#').next().unwrap_or_default();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Self { path: path.to_owned(), query: query.to_owned() }
    }

    /// Writes it for a link.
    pub(crate) fn to_href(&self) -> String {
        let Self { path, query } = self;
        if query.is_empty() { path.clone() } else { format!("{path}?{query}") }
    }
}

/// What becomes of the entry of the browser's history that is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leave {
    /// It stays, so that "back" leads to it.
    Keep,
    /// It is replaced: a redirection, or another letter in a search field.
    Replace,
}

/// The address, a context of the whole app.
#[derive(Clone, Copy)]
pub(crate) struct Router(RwSignal<Address>);

impl Router {
    /// Follows links, "back" and "forward" from now on.
    pub(crate) fn start() -> Self {
        let router = Self(RwSignal::new(current()));
        let back_and_forward = window_event_listener(ev::popstate, move |_| router.0.set(current()));
        let links = window_event_listener(ev::click, move |event| {
            if let Some(href) = followed_link(&event) {
                event.prevent_default();
                router.go(&href, Leave::Keep);
            }
        });
        on_cleanup(move || {
            back_and_forward.remove();
            links.remove();
        });
        router
    }

    /// The address, followed.
    pub(crate) fn address(self) -> impl std::ops::Deref<Target = Address> {
        self.0.read()
    }

    /// The address now.
    pub(crate) fn address_now(self) -> impl std::ops::Deref<Target = Address> {
        self.0.read_untracked()
    }

    /// Goes to a place of the app.
    pub(crate) fn go(self, href: &str, leave: Leave) {
        let next = Address::parse(href);
        if *self.0.read_untracked() == next {
            return;
        }
        // The history refuses only other origins and floods; the address then stays as it was.
        let history = window().history().and_then(|history| match leave {
            Leave::Keep => history.push_state_with_url(&JsValue::NULL, "", Some(href)),
            Leave::Replace => history.replace_state_with_url(&JsValue::NULL, "", Some(href)),
        });
        if history.is_ok() {
            self.0.set(next);
        }
    }
}

/// Goes elsewhere instead of showing anything, without a trace in the history: "back" must not
/// lead into the redirection again.
#[component]
pub(crate) fn Redirect(to: String) -> impl IntoView {
    let router: Router = expect_context();
    // Not now, while the page that is to be replaced is still being put in its place.
    task::spawn(async move { router.go(&to, Leave::Replace) });
}

fn current() -> Address {
    let location = window().location();
    let (path, query) = (location.pathname(), location.search());
    Address::parse(&(path.unwrap_or_default() + &query.unwrap_or_default()))
}

/// Where a click leads within the app; `None` when it is the browser's to handle.
fn followed_link(event: &web_sys::MouseEvent) -> Option<String> {
    let modified = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
    if event.default_prevented() || event.button() != 0 || modified {
        return None;
    }
    let element = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    let link = element.closest("a[href]").ok()??.dyn_into::<web_sys::HtmlAnchorElement>().ok()?;
    let external = !link.target().is_empty() || link.has_attribute("download") || link.rel() == "external";
    // A relative reference or a fragment is no route; every route is written as an absolute path.
    let href = link.get_attribute("href").filter(|href| href.starts_with('/') && !href.starts_with("//"))?;
    (!external).then_some(href)
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn an_address_reads_what_it_writes() {
        for href in ["/", "/login", "/store/ppr/contacts?type=lead&search=a%3Fb"] {
            assert_eq!(Address::parse(href).to_href(), href);
        }
        assert_eq!(Address::parse("/a?b#c"), Address { path: "/a".into(), query: "b".into() });
        assert_eq!(Address::parse("/a?").to_href(), "/a");
    }
}
