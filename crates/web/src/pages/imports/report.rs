//! What became of an import: the numbers, a picture of them, the problem rows, and the way back.

use std::sync::Arc;

use fanbase_domain::{
    merge::Tally,
    wire::imports::{ImportResponse, ImportStatus},
};
use leptos::prelude::*;

use super::{follow::Followed, problems::Problems, undo::UndoDialog};
use crate::{
    components::{
        Glyph, Icon, Tone,
        chart::{Datum, ShareChart},
    },
    i18n::{format, t},
    routes,
    state::{fans_query::FansQuery, store::CurrentStore},
};

#[component]
pub(super) fn Report(import: Arc<ImportResponse>, followed: Followed) -> impl IntoView {
    let i = &t().imports;
    let asked = RwSignal::new(false);
    let close = Callback::new(move |()| asked.set(false));
    let fans = routes::fans(&expect_context::<CurrentStore>().slug(), &FansQuery::default());
    let id = import.id;
    let undo = (import.status == ImportStatus::Completed).then(|| {
        view! { <button class="button" type="button" on:click=move |_| asked.set(true)>{i.undo}</button> }
    });
    let dialog = {
        let import = Arc::clone(&import);
        move || asked.get().then(|| view! { <UndoDialog import=Arc::clone(&import) followed close /> })
    };
    view! {
        <section class="report">
            <header class="report__head">
                <h2 class="report__title"><Icon glyph=Glyph::Check />{headline(&import)}</h2>
                {undo}
                <a class="button button--primary" href=fans>{i.to_fans}</a>
            </header>
            <Numbers import=Arc::clone(&import) />
        </section>
        <Problems store=followed.store id count=import.problems />
        {dialog}
    }
}

/// What is to be said first.
fn headline(import: &ImportResponse) -> String {
    let i = &t().imports;
    let left = import.undo_left;
    if import.status == ImportStatus::Undone {
        return if left == 0 { i.undone.to_owned() } else { (i.undone_left)(left, &format::count(left)) };
    }
    let done = outcome(&import.tally);
    let took = import.started_at.zip(import.finished_at).map(|(from, to)| to.millis() - from.millis());
    match took {
        Some(millis) if millis >= 0 => {
            let seconds = format!("{}.{}", millis / 1000, millis % 1000 / 100);
            format!("{done} · {}", (i.took)(&seconds))
        }
        _ => done,
    }
}

/// What became of the people of a file: only what there was.
pub(super) fn outcome(tally: &Tally) -> String {
    let i = &t().imports;
    let parts = [
        (tally.created, i.added),
        (tally.updated, i.updated),
        (tally.unchanged, i.unchanged),
        (tally.duplicate_in_file, i.duplicates),
        (tally.invalid, i.left_out),
    ];
    let parts = parts.into_iter().filter(|(number, _)| *number > 0);
    let parts: Vec<String> = parts.map(|(number, text)| text(number, &format::count(number))).collect();
    if parts.is_empty() { i.nothing.to_owned() } else { parts.join(" · ") }
}

/// What becomes of the rows, as a bar and in numbers.
#[component]
pub(super) fn Numbers(import: Arc<ImportResponse>) -> impl IntoView {
    let i = &t().imports;
    let Tally { created, updated, unchanged, duplicate_in_file, invalid, .. } = import.tally;
    let tones = [Tone::Good, Tone::Paying, Tone::Neutral, Tone::Notice, Tone::Bad];
    let values = [created, updated, unchanged, duplicate_in_file, invalid];
    let data = i.outcomes.into_iter().zip(values).zip(tones);
    let data = data.map(|((label, value), tone)| Datum::new(label, value, tone)).collect();
    let kept = import.kept_unsubscribed;
    let kept =
        (kept > 0).then(|| view! { <p class="report__kept">{(i.kept)(kept, &format::count(kept))}</p> });
    view! { <div class="numbers"><ShareChart label=i.outcome_chart data />{kept}</div> }
}
