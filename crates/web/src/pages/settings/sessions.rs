//! Where the account is signed in, and ending that.

use std::sync::Arc;

use fanbase_domain::wire::auth::SessionResponse;
use leptos::prelude::*;

use super::{action, table};
use crate::{
    api,
    components::{Badge, Deed, Question, SkeletonLines, Tone, When, asked, loaded},
    i18n::t,
    state::load::Load,
};

#[component]
pub(super) fn Sessions() -> impl IntoView {
    let s = &t().settings;
    let sessions = Load::new(api::auth::list_sessions);
    let question = RwSignal::new(None);
    let list = move |list: Arc<Vec<SessionResponse>>| {
        let rows = list.iter().map(|session| {
            let browser = session.user_agent.as_deref().map_or_else(|| s.unknown_browser.to_owned(), browser);
            let ending = session.clone();
            let end = Callback::new(move |()| question.set(Some(end(&ending, sessions))));
            let last = match session.is_current {
                true => view! { <Badge tone=Tone::Good text=s.this_browser /> }.into_any(),
                false => action(s.end_session, &browser, end).into_any(),
            };
            view! {
                <tr>
                    <th scope="row" class="table__wrap" title=session.user_agent.clone()>{browser.clone()}</th>
                    <td>{session.address.clone()}</td>
                    <td><When at=session.created_at /></td>
                    <td class="table__actions">{last}</td>
                </tr>
            }
        });
        table(s.sessions, &[s.browser, s.address, s.signed_in], rows.collect_view())
    };
    let waiting = || view! { <SkeletonLines lines=3 /> };
    view! {
        <section class="block">
            <h2 class="block__title">{s.sessions}</h2>
            {loaded(sessions, s.failed, waiting, list)}
        </section>
        {asked(question)}
    }
}

fn end(session: &SessionResponse, sessions: Load<Vec<SessionResponse>>) -> Question {
    let (s, id) = (&t().settings, session.id);
    let deed: Deed = Arc::new(move |_| {
        Box::pin(async move {
            api::auth::end_session(id).await?;
            sessions.again();
            Ok(())
        })
    });
    Question {
        title: s.end_session_title.to_owned(),
        detail: s.end_session_detail.to_owned(),
        name: None,
        confirm: s.end_session,
        destructive: true,
        done: s.session_ended.to_owned(),
        deed,
    }
}

/// A browser in a few words, of what it says of itself: `Firefox, Linux`.
fn browser(agent: &str) -> String {
    let named = |names: &[(&str, &'static str)]| {
        names.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name)
    };
    // Those that claim to be another one come before it.
    let program = named(&[
        ("Edg", "Edge"),
        ("OPR", "Opera"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
        ("curl", "curl"),
    ]);
    let system = named(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (program, system) {
        (Some(program), Some(system)) => format!("{program}, {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => agent.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::browser;

    #[test]
    fn browsers_are_known_by_what_they_say() {
        for (agent, expected) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox, Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
                "Edge, Windows",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15",
                "Safari, macOS",
            ),
            ("curl/8.5.0", "curl"),
            ("something", "something"),
        ] {
            assert_eq!(browser(agent), expected);
        }
    }
}
