//! The end of a bulk load, for whoever watches it.

use indicatif::ProgressBar;

use crate::{db::bulk_load::BulkLoad, error::ApiError};

/// Ends a load, if there was one, after the work that came to `outcome`; `bar` says so.
pub(super) async fn end<T>(
    load: Option<BulkLoad>,
    bar: &ProgressBar,
    outcome: Result<T, ApiError>,
) -> Result<T, ApiError> {
    let Some(load) = load else { return outcome };
    bar.set_message("making the indexes of lists");
    let ended = load.end().await;
    // What went wrong first is why the other did.
    let value = outcome?;
    ended?;
    Ok(value)
}
