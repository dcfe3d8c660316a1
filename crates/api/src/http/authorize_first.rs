//! Authorisation errors take precedence over validation errors.
//!
//! actix polls the extractors of a handler concurrently and returns the error of the first one that fails. So
//! extractors of parameters and bodies wait for the one that authorises, which comes before them in the
//! handler's arguments.

use std::{
    future::{Future, pending},
    pin::Pin,
};

use actix_web::{HttpMessage as _, HttpRequest, web::Data};
use tokio::sync::watch;

use crate::{error::ApiError, http::route_table::Addresses};

/// The future of an extractor.
pub type Extracting<T> = Pin<Box<dyn Future<Output = Result<T, ApiError>>>>;

/// Becomes true when the request is authorised; closed without becoming true when it is refused.
#[derive(Clone, Debug)]
struct Decision(watch::Receiver<bool>);

/// Runs the authorisation of a request. An authorised request then fails if it has query parameters and its
/// route takes none.
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

/// Waits for the authorisation of the request. Never completes when the request is refused, since the
/// response is then that error. Completes at once on public routes.
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
