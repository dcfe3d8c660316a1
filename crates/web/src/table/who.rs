//! The first cell of a row: who it is about.

use leptos::prelude::*;

use super::SlotRow;
use crate::components::Avatar;

/// A person, as the head of a row shows them.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Who {
    /// The name of the link.
    pub called: String,
    /// The second line.
    pub below: Option<String>,
    pub name: Option<String>,
    pub email: String,
    pub picture: Option<String>,
    pub has_account: bool,
}

impl SlotRow {
    /// The head of the row: picture, name and address; the address alone when there is no name.
    pub(crate) fn who<T: Send + Sync + 'static>(
        self,
        read: impl Fn(&T) -> Who + Send + Sync + 'static,
        href: impl Fn(&T) -> String + Send + Sync + 'static,
    ) -> AnyView {
        let who = Memo::new(move |_| self.get::<T>().map(|value| read(&value)));
        let href = Signal::derive(move || self.get::<T>().map(|value| href(&value)));
        let is_there = Memo::new(move |_| who.read().is_some());
        let content = move || match is_there.get() {
            true => view! { <Person who href /> }.into_any(),
            false => view! {
                <span class="shape shape--disc"></span><span class="shape shape--name"></span>
            }
            .into_any(),
        };
        view! { <div class="cell" role="rowheader" data-column="who">{content}</div> }.into_any()
    }
}

#[component]
fn Person(who: Memo<Option<Who>>, href: Signal<Option<String>>) -> impl IntoView {
    let who = Signal::derive(move || who.get().unwrap_or_default());
    let called = move || who.get().called;
    let below = move || {
        who.get()
            .below
            .map(|email| view! { <span class="person__email" title=email.clone()>{email.clone()}</span> })
    };
    view! {
        <Avatar name=Signal::derive(move || who.get().name) email=Signal::derive(move || who.get().email)
            picture=Signal::derive(move || who.get().picture)
            has_account=Signal::derive(move || who.get().has_account) />
        <span class="person">
            <a class="person__name" tabindex="-1" href=href title=called>{called}</a>
            {below}
        </span>
    }
}
