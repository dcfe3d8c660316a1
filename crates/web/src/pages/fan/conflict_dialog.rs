//! Shows what two people made of the same customer, to choose from.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::{
    conflict::{self, Clash},
    draft::{Draft, Field},
    edit_dialog::{Edit, Faster, field_label},
};
use crate::{
    components::{Dialog, DialogActions, ErrorNote, unique_id},
    i18n::t,
};

#[component]
pub(super) fn ConflictDialog(faster: Faster, edit: Edit) -> impl IntoView {
    // Theirs stays unless one's own is chosen: nobody's work is overwritten by a hasty click.
    let kept: RwSignal<Vec<Field>> =
        RwSignal::new(faster.clashes.iter().map(|clash| clash.field.clone()).collect());
    let lines = faster.clashes.iter().cloned().map(|clash| view! { <ClashLine clash kept /> });
    let lines = lines.collect_view();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let theirs = Draft::of(&faster.theirs);
        let chosen = conflict::merged(&theirs, &faster.mine, &theirs, &kept.get_untracked());
        edit.save(faster.theirs.clone(), chosen);
    };
    let close = Callback::new(move |()| edit.faster.set(None));
    let failure = move || edit.saving.failure().map(|error| view! { <ErrorNote error /> });
    view! {
        <Dialog title=t().fan.conflict_title on_close=close>
            <form class="dialog__form" on:submit=submit>
                <p>{t().fan.conflict_detail}</p>
                <div class="clashes">{lines}</div>
                {failure}
                <DialogActions on_cancel=close confirm=t().fan.conflict_save
                    busy=Signal::derive(move || edit.saving.is_running()) />
            </form>
        </Dialog>
    }
}

/// One field: theirs or one's own.
#[component]
fn ClashLine(clash: Clash, kept: RwSignal<Vec<Field>>) -> impl IntoView {
    let Clash { field, theirs, mine } = clash;
    let (name, legend) = (unique_id("clash"), field_label(&field));
    let choose = {
        let field = field.clone();
        move |keep: bool| {
            let field = field.clone();
            kept.update(|kept| {
                kept.retain(|other| *other != field);
                if keep {
                    kept.push(field);
                }
            });
        }
    };
    let option = move |label: &'static str, value: String, keep: bool| {
        let (choose, field) = (choose.clone(), field.clone());
        let value = if value.trim().is_empty() { t().fan.empty_value.to_owned() } else { value };
        view! {
            <label class="clash__option">
                <input type="radio" name=name.clone() prop:checked=move || kept.read().contains(&field) == keep
                    on:change=move |_| choose(keep) />
                <span class="clash__who">{label}</span>
                <span class="clash__value">{value}</span>
            </label>
        }
    };
    view! {
        <fieldset class="clash">
            <legend>{legend}</legend>
            {option(t().fan.conflict_theirs, theirs, true)}
            {option(t().fan.conflict_mine, mine, false)}
        </fieldset>
    }
}
