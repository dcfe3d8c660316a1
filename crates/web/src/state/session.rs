//! Who is signed in. The cookie itself is out of reach of scripts; the API tells.

use fanbase_domain::wire::auth::{LoginRequest, MeResponse};
use leptos::prelude::*;

use super::task;
use crate::api::{self, ApiError};

/// What is known about who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SessionState {
    /// The API has not answered yet.
    Unknown,
    /// Nobody. `come_back` unless it was their own wish: then signing in leads back to the page.
    SignedOut { come_back: bool },
    /// Somebody.
    SignedIn(MeResponse),
    /// The API did not say.
    Failed(ApiError),
}

/// The session, a context of the whole app.
#[derive(Clone, Copy)]
pub(crate) struct Session {
    state: RwSignal<SessionState>,
    /// Whether it has ended while somebody works.
    ended: RwSignal<bool>,
    /// Raised by everything that decides who is signed in: an answer about an earlier state is dropped.
    generation: StoredValue<u32>,
}

impl Session {
    /// Asks the API who is signed in.
    pub(crate) fn start() -> Self {
        let session = Self {
            state: RwSignal::new(SessionState::Unknown),
            ended: RwSignal::new(false),
            generation: StoredValue::new(0),
        };
        api::renewal::on_end(move || session.end());
        session.load();
        session
    }

    /// What is known, reactively.
    pub(crate) fn state(self) -> SessionState {
        self.state.get()
    }

    /// Who is signed in, reactively.
    pub(crate) fn me(self) -> Option<MeResponse> {
        match self.state.get() {
            SessionState::SignedIn(me) => Some(me),
            _ => None,
        }
    }

    /// Asks again.
    pub(crate) fn load(self) {
        task::spawn(self.refresh());
    }

    /// Signs in, whoever was signed in before: what waited for an earlier session fails.
    pub(crate) async fn sign_in(self, request: LoginRequest) -> Result<(), ApiError> {
        api::auth::login(&request).await?;
        self.changed_account().await;
        Ok(())
    }

    /// Another account may be signed in by now: what waited for an earlier session fails.
    pub(crate) async fn changed_account(self) {
        self.ended.set(false);
        api::renewal::given_up();
        self.refresh().await;
    }

    /// Asks again, and waits for the answer.
    pub(crate) async fn refresh(self) {
        let generation = self.next_generation();
        let state = Self::ask().await;
        if self.generation.get_value() == generation {
            self.state.set(state);
        }
    }

    fn next_generation(self) -> u32 {
        self.generation.update_value(|generation| *generation = generation.wrapping_add(1));
        self.generation.get_value()
    }

    /// Signs out.
    pub(crate) async fn sign_out(self) -> Result<(), ApiError> {
        match api::auth::logout().await {
            Err(error) if !error.is_unauthenticated() => Err(error),
            _ => {
                self.leave(false);
                Ok(())
            }
        }
    }

    /// Whether it has ended while somebody works, reactively.
    pub(crate) fn has_ended(self) -> bool {
        self.ended.get()
    }

    /// Signs the same person in again. What has waited for it goes on.
    pub(crate) async fn sign_in_again(self, email: String, password: String) -> Result<(), ApiError> {
        api::auth::login(&LoginRequest { email, password }).await?;
        self.ended.set(false);
        api::renewal::renewed();
        Ok(())
    }

    /// Leaves the page to the sign-in page, for whoever it is now.
    pub(crate) fn give_up(self) {
        if *self.ended.read_untracked() {
            self.leave(true);
        }
    }

    fn leave(self, come_back: bool) {
        self.next_generation();
        self.ended.set(false);
        api::renewal::given_up();
        self.state.set(SessionState::SignedOut { come_back });
    }

    /// Notes that it has ended. Whether somebody works who can sign in again.
    fn end(self) -> bool {
        let works = matches!(*self.state.read_untracked(), SessionState::SignedIn(_));
        // Once: the question that is open keeps what was typed into it.
        if works && !*self.ended.read_untracked() {
            self.ended.set(true);
        }
        works
    }

    async fn ask() -> SessionState {
        match api::auth::get_me().await {
            Ok(me) => SessionState::SignedIn(me),
            Err(error) if error.is_unauthenticated() => SessionState::SignedOut { come_back: true },
            Err(error) => SessionState::Failed(error),
        }
    }
}
