//! Who is signed in. The cookie itself is out of reach of scripts; the API tells.

use crate::ui::prelude::*;
use fanbase_domain::wire::auth::{LoginRequest, MeResponse};

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
pub(crate) struct Session(RwSignal<SessionState>);

impl Session {
    /// Asks the API who is signed in.
    pub(crate) fn start() -> Self {
        let session = Self(RwSignal::new(SessionState::Unknown));
        session.load();
        session
    }

    /// What is known, reactively.
    pub(crate) fn state(self) -> SessionState {
        self.0.get()
    }

    /// Asks again.
    pub(crate) fn load(self) {
        task::spawn(async move { self.0.set(Self::ask().await) });
    }

    /// Signs in.
    pub(crate) async fn sign_in(self, request: LoginRequest) -> Result<(), ApiError> {
        api::auth::login(&request).await?;
        self.0.set(Self::ask().await);
        Ok(())
    }

    /// Signs out.
    pub(crate) async fn sign_out(self) -> Result<(), ApiError> {
        match api::auth::logout().await {
            Err(error) if !error.is_unauthenticated() => Err(error),
            _ => {
                self.0.set(SessionState::SignedOut { come_back: false });
                Ok(())
            }
        }
    }

    /// Passes an answer on, and notes when it says that the session has ended.
    pub(crate) fn watch<T>(self, answer: Result<T, ApiError>) -> Result<T, ApiError> {
        if answer.as_ref().is_err_and(ApiError::is_unauthenticated) {
            self.0.set(SessionState::SignedOut { come_back: true });
        }
        answer
    }

    async fn ask() -> SessionState {
        match api::auth::get_me().await {
            Ok(me) => SessionState::SignedIn(me),
            Err(error) if error.is_unauthenticated() => SessionState::SignedOut { come_back: true },
            Err(error) => SessionState::Failed(error),
        }
    }
}
