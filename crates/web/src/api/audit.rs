//! The audit logs: of a store, and of the platform.

use fanbase_domain::{
    ids::StoreId,
    wire::{audit::AuditEntryResponse, page::Page},
};

use super::{ApiError, http};

/// Whose log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Log {
    /// Of a store.
    Store(StoreId),
    /// Of all stores, and of the platform itself.
    Platform,
}

impl Log {
    fn path(self) -> String {
        match self {
            Self::Store(id) => format!("/stores/{id}/audit-log"),
            Self::Platform => "/admin/audit-log".to_owned(),
        }
    }
}

/// Some of its lines; the query says which.
pub(crate) async fn list_audit_log(log: Log, query: String) -> Result<Page<AuditEntryResponse>, ApiError> {
    http::get(format!("{}?{query}", log.path())).await
}

/// Where all of them can be downloaded as CSV.
pub(crate) fn export_address(log: Log, query: &str) -> String {
    format!("{}{}/export?{query}", http::BASE, log.path())
}
