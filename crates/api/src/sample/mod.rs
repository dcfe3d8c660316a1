//! A made-up audience: a contact file as a creator would export it, and registered accounts.
//!
//! It is what the demo shows and what imports are tested and measured with. The file has the
//! size and the blemishes of real ones, the same bytes for the same options on every machine, and
//! comes with the outcome that an import into an empty store must have. That outcome is counted
//! while the rows are made, not by importing them, so it can convict the importer.
//!
//! Layout: [`people`] says who there is ([`names`], [`places`], [`addresses`]), [`contacts`]
//! fills a row ([`topics`], [`dates`]), [`quirks`] lists what is unusual and how often,
//! [`schedule`] says where, [`cells`] and [`duplicates`] do it, [`generator`] puts all of it
//! together and counts, [`row`] writes CSV. [`sales`] says what these people buy.

pub mod accounts;
pub mod addresses;
pub mod cells;
pub mod contacts;
pub mod dates;
pub mod duplicates;
pub mod generator;
pub mod names;
pub mod people;
pub mod places;
pub mod quirks;
pub mod rng;
pub mod row;
pub mod sales;
pub mod schedule;
pub mod topics;

#[cfg(test)]
mod tests;

use generator::Generator;
use people::{Consent, People};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// What to generate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleOptions {
    /// Rows of the file, as a CSV parser counts them: without the header and without blank lines.
    pub rows: u64,
    /// Registered accounts.
    pub accounts: u64,
    /// Another seed gives other people.
    pub seed: u64,
}

impl Default for SampleOptions {
    fn default() -> Self {
        Self { rows: 47_344, accounts: 312, seed: 1 }
    }
}

/// The outcome of importing the file into an empty store with the default policy.
///
/// The first valid row of an e-mail key is `created`, every later valid one `duplicate_in_file`;
/// a row without an address, or with data beyond the last column of the header, is `invalid`.
/// The five outcomes add up to `rows`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expected {
    /// Rows of the file.
    pub rows: u64,
    /// Rows that make a customer; the customers in the store afterwards.
    pub created: u64,
    /// 0: there is nothing to update in an empty store.
    pub updated: u64,
    /// 0, likewise.
    pub unchanged: u64,
    /// Valid rows about a customer that an earlier row made.
    pub duplicate_in_file: u64,
    /// Rows that are refused.
    pub invalid: u64,
    /// Consent of the customers, once all rows are folded.
    pub by_consent: ConsentCounts,
    /// Accounts.
    pub accounts: u64,
    /// Accounts whose address has the e-mail key of a customer.
    pub accounts_linked: u64,
    /// Rows that are taken with a warning, by its kind: `short_row`, completed with blanks.
    pub warnings: BTreeMap<String, u64>,
    /// Rows by what is unusual about them.
    pub quirks: BTreeMap<String, u64>,
}

impl Expected {
    /// Fans of the store afterwards: customers, and accounts that are none.
    pub fn fans(&self) -> u64 {
        self.created + self.accounts - self.accounts_linked
    }
}

/// Customers by consent. The strictest consent that any row of a person states wins, in the order
/// subscribed, unconfirmed, unsubscribed, bounced.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentCounts {
    /// May be mailed.
    pub subscribed: u64,
    /// Asked not to be mailed.
    pub unsubscribed: u64,
    /// Their address does not work.
    pub bounced: u64,
    /// Never confirmed.
    pub unconfirmed: u64,
}

impl ConsentCounts {
    fn of(&mut self, consent: Consent) -> &mut u64 {
        match consent {
            Consent::Subscribed => &mut self.subscribed,
            Consent::Unconfirmed => &mut self.unconfirmed,
            Consent::Unsubscribed => &mut self.unsubscribed,
            Consent::Bounced => &mut self.bounced,
        }
    }
}

/// A registered account, as an identity provider would report it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// As typed; compare by e-mail key.
    pub email: String,
    /// Full name.
    pub name: String,
    /// A picture, as a `data:` URL.
    pub avatar_url: Option<String>,
    /// When it was registered, in milliseconds since 1970.
    pub created_at_ms: i64,
    /// Last sign-in, in milliseconds since 1970.
    pub last_sign_in_at_ms: Option<i64>,
}

/// Writes the contact file, and returns what importing it must give, and the accounts.
///
/// Memory does not grow with the file, but for a few bytes for each of the few people whose rows
/// repeat or contradict each other.
///
/// # Errors
/// When the output can't be written.
pub fn write_contacts<W: Write>(options: &SampleOptions, out: W) -> io::Result<(Expected, Vec<Account>)> {
    let people = People::new(options.seed, options.rows);
    let mut expected = Generator::start(options, &people, out)?.run()?;
    let (accounts, linked) = accounts::accounts(options, &people, expected.created);
    expected.accounts = accounts.len() as u64;
    expected.accounts_linked = linked;
    Ok((expected, accounts))
}
