//! The invitation: a file is dropped or chosen, and sent to be checked.

use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{DragEvent, Event, File, FileList, HtmlInputElement, ProgressEvent, XmlHttpRequest};

use crate::{
    api::{self, ApiError},
    components::{ErrorNote, Glyph, Icon, Progress},
    i18n::t,
    router::{Leave, Router},
    routes::{self, StorePage},
    state::{query_string, store::CurrentStore},
};

/// What listens to an upload.
type Listener = Closure<dyn FnMut(Event)>;

/// A file on its way.
#[derive(Clone, Copy)]
struct Upload {
    /// The name of the file, while it is on its way.
    name: RwSignal<Option<String>>,
    /// How many thousandths have arrived.
    sent: RwSignal<u64>,
    failure: RwSignal<Option<ApiError>>,
    /// A request of the browser, and not `fetch`, which does not tell how far it is.
    request: StoredValue<Option<(XmlHttpRequest, [Listener; 2])>, LocalStorage>,
    over: RwSignal<bool>,
    store: CurrentStore,
    router: Router,
}

impl Upload {
    fn new() -> Self {
        let upload = Self {
            name: RwSignal::new(None),
            sent: RwSignal::new(0),
            failure: RwSignal::new(None),
            request: StoredValue::new_local(None),
            over: RwSignal::new(false),
            store: expect_context(),
            router: expect_context(),
        };
        on_cleanup(move || upload.abort());
        upload
    }

    fn take(self, files: Option<FileList>) {
        if let Some(file) = files.and_then(|files| files.get(0)) {
            self.send(&file);
        }
    }

    fn send(self, file: &File) {
        let Ok(request) = XmlHttpRequest::new() else { return };
        self.name.set(Some(file.name()));
        self.sent.set(0);
        self.failure.set(None);
        let progress: Listener = Closure::new(move |event: Event| {
            let event = event.unchecked_into::<ProgressEvent>();
            self.sent.set((event.loaded() * 1000.0 / event.total().max(1.0)) as u64);
        });
        let ended = request.clone();
        let end: Listener = Closure::new(move |_| self.end(&ended));
        let address = api::imports::upload_address(self.store.id(), &file.name());
        let sent = request.open("POST", &address).and_then(|()| {
            request.set_request_header("content-type", "text/csv")?;
            request
                .upload()?
                .add_event_listener_with_callback("progress", progress.as_ref().unchecked_ref())?;
            request.add_event_listener_with_callback("loadend", end.as_ref().unchecked_ref())?;
            request.send_with_opt_blob(Some(file))
        });
        if sent.is_err() {
            self.fail(ApiError::Unreachable);
        }
        self.request.set_value(Some((request, [progress, end])));
    }

    /// Leads on to what the check says, or tells why there is none.
    fn end(self, request: &XmlHttpRequest) {
        if self.name.try_get_untracked().flatten().is_none() {
            return; // Given up, or the page was left.
        }
        let status = request.status().unwrap_or_default();
        let body = request.response_text().ok().flatten().unwrap_or_default();
        match (status, api::imports::read(&body)) {
            (202, Ok(import)) => {
                let page = StorePage::Import(import.id);
                self.router.go(&routes::store(&self.store.slug(), page), Leave::Keep);
            }
            (0, _) => self.fail(ApiError::Unreachable),
            _ => {
                let error = ApiError::from_body(status, &body);
                if error.is_unauthenticated() {
                    api::renewal::ask();
                }
                self.fail(error);
            }
        }
    }

    fn fail(self, error: ApiError) {
        self.name.set(None);
        self.failure.set(Some(error));
    }

    fn abort(self) {
        self.name.set(None);
        self.request.try_with_value(|request| {
            if let Some((request, _)) = request {
                // Refused if it has ended.
                _ = request.abort();
            }
        });
    }
}

#[component]
pub(super) fn DropZone() -> impl IntoView {
    let upload = Upload::new();
    let dragged = move |event: DragEvent, over| {
        event.prevent_default();
        upload.over.set(over);
    };
    let dropped = move |event: DragEvent| {
        dragged(event.clone(), false);
        upload.take(event.data_transfer().and_then(|data| data.files()));
    };
    let content = move || match upload.name.get() {
        Some(name) => view! { <Sending name upload /> }.into_any(),
        None => view! { <Invitation upload /> }.into_any(),
    };
    view! {
        <section class="drop" data-over=move || upload.over.get().then_some("") aria-label=t().imports.drop_title
            on:dragover=move |event| dragged(event, true) on:dragleave=move |event| dragged(event, false)
            on:drop=dropped>
            {content}
            {move || upload.failure.get().map(|error| view! { <ErrorNote error /> })}
        </section>
    }
}

#[component]
fn Invitation(upload: Upload) -> impl IntoView {
    let i = &t().imports;
    let chosen = move |event: Event| {
        upload.take(event_target::<HtmlInputElement>(&event).files());
    };
    let sample = format!("data:text/csv;charset=utf-8,{}", query_string::escape(i.sample_file));
    view! {
        <span class="state__glyph"><Icon glyph=Glyph::Import /></span>
        <h2 class="drop__title">{i.drop_title}</h2>
        <p class="drop__detail">{i.drop_detail}</p>
        <div class="drop__actions">
            <label class="button button--primary drop__choose">
                {i.choose}
                <input class="sr-only" type="file" accept=".csv,.txt,.tsv,text/csv" on:change=chosen />
            </label>
            <a class="button button--quiet" href=sample download=i.sample_name>
                <Icon glyph=Glyph::Download />{i.sample}
            </a>
        </div>
    }
}

#[component]
fn Sending(name: String, upload: Upload) -> impl IntoView {
    let label = (t().imports.uploading)(&name);
    let shown = label.clone();
    view! {
        <p class="drop__title" role="status">{label}</p>
        <div class="drop__progress">
            {move || view! { <Progress label=shown.clone() done=upload.sent.get() total=Some(1000) /> }}
        </div>
        <button class="button" type="button" on:click=move |_| upload.abort()>{t().imports.cancel}</button>
    }
}
