//! A synthetic audience: a contact file as a creator would export it, and registered accounts.
//!
//! The demo shows it, and import tests and benchmarks use it. The file has the size and the
//! irregularities of real ones, is byte-identical for the same options on every machine, and comes with
//! the expected outcome of an import into an empty store. That outcome is counted while the rows are
//! generated, independently of the importer.
//!
//! Layout: [`people`] generates the people ([`names`], [`places`], [`addresses`]), [`contacts`] fills a
//! row ([`topics`], [`dates`]), [`quirks`] lists the irregularities and their frequency, [`schedule`]
//! places them, [`cells`] and [`duplicates`] apply them, [`generator`] combines all of it and counts,
//! [`row`] writes CSV. [`sales`] generates purchases.
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

/// Options of the sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleOptions {
    /// Rows of the file as a CSV parser counts them: without header and blank lines.
    pub rows: u64,
    /// Registered accounts.
    pub accounts: u64,
    /// The seed; different seeds generate different people.
    pub seed: u64,
}

impl Default for SampleOptions {
    fn default() -> Self {
        Self { rows: 47_344, accounts: 312, seed: 1 }
    }
}

/// The expected outcome of importing the file into an empty store with the default policy.
///
/// The first valid row of an e-mail key is `created`, and every later valid one `duplicate_in_file`. A
/// row without a valid e-mail address, or with data beyond the last column of the header, is `invalid`.
/// The five outcomes add up to `rows`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expected {
    /// Rows of the file.
    pub rows: u64,
    /// Rows that create a customer; also the number of customers afterwards.
    pub created: u64,
    /// 0: an empty store has no customers to update.
    pub updated: u64,
    /// 0, likewise.
    pub unchanged: u64,
    /// Valid rows about a customer that an earlier row created.
    pub duplicate_in_file: u64,
    /// Rejected rows.
    pub invalid: u64,
    /// Customers by consent, after all rows are merged.
    pub by_consent: ConsentCounts,
    /// Accounts.
    pub accounts: u64,
    /// Accounts whose e-mail key is that of a customer.
    pub accounts_linked: u64,
    /// Rows imported with a warning, by its code: `short_row`, filled up with blanks.
    pub warnings: BTreeMap<String, u64>,
    /// Rows by quirk.
    pub quirks: BTreeMap<String, u64>,
}

impl Expected {
    /// Number of fans in the store afterwards: customers, and accounts that are not customers.
    pub fn fans(&self) -> u64 {
        self.created + self.accounts - self.accounts_linked
    }
}

/// Customers by consent. The strictest consent in any row of a person wins, in the order subscribed,
/// unconfirmed, unsubscribed, bounced.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentCounts {
    /// May be mailed.
    pub subscribed: u64,
    /// Asked not to be mailed.
    pub unsubscribed: u64,
    /// The e-mail address bounces.
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
    /// The e-mail address as typed; compare by e-mail key.
    pub email: String,
    /// Full name.
    pub name: String,
    /// A picture, as a `data:` URL.
    pub avatar_url: Option<String>,
    /// Time of registration, in milliseconds since 1970.
    pub created_at_ms: i64,
    /// Time of the last sign-in, in milliseconds since 1970.
    pub last_sign_in_at_ms: Option<i64>,
}

/// Writes the contact file, and returns the expected outcome of its import and the accounts.
///
/// Memory does not grow with the file, except for a few bytes per person whose rows repeat or
/// contradict each other.
///
/// # Errors
/// [`io::Error`] of the output.
pub fn write_contacts<W: Write>(options: &SampleOptions, out: W) -> io::Result<(Expected, Vec<Account>)> {
    let people = People::new(options.seed, options.rows);
    let mut expected = Generator::start(options, &people, out)?.run()?;
    let (accounts, linked) = accounts::accounts(options, &people, expected.created);
    expected.accounts = accounts.len() as u64;
    expected.accounts_linked = linked;
    Ok((expected, accounts))
}
