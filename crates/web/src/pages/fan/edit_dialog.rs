//! Edits a customer. What is typed is checked by the domain's own rules before it is sent; if
//! somebody else was faster, both are shown.

use fanbase_domain::{
    consent::Consent, customer::CustomerStatus, ids::StoreId, problem::ProblemCode,
    wire::customers::CustomerResponse,
};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::{
    conflict::{self, Clash},
    conflict_dialog::ConflictDialog,
    details,
    draft::{Draft, Field},
};
use crate::{
    api::{self, ApiError},
    components::{Dialog, DialogActions, ErrorNote, FormErrors, SelectField, TagInput, TextField},
    i18n::t,
    pages::fans::Fans,
    state::{task::Task, toasts::Toasts},
};

/// What a form is made of: a signal for each field.
type Texts = Vec<(Field, RwSignal<String>)>;

/// Somebody else was faster: what they made of it, and what clashes.
#[derive(Clone)]
pub(super) struct Faster {
    pub theirs: CustomerResponse,
    pub mine: Draft,
    pub clashes: Vec<Clash>,
}

/// The form and what becomes of it.
#[derive(Clone, Copy)]
pub(super) struct Edit {
    /// What was read, and is changed.
    base: StoredValue<CustomerResponse>,
    texts: StoredValue<Texts>,
    pub errors: FormErrors,
    pub saving: Task,
    pub faster: RwSignal<Option<Faster>>,
    close: Callback<()>,
    fans: Fans,
    toasts: Toasts,
}

impl Edit {
    fn draft(self) -> Draft {
        let mut draft = self.base.with_value(Draft::of);
        self.texts.with_value(|texts| {
            for (field, text) in texts {
                draft.set(field.clone(), text.get_untracked());
            }
        });
        draft
    }

    /// Sends what was changed of `base`.
    pub(super) fn save(self, base: CustomerResponse, mine: Draft) {
        self.errors.clear();
        let patch = match Draft::of(&base).patch(&mine) {
            Err(wrong) => return self.errors.set(wrong),
            // Concurrent changes are shown as well.
            Ok(None) => return self.done(t().fan.nothing_changed),
            Ok(Some(patch)) => patch,
        };
        let store = self.fans.store.id();
        self.saving.run(async move {
            match api::customers::patch_customer(store, base.id, patch, base.version).await {
                Ok(_) => {
                    self.done(t().fan.saved);
                    Ok(())
                }
                Err(error) if error.code() == Some(ProblemCode::VersionMismatch) => {
                    let theirs = api::customers::get_customer(store, base.id).await?;
                    self.meet(store, &base, mine, theirs).await
                }
                Err(error) => {
                    self.errors.take(&error);
                    Err(error)
                }
            }
        });
    }

    /// What was changed by somebody else clashes, or both go together.
    async fn meet(
        self,
        store: StoreId,
        base: &CustomerResponse,
        mine: Draft,
        theirs: CustomerResponse,
    ) -> Result<(), ApiError> {
        let (before, now) = (Draft::of(base), Draft::of(&theirs));
        let clashes = conflict::clashes(&before, &mine, &now);
        if !clashes.is_empty() {
            let mine = conflict::merged(&before, &mine, &now, &[]);
            self.faster.set(Some(Faster { theirs, mine, clashes }));
            return Ok(());
        }
        let merged = conflict::merged(&before, &mine, &now, &[]);
        if let Ok(Some(patch)) = now.patch(&merged) {
            api::customers::patch_customer(store, theirs.id, patch, theirs.version).await?;
        }
        self.done(t().fan.saved);
        Ok(())
    }

    /// Closes the form, if it is still open, and shows what the customer is now.
    fn done(self, report: &'static str) {
        self.toasts.tell(report);
        self.close.try_run(());
        self.fans.changed();
    }
}

#[component]
pub(super) fn EditDialog(
    customer: CustomerResponse,
    who: String,
    close: Callback<()>,
    fans: Fans,
) -> impl IntoView {
    let draft = Draft::of(&customer);
    let texts: Texts =
        draft.iter().map(|(field, text)| (field.clone(), RwSignal::new(text.to_owned()))).collect();
    let edit = Edit {
        base: StoredValue::new(customer),
        texts: StoredValue::new(texts),
        errors: FormErrors::new(),
        saving: Task::new(),
        faster: RwSignal::new(None),
        close,
        fans,
        toasts: expect_context(),
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        edit.save(edit.base.get_value(), edit.draft());
    };
    let failure = move || {
        let failure =
            edit.saving.failure().filter(|error| error.code() != Some(ProblemCode::ValidationFailed));
        failure.map(|error| view! { <ErrorNote error /> })
    };
    let conflict = move || edit.faster.get().map(|faster| view! { <ConflictDialog faster edit /> });
    view! {
        <Dialog title=(t().fan.edit_title)(&who) on_close=close wide=true>
            <form class="dialog__form" on:submit=submit novalidate>
                <div class="form-grid">{edit.texts.with_value(|texts| fields(texts, edit.errors, fans))}</div>
                {failure}
                <DialogActions on_cancel=close confirm=t().components.save
                    busy=Signal::derive(move || edit.saving.is_running()) />
            </form>
        </Dialog>
        {conflict}
    }
}

fn fields(texts: &Texts, errors: FormErrors, fans: Fans) -> Vec<AnyView> {
    let w = &t().words;
    let options = |codes: Vec<(&str, &str)>| -> Vec<(String, String)> {
        codes.into_iter().map(|(code, label)| (code.to_owned(), label.to_owned())).collect()
    };
    texts
        .iter()
        .map(|(field, value)| {
            let (label, value) = (field_label(field), *value);
            let (pointer, hint) = match field {
                Field::Email => ("/email", ""),
                Field::FirstName => ("/first_name", ""),
                Field::LastName => ("/last_name", ""),
                Field::Alias => ("/alias", ""),
                Field::Phone => ("/phone", ""),
                Field::Score => ("/score", ""),
                Field::Tags => {
                    let known = Signal::derive(move || fans.store.tag_names());
                    return view! {
                        <TagInput label value known pointer="/tags" hint=t().fan.tags_hint errors />
                    }
                    .into_any();
                }
                Field::Attribute(_) => ("/attributes", ""),
                Field::Consent => {
                    let options = options(Consent::ALL.map(|c| (c.as_str(), (w.consent)(c))).to_vec());
                    return view! { <SelectField label value options /> }.into_any();
                }
                Field::Status => {
                    let options = options(CustomerStatus::ALL.map(|s| (s.as_str(), (w.status)(s))).to_vec());
                    return view! { <SelectField label value options /> }.into_any();
                }
            };
            view! { <TextField label value pointer hint errors /> }.into_any()
        })
        .collect()
}

/// What a field is called.
pub(super) fn field_label(field: &Field) -> String {
    let f = &t().fan;
    match field {
        Field::Email => f.email,
        Field::FirstName => f.first_name,
        Field::LastName => f.last_name,
        Field::Alias => f.alias,
        Field::Phone => f.phone,
        Field::Consent => f.consent,
        Field::Status => f.status,
        Field::Score => f.score,
        Field::Tags => f.tags,
        Field::Attribute(key) => return details::label(key),
    }
    .to_owned()
}
