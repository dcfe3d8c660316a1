//! A calm panel in the place of data: nothing to show, or what went wrong.

use leptos::prelude::*;

use super::{Glyph, Icon};

/// How the panel looks and what it replaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A part of a page that has its own heading.
    Part,
    /// The whole page.
    Page,
}

/// The children are what one can do, if anything.
#[component]
pub(crate) fn StatePanel(
    glyph: Glyph,
    /// Something is wrong: said at once by screen readers, and in another colour.
    #[prop(optional)]
    bad: bool,
    place: Place,
    #[prop(into)] title: String,
    #[prop(into)] detail: String,
    children: Children,
) -> impl IntoView {
    if place == Place::Page {
        let title = title.clone();
        Effect::new(move || document().set_title(&title));
    }
    let heading = match place {
        Place::Part => view! { <h2 class="state__title">{title}</h2> }.into_any(),
        Place::Page => view! { <h1 class="state__title">{title}</h1> }.into_any(),
    };
    let panel = view! {
        <div class="state" data-bad=bad.then_some("") role=bad.then_some("alert")>
            <span class="state__glyph"><Icon glyph /></span>
            {heading}
            <p class="state__detail">{detail}</p>
            {children()}
        </div>
    };
    match place {
        Place::Part => panel.into_any(),
        Place::Page => view! { <main class="alone">{panel}</main> }.into_any(),
    }
}
