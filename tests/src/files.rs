//! Contact files: sending them, and waiting for what becomes of them.

use fanbase_api::sample::{self, Account, Expected, SampleOptions};
use fanbase_domain::{
    ids::ImportId,
    merge::Tally,
    wire::{
        imports::{ImportProblemResponse, ImportResponse, ImportStatus},
        page::Page,
    },
};
use reqwest::Method;

use crate::{api::Caller as _, callers::Store, poll, response::Response};

/// A made-up contact file, what importing it must give, and accounts.
///
/// # Panics
/// Never: memory takes what is written.
#[must_use]
pub fn sample(rows: u64, accounts: u64, seed: u64) -> (Vec<u8>, Expected, Vec<Account>) {
    let mut file = Vec::new();
    let options = SampleOptions { rows, accounts, seed };
    let (expected, accounts) = sample::write_contacts(&options, &mut file).unwrap();
    (file, expected, accounts)
}

/// The tally that a sample must give in an empty store.
#[must_use]
pub fn tally(expected: &Expected) -> Tally {
    Tally {
        rows: expected.rows,
        created: expected.created,
        updated: expected.updated,
        unchanged: expected.unchanged,
        duplicate_in_file: expected.duplicate_in_file,
        invalid: expected.invalid,
    }
}

impl Store {
    /// Sends a file.
    pub async fn send_file(&self, query: &str, file: impl Into<Vec<u8>>) -> Response {
        let path = format!("/imports?{query}");
        self.request(Method::POST, &path).body("text/csv", file.into()).send().await
    }

    /// Imports a file and waits for the end, whichever it is.
    pub async fn import_to_its_end(&self, query: &str, file: impl Into<Vec<u8>>) -> ImportResponse {
        let queued: ImportResponse = self.send_file(query, file).await.expect(202).json();
        self.finished_import(queued.id).await
    }

    /// Imports a file that must be taken.
    ///
    /// # Panics
    /// When it is not.
    pub async fn import(&self, query: &str, file: impl Into<Vec<u8>>) -> ImportResponse {
        let import = self.import_to_its_end(query, file).await;
        assert_eq!((import.status, import.error.as_deref()), (ImportStatus::Completed, None), "{import:?}");
        assert!(import.tally.adds_up(), "{import:?}");
        assert_eq!(import.bytes_done, import.bytes, "{import:?}");
        import
    }

    /// Undoes an import and waits for the end.
    ///
    /// # Panics
    /// When it cannot be undone.
    pub async fn undo(&self, id: ImportId) -> ImportResponse {
        let _ = self.request(Method::POST, &format!("/imports/{id}/undo")).send().await.expect(202);
        let import = self.finished_import(id).await;
        assert_eq!(import.status, ImportStatus::Undone, "{import:?}");
        import
    }

    /// An import once nothing happens to it any more.
    pub async fn finished_import(&self, id: ImportId) -> ImportResponse {
        poll::until("the end of the import", async || {
            let import: ImportResponse = self.get(&format!("/imports/{id}")).await.expect(200).json();
            import.status.is_final().then_some(import)
        })
        .await
    }

    /// All problem rows of an import.
    pub async fn problems(&self, id: ImportId) -> Vec<ImportProblemResponse> {
        let mut all = Vec::new();
        let mut path = format!("/imports/{id}/problems");
        loop {
            let page: Page<ImportProblemResponse> = self.get(&path).await.expect(200).json();
            all.extend(page.items);
            let Some(cursor) = page.next_cursor else { return all };
            path = format!("/imports/{id}/problems?cursor={cursor}");
        }
    }
}

/// A sample that was imported.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The file.
    pub file: Vec<u8>,
    /// What importing it had to give.
    pub expected: Expected,
    /// What it gave.
    pub import: ImportResponse,
}
