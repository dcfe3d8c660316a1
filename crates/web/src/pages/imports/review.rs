//! The check of a file: what was recognised, what can be chosen, and what would happen.

use std::sync::Arc;

use crate::ui::prelude::*;
use fanbase_domain::wire::imports::{ImportOptions, ImportPreviewResponse, ImportResponse, ImportStatus};

use super::{
    columns::{Columns, Fields},
    plan::{self, Fault, Wishes, target_of},
    problems::Problems,
    report::Numbers,
};
use crate::{
    api,
    components::{ErrorNote, Glyph, Icon, SelectField, SkeletonLines, TextField, loaded},
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
        self.import.get_value().options != self.options()
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
    let form = move |preview| view! { <Form choice=Choice::new(Arc::clone(&known), preview) fields /> };
    view! {
        {refused}
        {loaded(preview, t().imports.one_failed, waiting, form)}
        {(problems > 0).then(|| view! { <Problems store id count=problems /> })}
    }
}

#[component]
fn Form(choice: Choice, fields: Fields) -> impl IntoView {
    let i = &t().imports;
    let preview = choice.preview.get_value();
    let import = choice.import.get_value();
    let columns = format::count(preview.columns.len() as u64);
    let what = [(i.column_count)(&columns), super::size(import.bytes)];
    let delimiters = recognised((i.delimiter)(&preview.delimiter), &i.delimiters);
    let encodings = recognised(&preview.encoding.to_ascii_uppercase(), &i.encodings);
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
            </div>
            <div data-stale=move || choice.reads_anew().then_some("")>
                <Columns preview targets=choice.targets fields />
            </div>
            {fault}
        </section>
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
    let exact = (i.exact)(&format::count(import.tally.rows));
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
    let check = Memo::new(move || !is_checked || choice.is_changed());
    let label = move || match check.get() {
        true => i.check_again.to_owned(),
        false => (i.import)(people, &format::count(people)),
    };
    let blocked =
        move || choice.task.is_running() || choice.fault().is_some() || (!check.get() && people == 0);
    let another = routes::store(&choice.store.slug(), StorePage::NewImport);
    view! {
        {move || choice.task.failure().map(|error| view! { <ErrorNote error /> })}
        <footer class="content__actions">
            <a class="button" href=another>{i.another}</a>
            <button class="button button--primary" type="button" disabled=blocked
                aria-busy=move || choice.task.is_running().to_string() on:click=move |_| choice.go(check.get())>
                {label}
            </button>
        </footer>
    }
}
