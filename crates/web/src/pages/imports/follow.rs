//! How far an import is: server-sent events, or a look every second where they do not come through.

use std::{sync::Arc, time::Duration};

use fanbase_domain::{
    ids::{ImportId, StoreId},
    wire::imports::ImportResponse,
};
use leptos::{
    prelude::*,
    wasm_bindgen::{JsCast, closure::Closure},
};
use web_sys::{Event, EventSource, MessageEvent};

use crate::{
    api::{self, ApiError},
    state::task::{self, Task},
};

/// How long after events broke off it is looked up, and they are tried again.
const AGAIN_AFTER: Duration = Duration::from_secs(1);

/// What listens to the events.
type Listener = Closure<dyn FnMut(Event)>;

/// An import that is followed for as long as its page is open.
#[derive(Clone, Copy)]
pub(super) struct Followed {
    pub store: StoreId,
    pub id: ImportId,
    import: RwSignal<Option<Result<Arc<ImportResponse>, ApiError>>>,
    events: StoredValue<Option<(EventSource, [Listener; 2])>, LocalStorage>,
}

impl Followed {
    pub(super) fn start(store: StoreId, id: ImportId) -> Self {
        let followed = Self { store, id, import: RwSignal::new(None), events: StoredValue::new_local(None) };
        on_cleanup(move || followed.close());
        followed.look();
        followed
    }

    /// What is known of it.
    pub(super) fn get(self) -> Option<Result<Arc<ImportResponse>, ApiError>> {
        self.import.get()
    }

    /// Forgets a failure and asks again.
    pub(super) fn retry(self) {
        self.import.set(None);
        self.look();
    }

    /// Undoes it, and follows that.
    pub(super) fn undo(self, task: Task, done: Callback<()>) {
        task.run(async move {
            let import = api::imports::undo(self.store, self.id).await?;
            done.try_run(());
            self.take(import);
            self.listen();
            Ok(())
        });
    }

    fn look(self) {
        task::spawn(async move {
            match api::imports::get_import(self.store, self.id).await {
                Ok(import) => self.take(import),
                // What was there is of more use than a passing failure.
                Err(error) => {
                    self.import.update(|import| {
                        if !matches!(import, Some(Ok(_))) {
                            *import = Some(Err(error));
                        }
                    });
                }
            }
            self.listen();
        });
    }

    fn take(self, import: ImportResponse) {
        self.import.set(Some(Ok(Arc::new(import))));
    }

    /// Whether anything is still to come.
    fn is_going_on(self) -> bool {
        self.import
            .try_with_untracked(|import| matches!(import, Some(Ok(import)) if !import.status.is_final()))
            .unwrap_or_default()
    }

    fn listen(self) {
        if !self.is_going_on() {
            return;
        }
        let Ok(source) = EventSource::new(&api::imports::events_address(self.store, self.id)) else {
            return self.look_later();
        };
        let progress: Listener = Closure::new(move |event: Event| {
            let data = event.unchecked_into::<MessageEvent>().data().as_string().unwrap_or_default();
            if let Ok(import) = api::imports::read(&data) {
                self.take(import);
            }
            if !self.is_going_on() {
                self.close();
            }
        });
        // The stream ended, or never came through.
        let broken: Listener = Closure::new(move |_| {
            self.close();
            self.look_later();
        });
        for (name, listener) in [("progress", &progress), ("error", &broken)] {
            _ = source.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
        }
        self.events.try_set_value(Some((source, [progress, broken])));
    }

    fn look_later(self) {
        set_timeout(
            move || {
                // Unless the page was left.
                if self.is_going_on() {
                    self.look();
                }
            },
            AGAIN_AFTER,
        );
    }

    /// The listeners stay until the page is left or others take their place: one may be running.
    fn close(self) {
        self.events.try_with_value(|events| {
            if let Some((source, _)) = events {
                source.close();
            }
        });
    }
}
