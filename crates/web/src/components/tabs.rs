//! A row of links that look like tabs, the current one in sight.

use leptos::{html, prelude::*};

#[component]
pub(crate) fn Tabs(
    label: &'static str,
    /// The links, of which one is `aria-current`.
    links: AnyView,
) -> impl IntoView {
    let tabs = NodeRef::<html::Nav>::new();
    tabs.on_load(|tabs| {
        let Some(current) = tabs.query_selector("[aria-current]").ok().flatten() else { return };
        let (tab, row) = (current.get_bounding_client_rect(), tabs.get_bounding_client_rect());
        let beyond = (tab.right() - row.right()).max(0.0) + (tab.left() - row.left()).min(0.0);
        // With a part of the next one, which says that there is more.
        let hint = if beyond > 0.0 { 32 } else { 0 };
        tabs.set_scroll_left(tabs.scroll_left() + beyond as i32 + hint);
    });
    view! { <nav class="tabs" aria-label=label node_ref=tabs>{links}</nav> }
}
