//! The model: customers and accounts in memory, changed by the domain's rules only.

use std::collections::{BTreeMap, HashSet};

use fanbase_domain::{
    consent::Consent,
    customer::{Customer, CustomerFields},
    email::Email,
    fan::{Account, Fan},
    ids::{CustomerId, StoreId, UserId},
    import::{columns::Mapping, number::DecimalMark, row, survey::Survey},
    merge::{self, Contact, Defaults, Outcome, Policy, Tally},
    money::Currency,
    user::User,
    wire::fans::FanResponse,
};
use fanbase_tests::reference;

/// A customer.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) email: String,
    pub(crate) fields: CustomerFields,
    pub(crate) user: Option<UserId>,
}

/// Everybody, by e-mail key.
#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    pub(crate) customers: BTreeMap<String, Known>,
    pub(crate) users: BTreeMap<String, User>,
    /// Who left before they were deleted, and how.
    pub(crate) suppressed: BTreeMap<String, Consent>,
}

pub(crate) fn key_of(email: &str) -> String {
    Email::parse(email).unwrap().key().to_string()
}

impl World {
    /// The world that has these accounts and nobody else.
    pub(crate) fn of(accounts: &[FanResponse]) -> Self {
        let mut world = Self::default();
        for fan in accounts {
            let Fan::User(user, email) = reference::fan(fan) else { panic!("{fan:?} is no account") };
            world.users.insert(key_of(&email), *user);
        }
        world
    }

    /// The account of an address, unless a customer is linked to it.
    pub(crate) fn free_account(&self, key: &str) -> Option<UserId> {
        let id = self.users.get(key)?.id;
        self.customers.values().all(|known| known.user != Some(id)).then_some(id)
    }

    /// The customer that an account is linked to.
    pub(crate) fn linked(&self, user: UserId) -> Option<&str> {
        let mut linked = self.customers.iter().filter(|(_, known)| known.user == Some(user));
        linked.next().map(|(key, _)| key.as_str())
    }

    pub(crate) fn create(&mut self, contact: &Contact, defaults: Defaults) {
        let (email, key) = contact.email.clone().into_parts();
        let user = self.free_account(key.as_str());
        let mut fields = merge::create(contact.clone(), defaults);
        if let Some(at_most) = self.suppressed.get(key.as_str()) {
            fields.consent = fields.consent.fold(*at_most);
        }
        self.customers.insert(key.to_string(), Known { email, fields, user });
    }

    /// Gives a customer another address that nobody has.
    pub(crate) fn move_customer(&mut self, key: &str, email: &str) {
        let mut known = self.customers.remove(key).unwrap();
        let new = key_of(email);
        known.user = known.user.or_else(|| self.free_account(&new));
        email.clone_into(&mut known.email);
        self.customers.insert(new, known);
    }

    pub(crate) fn register(&mut self, user: User) {
        let key = user.email_key.clone().unwrap().to_string();
        if let Some(known) = self.customers.get_mut(&key) {
            known.user = known.user.or(Some(user.id));
        }
        self.users.insert(key, user);
    }

    /// The account of a customer who goes is taken over by the customer who has its address.
    pub(crate) fn delete_customer(&mut self, key: &str) {
        let gone = self.customers.remove(key).unwrap();
        if gone.fields.consent >= Consent::Unsubscribed {
            let known = self.suppressed.entry(key.to_owned()).or_insert(gone.fields.consent);
            *known = known.fold(gone.fields.consent);
        }
        let Some(freed) = gone.user else { return };
        let (address, _) = self.users.iter().find(|(_, user)| user.id == freed).unwrap();
        if let Some(known) = self.customers.get_mut(address) {
            known.user = known.user.or(Some(freed));
        }
    }

    /// The customer of an account that goes is linked to the account that has their address.
    pub(crate) fn delete_account(&mut self, key: &str) {
        let gone = self.users.remove(key).unwrap().id;
        let Some(customer) = self.linked(gone).map(str::to_owned) else { return };
        let other = self.free_account(&customer);
        self.customers.get_mut(&customer).unwrap().user = other;
    }

    /// Imports rows one after another.
    pub(crate) fn import(&mut self, rows: &[Vec<String>], policy: Policy, defaults: Defaults) -> Tally {
        let before = self.clone();
        let header: Vec<&str> = rows[0].iter().map(String::as_str).collect();
        let mapping = Mapping::recognise(&header, &BTreeMap::new()).unwrap();
        let mut survey = Survey::new(mapping, &header);
        for cells in &rows[1..] {
            survey.row(&cells.iter().map(String::as_str).collect::<Vec<_>>());
        }
        let mapping = survey.finish(DecimalMark::Point).mapping;
        let (mut tally, mut first) = (Tally::default(), HashSet::new());
        for cells in &rows[1..] {
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            let Ok((contact, _)) = row::read(&mapping, &cells, Currency::parse("USD").unwrap()) else {
                tally.count(Outcome::Invalid);
                continue;
            };
            let key = contact.email.key().to_string();
            if !first.insert(key.clone()) {
                tally.count(Outcome::DuplicateInFile);
            }
            let is_account = self.free_account(&key).is_some();
            match self.customers.get_mut(&key) {
                Some(known) => merge::apply(&mut known.fields, &contact, policy, defaults.now),
                None if contact.is_mere_user() && is_account => {}
                None => self.create(&contact, defaults),
            }
        }
        for key in first {
            tally.count(match (before.customers.get(&key), self.customers.get(&key)) {
                (None, Some(_)) => Outcome::Created,
                (Some(before), Some(after)) if before.fields != after.fields => Outcome::Updated,
                _ => Outcome::Unchanged,
            });
        }
        tally
    }

    /// Everybody as the API is to tell them; the ids of customers are not known here.
    fn fans(&self) -> Vec<FanResponse> {
        let account = |id: UserId| self.users.values().find(|user| user.id == id);
        let mut fans: Vec<Fan> = self
            .users
            .values()
            .filter(|user| self.linked(user.id).is_none())
            .cloned()
            .filter_map(Fan::from_user)
            .collect();
        for known in self.customers.values() {
            let customer = Customer {
                id: CustomerId::new(uuid::Uuid::nil()),
                store_id: StoreId::new(uuid::Uuid::nil()),
                email: known.email.clone(),
                email_key: Email::parse(&known.email).unwrap().into_parts().1,
                user_id: known.user,
                version: 0,
                fields: known.fields.clone(),
            };
            let account = known
                .user
                .and_then(account)
                .map(|user| Account { user_id: user.id, avatar_url: user.avatar_url.clone() });
            fans.push(Fan::Customer(Box::new(customer), account));
        }
        fans.into_iter().map(FanResponse::from).collect()
    }

    /// Fails unless the list has everybody, once, as they are.
    #[track_caller]
    pub(crate) fn assert_lists(&self, listed: &[FanResponse], when: &str) {
        let mut expected = self.fans();
        let mut listed = listed.to_vec();
        expected.sort_by(|a, b| a.email.cmp(&b.email));
        listed.sort_by(|a, b| a.email.cmp(&b.email));
        assert_eq!(reference::emails(&listed), reference::emails(&expected), "{when}");
        // The store spells a tag as it was first written; which case that is matters to nobody.
        let fold = |tags: &mut Vec<String>| tags.iter_mut().for_each(|tag| *tag = tag.to_lowercase());
        for (mut expected, mut listed) in expected.into_iter().zip(listed) {
            expected.id = listed.id;
            fold(&mut expected.tags);
            fold(&mut listed.tags);
            assert_eq!(listed, expected, "{when}");
        }
    }
}
