//! Registered accounts; some belong to people who are also contacts.

use super::cells::capitalised_address;
use super::dates::{DAY, NEWEST};
use super::people::{People, Person};
use super::rng::{Purpose, Rng};
use super::{Account, SampleOptions};

/// Of 312 accounts, 124 belong to people who are not contacts.
const STRANGERS: (u64, u64) = (124, 312);

/// The accounts, oldest first, and the number of those that are also contacts.
///
/// `contacts` is the number of people in the file; people with a higher index have no row.
pub fn accounts(options: &SampleOptions, people: &People, contacts: u64) -> (Vec<Account>, u64) {
    let (part, whole) = STRANGERS;
    let strangers = (options.accounts * part + whole / 2) / whole;
    let linked = (options.accounts - strangers).min(contacts);
    // A leap over the person whose only row may be an invalid one.
    let first_stranger = contacts + 1_000;
    let stride = contacts / linked.max(1);
    // The platform opened three years ago.
    let opening = NEWEST - 3 * 365 * DAY;
    let mut accounts: Vec<_> = (0..options.accounts)
        .map(|number| {
            let rng = &mut Rng::new(options.seed, Purpose::Account, number);
            let index =
                if number < linked { number * stride + rng.below(stride) } else { first_stranger + number };
            let person = people.person(index);
            // A contact signs up after having become one; strangers, whenever.
            let since = if number < linked { person.created.clamp(opening, NEWEST - 2) } else { opening };
            account(&person, since, rng)
        })
        .collect();
    accounts.sort_by(|a, b| (a.created_at_ms, &a.email).cmp(&(b.created_at_ms, &b.email)));
    (accounts, linked)
}

fn account(person: &Person, since: i64, rng: &mut Rng) -> Account {
    let created = since + rng.below((NEWEST - 1 - since) as u64) as i64;
    let signed_in = rng.percent(92).then(|| NEWEST - 1 - rng.skewed((NEWEST - created) as u64) as i64);
    let email = match rng.below(100) {
        0..12 => capitalised_address(&person.email),
        12..15 => person.email.to_uppercase(),
        _ => person.email.clone(),
    };
    Account {
        email,
        name: format!("{} {}", person.first, person.last),
        avatar_url: rng.percent(40).then(|| avatar(rng)),
        created_at_ms: created * 1_000 + rng.below(1_000) as i64,
        last_sign_in_at_ms: signed_in.map(|time| time * 1_000),
    }
}

/// A picture that contains itself, because the demo loads nothing from elsewhere.
fn avatar(rng: &mut Rng) -> String {
    let hue = rng.below(360);
    let other = (hue + 40 + rng.below(120)) % 360;
    let (x, y) = (12 + rng.below(40), 12 + rng.below(40));
    format!(
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 64 64'%3E\
         %3Crect width='64' height='64' fill='hsl({hue} 55%25 45%25)'/%3E\
         %3Ccircle cx='{x}' cy='{y}' r='22' fill='hsl({other} 70%25 62%25)'/%3E%3C/svg%3E"
    )
}
