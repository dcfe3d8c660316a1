//! Who may not do something is told that first, whatever else is wrong with the request.
//!
//! The extractors of a handler run side by side, and the first one that fails gives the answer.
//! So what reads parameters and bodies waits here for the one that authorises, which comes before
//! it in the arguments of the handler.

use std::{
    future::{Future, pending},
    pin::Pin,
};

use actix_web::{HttpMessage as _, HttpRequest, web::Data};
use tokio::sync::watch;

use crate::{error::ApiError, http::route_table::Addresses};

/// An extractor at work.
pub type Extracting<T> = Pin<Box<dyn Future<Output = Result<T, ApiError>>>>;

/// Becomes true when the request may be done, and is closed when it may not.
#[derive(Clone, Debug)]
struct Decision(watch::Receiver<bool>);

/// Runs what authorises a request. One that may be done must not have parameters that its route
/// does not take.
pub fn decide<T: 'static>(
    request: &HttpRequest,
    authorise: impl Future<Output = Result<T, ApiError>> + 'static,
) -> Extracting<T> {
    let (decided, decision) = watch::channel(false);
    request.extensions_mut().insert(Decision(decision));
    let request = request.clone();
    Box::pin(async move {
        let allowed = authorise.await?;
        if let Some(addresses) = request.app_data::<Data<Addresses>>() {
            addresses.check_parameters(&request)?;
        }
        decided.send_replace(true);
        Ok(allowed)
    })
}

/// Waits until it is decided that a request may be done; for ever if it may not, since then the
/// refusal is the answer. Routes that are open to everybody wait for nothing.
pub fn decided(request: &HttpRequest) -> impl Future<Output = ()> + 'static {
    let decision = request.extensions().get::<Decision>().cloned();
    async move {
        if let Some(Decision(mut decision)) = decision
            && decision.wait_for(|allowed| *allowed).await.is_err()
        {
            pending().await
        }
    }
}
