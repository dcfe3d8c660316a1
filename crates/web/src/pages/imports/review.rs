//! The check of a file: what was recognised, what can be chosen, and what would happen.

use std::sync::Arc;

use fanbase_domain::wire::imports::{ImportOptions, ImportPreviewResponse, ImportResponse, ImportStatus};
use leptos::prelude::*;

use super::{
    columns::{Columns, Fields},
    plan::{self, Fault, Wishes, target_of},
    problems::Problems,
    report::Numbers,
};
use crate::{
    api,
    components::{ErrorNote, ErrorPanel, Glyph, Icon, Place, Remedy, SelectField, SkeletonLines, TextField},
    i18n::{format, t},
    router::{Leave, Router},
    routes::{self, StorePage},
    state::{load::Load, store::CurrentStore, task::Task},
};

/// What is chosen, and what it is chosen for.
#[derive(Clone, Copy)]
struct Choice {
    import: StoredValue<Arc<ImportResponse>>,
    preview: StoredValue<Arc<ImportPreviewResponse>>,
    targets: RwSignal<Vec<String>>,
    values: RwSignal<String>,
    tags: RwSignal<String>,
    add_tags: RwSignal<String>,
    /// Blank when it is recognised, and so is `encoding`.
    delimiter: RwSignal<String>,
    encoding: RwSignal<String>,
    /// Blank while the question is open.
    consent: RwSignal<String>,
    /// Blank when it is recognised.
    decimal: RwSignal<String>,
    task: Task,
    store: CurrentStore,
    router: Router,
}

impl Choice {
    fn new(import: Arc<ImportResponse>, preview: Arc<ImportPreviewResponse>) -> Self {
        let options = &import.options;
        Self {
            targets: RwSignal::new(preview.columns.iter().map(target_of).collect()),
            values: RwSignal::new(options.values.as_str().to_owned()),
            tags: RwSignal::new(options.tags.as_str().to_owned()),
            add_tags: RwSignal::new(options.add_tags.join(", ")),
            delimiter: RwSignal::new(options.delimiter.map(String::from).unwrap_or_default()),
            encoding: RwSignal::new(options.encoding.clone().unwrap_or_default()),
            consent: RwSignal::new(options.consent.map(|it| it.to_string()).unwrap_or_default()),
            decimal: RwSignal::new(options.decimal.map(|it| it.to_string()).unwrap_or_default()),
            import: StoredValue::new(import),
            preview: StoredValue::new(preview),
            task: Task::new(),
            store: expect_context(),
            router: expect_context(),
        }
    }

    fn with_wishes<T>(self, act: impl FnOnce(&Wishes<'_>, &ImportOptions) -> T) -> T {
        let wishes = Wishes {
            targets: &self.targets.read(),
            values: &self.values.read(),
            tags: &self.tags.read(),
            add_tags: &self.add_tags.read(),
            delimiter: &self.delimiter.read(),
            encoding: &self.encoding.read(),
            consent: &self.consent.read(),
            decimal: &self.decimal.read(),
        };
        act(&wishes, &self.import.get_value().options)
    }

    fn options(self) -> ImportOptions {
        self.with_wishes(|wishes, before| wishes.options(before, &self.preview.get_value().columns))
    }

    /// Whether the file is to be read otherwise, so that its columns are not known yet.
    fn reads_anew(self) -> bool {
        self.with_wishes(|wishes, before| wishes.reads_anew(before))
    }

    /// Whether the numbers are those of other choices.
    fn is_changed(self) -> bool {
        self.with_wishes(|wishes, before| wishes.changes_numbers(before, &self.preview.get_value().columns))
    }

    /// Whether it is still to be said if the people of the file agreed to be mailed.
    fn asks_consent(self) -> bool {
        !self.preview.get_value().says_consent && self.consent.read().is_empty()
    }

    /// What the columns cannot become together, as a sentence.
    fn fault(self) -> Option<String> {
        if self.reads_anew() {
            return None;
        }
        let i = &t().imports;
        plan::fault(&self.targets.read()).map(|fault| match fault {
            Fault::NoEmail => i.no_email.to_owned(),
            Fault::Twice(target) => {
                let label = i.targets.iter().find(|(code, _)| *code == target);
                (i.twice)(label.map_or(target.as_str(), |(_, label)| label))
            }
        })
    }

    /// Checks again or imports. What it leads to takes the place of this check in the history.
    fn go(self, dry_run: bool) {
        let (id, options) = (self.import.get_value().id, ImportOptions { dry_run, ..self.options() });
        self.task.run(async move {
            let import = api::imports::again(self.store.id(), id, &options).await?;
            let page = StorePage::Import(import.id);
            self.router.go(&routes::store(&self.store.slug(), page), Leave::Replace);
            Ok(())
        });
    }
}

#[component]
pub(super) fn Review(import: Arc<ImportResponse>) -> impl IntoView {
    let store = expect_context::<CurrentStore>().id();
    let id = import.id;
    let preview = Load::new(move || api::imports::preview(store, id));
    let fields = Load::new(move || api::settings::list_fields(store));
    let refused = import.error.clone().map(|error| {
        view! {
            <div class="notice" role="alert">
                <Icon glyph=Glyph::Alert /><div><p><b>{t().imports.refused}</b></p><p>{error}</p></div>
            </div>
        }
    });
    let waiting = || view! { <SkeletonLines lines=8 /> };
    let (known, problems) = (Arc::clone(&import), import.problems);
    let is_refused = import.error.is_some();
    let form = move || match preview.get() {
        None => waiting().into_any(),
        Some(Ok(preview)) => {
            view! { <Form choice=Choice::new(Arc::clone(&known), preview) fields /> }.into_any()
        }
        // What is wrong with the file is shown already, and asking again changes nothing.
        Some(Err(_)) if is_refused => view! { <AnotherFile /> }.into_any(),
        Some(Err(error)) => {
            let remedy = Remedy::Retry(Callback::new(move |()| preview.retry()));
            view! { <ErrorPanel title=t().imports.one_failed error remedy place=Place::Part /> }.into_any()
        }
    };
    view! {
        {refused}
        {form}
        {(problems > 0).then(|| view! { <Problems store id count=problems /> })}
    }
}

/// The way on from a file that cannot be read.
#[component]
fn AnotherFile() -> impl IntoView {
    let href = routes::store(&expect_context::<CurrentStore>().slug(), StorePage::NewImport);
    view! {
        <footer class="content__actions">
            <a class="button button--primary" href=href>{t().imports.another}</a>
        </footer>
    }
}

#[component]
fn Form(choice: Choice, fields: Fields) -> impl IntoView {
    let i = &t().imports;
    let preview = choice.preview.get_value();
    let import = choice.import.get_value();
    let columns = format::count(preview.columns.len() as u64);
    let what = [(i.column_count)(preview.columns.len() as u64, &columns), super::size(import.bytes)];
    let delimiters = recognised((i.delimiter)(&preview.delimiter), &i.delimiters);
    let encoding = encoding_name(&preview.encoding);
    let encodings = match preview.encoding_guessed {
        true => guessed(encoding, &i.encodings),
        false => recognised(encoding, &i.encodings),
    };
    let decimals = preview.decimal.map(|mark| {
        let options = recognised((i.decimal)(mark), &i.decimals);
        view! { <SelectField label=i.decimal_mark value=choice.decimal options /> }
    });
    let guess = preview
        .encoding_guessed
        .then(|| view! { <p class="notice"><Icon glyph=Glyph::Alert />{i.encoding_guessed}</p> });
    let consent = (!preview.says_consent).then(|| view! { <ConsentQuestion choice /> });
    let fault = move || {
        choice
            .fault()
            .map(|fault| view! { <p class="notice" role="alert"><Icon glyph=Glyph::Alert />{fault}</p> })
    };
    let checked = (import.status == ImportStatus::Completed)
        .then(|| view! { <WouldHappen import=Arc::clone(&import) choice /> });
    view! {
        {checked}
        <section class="block">
            <h2 class="block__title">{i.columns}</h2>
            <p class="content__note">{(i.columns_detail)(&what.join(" · "))}</p>
            <div class="form-grid">
                <SelectField label=i.separator value=choice.delimiter options=delimiters />
                <SelectField label=i.encoding value=choice.encoding options=encodings />
                {decimals}
            </div>
            {guess}
            <div data-stale=move || choice.reads_anew().then_some("")>
                <Columns preview targets=choice.targets fields />
            </div>
            {fault}
        </section>
        {consent}
        <section class="block">
            <h2 class="block__title">{i.options}</h2>
            <div class="form-grid">
                <SelectField label=i.values value=choice.values options=labels(i.values_options) />
                <SelectField label=i.tags value=choice.tags options=labels(i.tags_options) />
                <TextField label=i.add_tags value=choice.add_tags hint=i.add_tags_hint />
            </div>
        </section>
        <Actions choice />
    }
}

/// Asks whether the people of a file that does not say it agreed to be mailed.
#[component]
fn ConsentQuestion(choice: Choice) -> impl IntoView {
    let i = &t().imports;
    let answer = |(code, label): (&'static str, &'static str)| {
        view! {
            <label class="consent__answer">
                <input type="radio" name="consent" value=code prop:checked=move || choice.consent.get() == code
                    on:change=move |_| choice.consent.set(code.to_owned()) />
                <span>{label}</span>
            </label>
        }
    };
    view! {
        <section class="block">
            <fieldset class="consent">
                <legend class="block__title">{i.consent_question}</legend>
                <p class="content__note">{i.consent_detail}</p>
                {i.consent_answers.into_iter().map(answer).collect_view()}
            </fieldset>
        </section>
    }
}

/// An encoding as the list of encodings calls it.
fn encoding_name(name: &str) -> &str {
    t().imports.encodings.iter().find(|(code, _)| *code == name).map_or(name, |(_, label)| label)
}

/// The guess, and the alternatives.
fn guessed(what: &str, others: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut options = recognised(what, others);
    options[0].1 = (t().imports.guessed)(what);
    options
}

/// What was recognised, and what can be said instead.
fn recognised(what: &str, others: &[(&str, &str)]) -> Vec<(String, String)> {
    let others = others.iter().map(|(code, label)| ((*code).to_owned(), (*label).to_owned()));
    std::iter::once((String::new(), (t().imports.recognised)(what))).chain(others).collect()
}

fn labels(options: [(&str, &str); 2]) -> Vec<(String, String)> {
    options.map(|(code, label)| (code.to_owned(), label.to_owned())).to_vec()
}

/// The exact numbers of the check; of another one, when something was changed since.
#[component]
fn WouldHappen(import: Arc<ImportResponse>, choice: Choice) -> impl IntoView {
    let i = &t().imports;
    let exact = (i.exact)(import.tally.rows, &format::count(import.tally.rows));
    let note = move || if choice.is_changed() { i.changed.to_owned() } else { exact.clone() };
    view! {
        <section class="block" data-stale=move || choice.is_changed().then_some("")>
            <h2 class="block__title">{i.would_happen}</h2>
            <p class="content__note" role="status">{note}</p>
            <Numbers import />
        </section>
    }
}

/// One button does what is next: check what was changed, or import.
#[component]
fn Actions(choice: Choice) -> impl IntoView {
    let i = &t().imports;
    let import = choice.import.get_value();
    let people = import.tally.created + import.tally.updated;
    let is_checked = import.status == ImportStatus::Completed;
    let check = Memo::new(move |_| !is_checked || choice.is_changed());
    let label = move || match check.get() {
        true => i.check_again.to_owned(),
        false => (i.import)(people, &format::count(people)),
    };
    let unanswered = move || !check.get() && people > 0 && choice.asks_consent();
    let blocked = move || {
        choice.task.is_running() || choice.fault().is_some() || unanswered() || (!check.get() && people == 0)
    };
    let another = routes::store(&choice.store.slug(), StorePage::NewImport);
    view! {
        {move || choice.task.failure().map(|error| view! { <ErrorNote error /> })}
        {move || unanswered().then(|| view! { <p class="content__note" role="status">{i.consent_first}</p> })}
        <footer class="content__actions">
            <a class="button" href=another>{i.another}</a>
            <button class="button button--primary" type="button" disabled=blocked
                aria-busy=move || choice.task.is_running().to_string() on:click=move |_| choice.go(check.get())>
                {label}
            </button>
        </footer>
    }
}
