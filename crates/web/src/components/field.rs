//! Fields of forms: label, control, hint, and what is wrong with it.

use fanbase_domain::field_errors::{FieldError, FieldErrors};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;

use super::popover::unique_id;
use crate::api::ApiError;

/// What is wrong with the fields of a form, as the domain or the server says it.
#[derive(Clone, Copy)]
pub(crate) struct FormErrors(RwSignal<Vec<FieldError>>);

impl FormErrors {
    /// Nothing.
    pub(crate) fn new() -> Self {
        Self(RwSignal::new(Vec::new()))
    }

    /// What the domain's own check says.
    pub(crate) fn set(self, errors: FieldErrors) {
        self.show(errors.into_vec());
    }

    fn show(self, errors: Vec<FieldError>) {
        let some = !errors.is_empty();
        self.0.set(errors);
        if some {
            // After the fields are marked.
            request_animation_frame(focus_first_wrong);
        }
    }

    /// What the server says; anything that is not about fields is not for here.
    pub(crate) fn take(self, error: &ApiError) {
        if let ApiError::Problem(problem) = error {
            self.show(problem.errors.clone());
        }
    }

    /// Adds one of the page's own.
    #[cfg(debug_assertions)]
    pub(crate) fn add(self, pointer: &str, message: &str) {
        let error =
            FieldError { pointer: pointer.to_owned(), code: String::new(), message: message.to_owned() };
        self.0.update(|errors| errors.push(error));
    }

    /// Forgets them.
    pub(crate) fn clear(self) {
        self.0.set(Vec::new());
    }

    /// What is wrong with a field or a part of it.
    pub(crate) fn of(self, pointer: &str) -> Option<String> {
        let errors = self.0.read();
        let error = errors.iter().find(|error| {
            error.pointer.strip_prefix(pointer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        });
        error.map(|error| error.message.clone())
    }
}

/// Gives the focus to the first field that is wrong, of the dialog if one is open.
fn focus_first_wrong() {
    let wrong =
        |within: &str| document().query_selector(&format!("{within} [aria-invalid=\"true\"]")).ok().flatten();
    let field = wrong("dialog[open]").or_else(|| wrong("form"));
    if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) {
        _ = field.focus();
    }
}

/// A line of text.
#[component]
pub(crate) fn TextField(
    #[prop(into)] label: String,
    value: RwSignal<String>,
    /// Where the errors of the form point to it.
    #[prop(default = "")]
    pointer: &'static str,
    #[prop(optional)] errors: Option<FormErrors>,
    #[prop(default = "text")] kind: &'static str,
    #[prop(default = "")] hint: &'static str,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let id = unique_id("field");
    let note = format!("{id}-note");
    let error = move || errors.and_then(|errors| errors.of(pointer));
    view! {
        <div class="field">
            <label class="field__label" for=id.clone()>{label}</label>
            <input class="field__input" id=id type=kind autocomplete=autocomplete required=required
                prop:value=value on:input=move |event| value.set(event_target_value(&event))
                aria-invalid=move || error().is_some().to_string() aria-describedby=note.clone() />
            <FieldNote id=note hint error=Signal::derive(error) />
        </div>
    }
}

/// Several lines of text.
#[component]
pub(crate) fn TextArea(
    #[prop(into)] label: String,
    value: RwSignal<String>,
    #[prop(default = "")] pointer: &'static str,
    #[prop(optional)] errors: Option<FormErrors>,
    #[prop(default = "")] hint: &'static str,
    #[prop(default = 3)] rows: u32,
) -> impl IntoView {
    let id = unique_id("field");
    let note = format!("{id}-note");
    let error = move || errors.and_then(|errors| errors.of(pointer));
    view! {
        <div class="field">
            <label class="field__label" for=id.clone()>{label}</label>
            <textarea class="field__input" id=id rows=rows.to_string() prop:value=value
                on:input=move |event| value.set(event_target_value(&event))
                aria-invalid=move || error().is_some().to_string() aria-describedby=note.clone()></textarea>
            <FieldNote id=note hint error=Signal::derive(error) />
        </div>
    }
}

/// One of a few: codes and labels.
#[component]
pub(crate) fn SelectField(
    #[prop(into)] label: String,
    value: RwSignal<String>,
    options: Vec<(String, String)>,
) -> impl IntoView {
    let options = options.into_iter().map(move |(code, label)| {
        let chosen = {
            let code = code.clone();
            move || value.get() == code
        };
        view! { <option value=code prop:selected=chosen>{label}</option> }
    });
    view! {
        <label class="field">
            <span class="field__label">{label}</span>
            <select class="field__input" on:change=move |event| value.set(event_target_value(&event))>
                {options.collect_view()}
            </select>
        </label>
    }
}

/// What helps, or what is wrong.
#[component]
fn FieldNote(id: String, hint: &'static str, error: Signal<Option<String>>) -> impl IntoView {
    view! {
        <p class="field__note" id=id aria-live="polite" data-bad=move || error.get().is_some().then_some("")>
            {move || error.get().unwrap_or_else(|| hint.to_owned())}
        </p>
    }
}
