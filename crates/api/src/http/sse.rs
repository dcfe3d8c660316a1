//! Following long work by server-sent events.

use std::{future::Future, time::Duration};

use actix_web::Responder;
use actix_web_lab::sse;
use fanbase_domain::ids::StoreId;
use futures_util::StreamExt as _;
use serde::Serialize;

use crate::{app_state::State, error::ApiError};

/// How often progress is looked up.
const EVERY: Duration = Duration::from_millis(250);
/// How often a line is sent that keeps the connection open.
const ALIVE: Duration = Duration::from_secs(15);

/// What goes on for a while.
pub trait Progress: Clone + PartialEq + Serialize + 'static {
    /// Whether nothing more will happen.
    fn is_final(&self) -> bool;
}

/// Events named `progress`, one for each change, until the work ends or the server stops.
///
/// # Errors
/// When there is no such work, or the store has too many streams open.
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
