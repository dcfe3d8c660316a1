//! The end of a bulk load, for whoever watches it.

use indicatif::ProgressBar;
use sea_orm::DbErr;

use crate::db::bulk_load::BulkLoad;

/// Ends a load, if there was one; `bar` says so.
pub(super) async fn end(load: Option<BulkLoad>, bar: &ProgressBar) -> Result<(), DbErr> {
    let Some(load) = load else { return Ok(()) };
    bar.set_message("making the indexes of lists");
    load.end().await
}
