//! What the server is doing when it is killed: importing into one store after another, while
//! customers of the same store are created, edited and deleted.

use fanbase_domain::{
    ids::{ImportId, StoreId},
    wire::{customers::CustomerResponse, imports::ImportResponse, page::Page, stores::StoreResponse},
};
use fanbase_tests::{Caller as _, Creator, Response, Store};
use rand::{RngExt as _, rngs::StdRng};
use reqwest::Method;
use serde_json::{Value, json};

use super::ledger::{Ledger, State};

/// A store, the import into it, and the edits that went on meanwhile.
pub(crate) struct Job {
    pub(crate) store: StoreId,
    pub(crate) import: Option<ImportId>,
    pub(crate) ledger: Ledger,
}

pub(crate) struct Work {
    file: Vec<u8>,
    rng: StdRng,
    jobs: Vec<Job>,
    /// Slugs that were asked for, whether or not the store came to be.
    slugs: usize,
}

impl Work {
    pub(crate) fn new(file: Vec<u8>, rng: StdRng) -> Self {
        Self { file, rng, jobs: Vec::new(), slugs: 0 }
    }

    /// The stores that were acknowledged.
    pub(crate) fn jobs(&self) -> &[Job] {
        &self.jobs
    }

    /// How many edits were acknowledged.
    pub(crate) fn acknowledged(&self) -> usize {
        self.jobs.iter().map(|job| job.ledger.acknowledged).sum()
    }

    /// Works until so many edits were acknowledged in all; goes on where it was when the server went away.
    pub(crate) async fn go_on(&mut self, owner: &Creator, acknowledged: usize) {
        while self.acknowledged() < acknowledged {
            if self.jobs.is_empty() {
                self.open_store(owner).await;
            }
            let (ready, store) = self.import(owner).await;
            match ready {
                true => self.open_store(owner).await,
                false => {
                    for _ in 0..5 {
                        self.edit(&store).await;
                    }
                }
            }
        }
    }

    async fn open_store(&mut self, owner: &Creator) {
        self.slugs += 1;
        let request = json!({ "name": "Store", "slug": format!("store-{}", self.slugs) });
        let store: StoreResponse =
            answer(owner.request(Method::POST, "/api/v1/stores").json(&request)).await.expect(201).json();
        self.jobs.push(Job { store: store.id, import: None, ledger: Ledger::default() });
    }

    /// Sees to it that the current job has its import, and says whether that has ended.
    async fn import(&mut self, owner: &Creator) -> (bool, Store) {
        let job = self.jobs.last_mut().unwrap();
        let store = owner.open(job.store);
        let Some(id) = job.import else {
            // The server may have taken the file without living to say so.
            let page: Page<ImportResponse> =
                answer(store.request(Method::GET, "/imports")).await.expect(200).json();
            job.import = match page.items.first() {
                Some(import) => Some(import.id),
                None => {
                    let request = store.request(Method::POST, "/imports").body("text/csv", self.file.clone());
                    Some(answer(request).await.expect(202).json::<ImportResponse>().id)
                }
            };
            return (false, store);
        };
        let path = format!("/imports/{id}");
        let import: ImportResponse = answer(store.request(Method::GET, &path)).await.expect(200).json();
        (import.status.is_final(), store)
    }

    async fn edit(&mut self, store: &Store) {
        let ledger = &mut self.jobs.last_mut().unwrap().ledger;
        if let Some((email, name)) = ledger.unanswered() {
            // With the same key it is the same request: done once, whether it was before or is now.
            return create(store, ledger, email, name).await;
        }
        let number = self.rng.random_range(0..u32::MAX);
        let known = ledger.some(number as usize);
        match (known, self.rng.random_range(0..10)) {
            (None, _) | (_, 0..6) => {
                let email = ledger.new_address();
                let name = format!("Name {number}");
                ledger.attempt(&email, State::Named(name.clone()));
                create(store, ledger, email, name).await;
            }
            (Some((email, id)), 6..9) => {
                let name = format!("Name {number}");
                ledger.attempt(&email, State::Named(name.clone()));
                let patch: Value = json!({ "first_name": name });
                let request =
                    store.request(Method::PATCH, &format!("/customers/{id}")).header("if-match", "*");
                let _ = answer(request.json(&patch)).await.expect(200);
                ledger.acknowledge(&email, id, State::Named(name));
            }
            (Some((email, id)), _) => {
                ledger.attempt(&email, State::Absent);
                let request = store.request(Method::DELETE, &format!("/customers/{id}"));
                let gone = answer(request).await;
                // An earlier attempt may have succeeded without anybody hearing of it.
                assert!(matches!(gone.status, 204 | 404), "{}", gone.text());
                ledger.acknowledge(&email, id, State::Absent);
            }
        }
    }
}

async fn create(store: &Store, ledger: &mut Ledger, email: String, name: String) {
    let request = json!({ "email": email, "first_name": name });
    let request = store.request(Method::POST, "/customers").header("idempotency-key", &email).json(&request);
    let created: CustomerResponse = answer(request).await.expect(201).json();
    ledger.acknowledge(&email, created.id, State::Named(name));
}

/// The answer; waits for ever when the server is gone, which ends with the kill.
async fn answer(request: fanbase_tests::api::Request) -> Response {
    match request.try_send().await {
        Ok(answer) => answer,
        Err(_) => std::future::pending().await,
    }
}
