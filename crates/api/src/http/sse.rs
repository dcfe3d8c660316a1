//! Streams the progress of long work as server-sent events.

use std::{future::Future, time::Duration};

use actix_web::Responder;
use actix_web_lab::sse;
use fanbase_domain::ids::StoreId;
use futures_util::StreamExt as _;
use serde::Serialize;

use crate::{app_state::State, error::ApiError};

/// The polling interval.
const EVERY: Duration = Duration::from_millis(250);
/// The interval of keep-alive comments.
const ALIVE: Duration = Duration::from_secs(15);

/// The progress of long work.
pub trait Progress: Clone + PartialEq + Serialize + 'static {
    /// Whether the work has ended.
    fn is_final(&self) -> bool;
}

/// Streams events named `progress`, one for each change, until the work ends or the server stops.
///
/// # Errors
/// [`ApiError::TooManyRequests`] when the store has too many open streams, or the error of the first `look`.
pub async fn follow<T, F>(
    state: State,
    store_id: StoreId,
    look: impl Fn(State) -> F + 'static,
) -> Result<impl Responder, ApiError>
where
    T: Progress,
    F: Future<Output = Result<T, ApiError>> + 'static,
{
    let open = state.streams.open(store_id)?;
    look(state.clone()).await?;
    let start = (state, look, None, open);
    let events = futures_util::stream::unfold(start, |(state, look, last, open)| async move {
        let mut last: Option<T> = last;
        loop {
            if last.as_ref().is_some_and(Progress::is_final) || state.stopping.is_cancelled() {
                return None;
            }
            let now = look(state.clone()).await.ok()?;
            if last.as_ref() != Some(&now) {
                let data = sse::Data::new_json(&now).ok()?.event("progress");
                return Some((sse::Event::Data(data), (state, look, Some(now), open)));
            }
            last = Some(now);
            tokio::select! {
                () = state.stopping.cancelled() => return None,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    });
    Ok(sse::Sse::from_infallible_stream(events.boxed_local()).with_keep_alive(ALIVE))
}
