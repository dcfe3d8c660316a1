//! What happens: to the server and to the model alike.

use fanbase_domain::{
    consent::Consent,
    merge::{Defaults, Policy, TagPolicy, ValuePolicy},
    problem::ProblemCode,
    source::Source,
    wire::{
        customers::{
            CreateCustomerRequest, CustomerPatch, CustomerResponse, NewCustomer, PatchCustomerRequest,
        },
        page::Page,
    },
};
use fanbase_tests::{Caller as _, Store, TestApp};
use rand::{RngExt as _, rngs::StdRng};
use serde_json::{Value, json};

use super::world::{World, key_of};

/// Few addresses, so that they meet often.
const ADDRESSES: usize = 18;

pub(crate) struct History {
    app: TestApp,
    store: Store,
    world: World,
}

fn pick<'a>(rng: &mut StdRng, values: &[&'a str]) -> &'a str {
    values[rng.random_range(0..values.len())]
}

fn address(rng: &mut StdRng) -> String {
    let email = format!("Person{}@pool.example", rng.random_range(0..ADDRESSES));
    match rng.random_range(0..3) {
        0 => email.to_uppercase(),
        1 => email.to_lowercase(),
        _ => email,
    }
}

impl History {
    pub(crate) fn new(app: TestApp, store: Store, world: World) -> Self {
        Self { app, store, world }
    }

    pub(crate) fn world(&self) -> &World {
        &self.world
    }

    /// Something happens.
    pub(crate) async fn go_on(&mut self, rng: &mut StdRng) {
        match rng.random_range(0..100) {
            0..35 => self.import(rng).await,
            35..55 => self.create(rng).await,
            55..75 => self.patch(rng).await,
            75..83 => self.delete(rng).await,
            83..94 => self.register(rng).await,
            _ => self.delete_account(rng).await,
        }
    }

    async fn import(&mut self, rng: &mut StdRng) {
        let rows = rows(rng);
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        rows.iter().for_each(|row| writer.write_record(row).unwrap());
        let file = writer.into_inner().unwrap();
        let policy = Policy {
            values: ValuePolicy::ALL[rng.random_range(0..ValuePolicy::ALL.len())],
            tags: TagPolicy::ALL[rng.random_range(0..TagPolicy::ALL.len())],
        };
        let query = format!("values={}&tags={}", policy.values, policy.tags);
        let predicted = match rng.random_ratio(1, 3) {
            true => Some(self.store.import(&format!("{query}&dry_run=true"), file.clone()).await),
            false => None,
        };
        let import = self.store.import(&query, file).await;
        let now = import.started_at.unwrap();
        let defaults = Defaults { source: Source::CsvImport, consent: Consent::Unconfirmed, now };
        let before = self.world.clone();
        let tally = self.world.import(&rows, policy, defaults);
        assert_eq!(import.tally, tally, "{rows:?}");
        if let Some(predicted) = predicted {
            assert_eq!(predicted.tally, tally, "{rows:?}");
        }
        if rng.random_ratio(1, 4) {
            let undone = self.store.undo(import.id).await;
            assert_eq!(undone.undo_left, 0, "{rows:?}");
            self.world = before;
        }
    }

    async fn create(&mut self, rng: &mut StdRng) {
        let request = json!({
            "email": address(rng), "first_name": pick(rng, &["Ava", "Zoë", ""]), "tags": [pick(rng, &["vip", "EDM"])],
            "consent": pick(rng, &["subscribed", "unsubscribed"]), "score": rng.random_range(-5..5),
        });
        let answer = self.store.post("/customers", &request).await;
        let new: CreateCustomerRequest = serde_json::from_value(request).unwrap();
        let NewCustomer(contact) = NewCustomer::try_from(new).unwrap();
        if self.world.customers.contains_key(contact.email.key().as_str()) {
            answer.problem(409, ProblemCode::EmailTaken);
            return;
        }
        let now = answer.expect(201).json::<CustomerResponse>().created_at;
        self.world.create(&contact, Defaults { source: Source::Manual, consent: Consent::Unconfirmed, now });
    }

    /// A random customer: its key, and as the API tells it.
    async fn some(&self, rng: &mut StdRng) -> Option<(String, CustomerResponse)> {
        let page: Page<CustomerResponse> =
            self.store.get("/customers?sort=email&limit=200").await.expect(200).json();
        let count = page.items.len();
        let customer = page.items.into_iter().nth(rng.random_range(0..count.max(1)))?;
        Some((key_of(&customer.email), customer))
    }

    async fn patch(&mut self, rng: &mut StdRng) {
        let Some((key, customer)) = self.some(rng).await else { return };
        let request: Value = match rng.random_range(0..5) {
            0 => json!({ "email": address(rng) }),
            1 => json!({ "first_name": null, "last_name": pick(rng, &["Lind", "Berg"]) }),
            2 => json!({ "tags": [pick(rng, &["vip", "new", "EDM"])], "score": null }),
            3 => {
                json!({ "consent": pick(rng, &["subscribed", "bounced"]), "status": pick(rng, &["active", "inactive"]) })
            }
            _ => json!({ "attributes": { "daw": pick(rng, &["Live", "Reaper"]), "level": null } }),
        };
        let answer = self.store.patch_customer(&customer, &request).await;
        let patch: PatchCustomerRequest = serde_json::from_value(request).unwrap();
        let patch = CustomerPatch::try_from(patch).unwrap();
        if let Some(email) = patch.email() {
            let new = email.key().to_string();
            if new != key && self.world.customers.contains_key(&new) {
                answer.problem(409, ProblemCode::EmailTaken);
                return;
            }
            self.world.move_customer(&key, email.typed());
        } else {
            let fields = &mut self.world.customers.get_mut(&key).unwrap().fields;
            let before = fields.consent;
            patch.apply(fields);
            if fields.consent == Consent::Subscribed && before != Consent::Subscribed {
                self.world.suppressed.remove(&key);
            }
        }
        let _ = answer.expect(200);
    }

    async fn delete(&mut self, rng: &mut StdRng) {
        let Some((key, customer)) = self.some(rng).await else { return };
        self.store.delete_customer(&customer).await;
        self.world.delete_customer(&key);
    }

    async fn register(&mut self, rng: &mut StdRng) {
        let email = address(rng);
        if !self.world.users.contains_key(&key_of(&email)) {
            let user = self.app.db_create_account(&email).await;
            self.world.register(user);
        }
    }

    async fn delete_account(&mut self, rng: &mut StdRng) {
        let own = |key: &&String| key.ends_with("@pool.example");
        let keys: Vec<String> = self.world.users.keys().filter(own).cloned().collect();
        let Some(key) = keys.get(rng.random_range(0..keys.len().max(1))) else { return };
        self.app.db_delete_account(self.world.users[key].id).await;
        self.world.delete_account(key);
    }
}

/// A header and some rows.
fn rows(rng: &mut StdRng) -> Vec<Vec<String>> {
    let header = [
        "Email",
        "First Name",
        "Last Name",
        "Name",
        "Tags",
        "Score",
        "Status",
        "DAW",
        "Created At",
        "Type",
        "Last Activity At",
        "Total Spent",
        "Activity Status",
        "Source",
    ];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    for _ in 0..rng.random_range(0..25) {
        let email = match rng.random_range(0..15) {
            0 => "nobody".to_owned(),
            _ => address(rng),
        };
        let mut row = vec![email];
        for values in [
            &["", "Ava", "Émile", "=Ava"][..],
            &["", "Lind", "Berg"],
            &["", "DJ Ava"],
            &["", "vip", "vip,edm", "EDM,new"],
            &["", "5", "5", "-2", "many"],
            &["", "Active", "Unsubscribed", "Bounced", "Unconfirmed", "odd"],
            &["", "Live", "||Live||Reaper||", "||"],
            &["", "2024-01-05", "2025-03-01T10:00:00Z", "0000-00-00 00:00:00"],
            &["", "lead", "paying", "subscription", "user"],
            &["", "2025-01-01", "2026-01-01"],
            &["", "0", "12.50"],
            &["", "inactive", "active"],
            &["", "", "manual", "course_enrollment"],
        ] {
            row.push(pick(rng, values).to_owned());
        }
        // Short rows, and rows with data that belongs to no column.
        match rng.random_range(0..20) {
            0 => row.truncate(rng.random_range(2..14)),
            1 => row.push("extra".to_owned()),
            _ => {}
        }
        rows.push(row);
    }
    rows
}
