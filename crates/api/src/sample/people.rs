//! The people of the sample. All data of a person is a function of the seed and the person's index, so
//! further rows about a person need no stored state.

use super::addresses::{self, IDN_DOMAIN, Identity, Style};
use super::dates::{DAY, NEWEST, OLDEST};
use super::names::{self, MAIL, Name, REGIONS};
use super::places::Country;
use super::rng::{Purpose, Rng, mix};

/// Consent, from the least to the most strict.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Consent {
    /// May be mailed.
    Subscribed,
    /// Never confirmed.
    Unconfirmed,
    /// Asked not to be mailed.
    Unsubscribed,
    /// The e-mail address bounces.
    Bounced,
}

impl Consent {
    /// The value in the Status column.
    pub fn status(self) -> &'static str {
        match self {
            Self::Subscribed => "Active",
            Self::Unconfirmed => "Unconfirmed",
            Self::Unsubscribed => "Unsubscribed",
            Self::Bounced => "Bounced",
        }
    }

    /// The numeric value that some exports have in the Status column.
    pub fn digit(self) -> &'static str {
        match self {
            Self::Subscribed => "1",
            Self::Unconfirmed => "0",
            Self::Unsubscribed => "2",
            Self::Bounced => "3",
        }
    }
}

/// The special kind of a person's e-mail address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Ordinary.
    Ordinary,
    /// A Gmail address with dots, which the next two vary.
    Anchor,
    /// The anchor's e-mail address without the dots: a different person, as far as a CRM can know.
    GmailDots,
    /// The anchor's e-mail address with a tag after a plus sign: also a different person.
    SubAddress,
    /// An e-mail address at a domain with an umlaut.
    Idn,
}

/// A person.
pub struct Person {
    /// Index of the person, from 0.
    pub index: u64,
    /// First name.
    pub first: &'static str,
    /// Last name.
    pub last: &'static str,
    /// The e-mail address, in lower case and trimmed.
    pub email: String,
    /// The consent in the person's first row.
    pub consent: Consent,
    /// Country of residence.
    pub country: &'static Country,
    /// Creation time of the contact, in seconds since 1970.
    pub created: i64,
}

/// The parsed names of a region.
struct Names {
    first: Vec<Name>,
    last: Vec<Name>,
    /// Coprime to the number of name pairs, so that its multiples visit all pairs.
    stride: u64,
}

/// All people of one sample.
pub struct People {
    /// The seed of the sample.
    pub seed: u64,
    /// Approximate number of people; creation times increase with the index.
    expected: u64,
    names: Vec<Names>,
    /// Region, and rank within it, of each person in a block of a thousand.
    regions: Vec<(usize, u64)>,
    /// Consent of each person in a block of a hundred.
    consents: Vec<Consent>,
}

impl People {
    /// The people of a file with this number of rows.
    pub fn new(seed: u64, rows: u64) -> Self {
        let mut rng = Rng::new(seed, Purpose::Tables, 0);
        let names = REGIONS
            .iter()
            .map(|region| {
                let (first, last) = (names::parse(region.first), names::parse(region.last));
                let stride = coprime_stride(first.len() as u64 * last.len() as u64);
                Names { first, last, stride }
            })
            .collect();
        let mut regions: Vec<_> = REGIONS
            .iter()
            .enumerate()
            .flat_map(|(region, data)| (0..data.per_thousand).map(move |rank| (region, rank)))
            .collect();
        rng.shuffle(&mut regions);
        let shares = [
            (Consent::Subscribed, 86),
            (Consent::Unsubscribed, 9),
            (Consent::Bounced, 4),
            (Consent::Unconfirmed, 1),
        ];
        let mut consents: Vec<_> =
            shares.into_iter().flat_map(|(consent, share)| std::iter::repeat_n(consent, share)).collect();
        rng.shuffle(&mut consents);
        Self { seed, expected: rows.max(1), names, regions, consents }
    }

    /// The kind of a person's e-mail address. Kinds have fixed positions, so that every thousand people
    /// have all of them.
    pub fn kind(index: u64) -> Kind {
        match index % 500 {
            120 => Kind::Anchor,
            121 => Kind::GmailDots,
            122 => Kind::SubAddress,
            60 | 310 => Kind::Idn,
            _ => Kind::Ordinary,
        }
    }

    /// The consent in a person's first row.
    pub fn consent(&self, index: u64) -> Consent {
        let hundreds = self.consents.len() as u64;
        // Each block of a hundred is rotated differently, to avoid a repeating pattern.
        let rotation = mix(self.seed ^ mix(index / hundreds));
        self.consents[((index + rotation % hundreds) % hundreds) as usize]
    }

    /// The person with this index.
    pub fn person(&self, index: u64) -> Person {
        let mut rng = Rng::new(self.seed, Purpose::Person, index);
        let kind = Self::kind(index);
        let named_like = match kind {
            Kind::GmailDots => index - 1,
            Kind::SubAddress => index - 2,
            Kind::Ordinary | Kind::Anchor | Kind::Idn => index,
        };
        let (region, rank) = self.regions[(named_like % self.regions.len() as u64) as usize];
        let names = &self.names[region];
        let in_region = named_like / self.regions.len() as u64 * REGIONS[region].per_thousand + rank;
        let (firsts, pairs) = (names.first.len() as u64, (names.first.len() * names.last.len()) as u64);
        let pair = in_region % pairs * names.stride % pairs;
        let first = &names.first[(pair % firsts) as usize];
        let last = &names.last[(pair / firsts) as usize];
        let identity = Identity {
            index,
            first: &first.slug,
            first_index: pair % firsts,
            first_count: firsts,
            last: &last.slug,
            bearer: in_region / pairs,
            pair: mix(self.seed ^ mix(pair << 8 | region as u64)),
        };
        Person {
            index,
            first: first.display,
            last: last.display,
            email: address(&identity, kind, region, &mut rng),
            consent: self.consent(index),
            country: country(region, &mut rng),
            created: self.created(index, &mut rng),
        }
    }

    /// The square root makes the audience grow faster over time; a few neighbours are out of order.
    fn created(&self, index: u64, rng: &mut Rng) -> i64 {
        let position = (index + rng.below(40)) as f64 / self.expected as f64;
        let span = (NEWEST - OLDEST - DAY) as f64;
        OLDEST + (span * position.min(1.0).sqrt()) as i64 + rng.below(DAY as u64) as i64
    }
}

fn address(identity: &Identity<'_>, kind: Kind, region: usize, rng: &mut Rng) -> String {
    let style = match kind {
        Kind::Ordinary => Style::pick(rng),
        Kind::Anchor | Kind::SubAddress | Kind::Idn => Style::Dotted,
        Kind::GmailDots => Style::Joined,
    };
    let mut address = addresses::local_part(identity, style, rng);
    match kind {
        Kind::Ordinary if style == Style::OwnDomain => return address,
        Kind::Ordinary => {}
        Kind::Anchor | Kind::GmailDots => return address + "@gmail.com",
        Kind::SubAddress => return address + "+beats@gmail.com",
        Kind::Idn => return address + "@" + IDN_DOMAIN,
    }
    address.push('@');
    address.push_str(match rng.below(100) {
        0..46 => MAIL[0],
        46..76 => rng.pick_popular(MAIL),
        _ => rng.pick(REGIONS[region].mail),
    });
    address
}

fn country(region: usize, rng: &mut Rng) -> &'static Country {
    let countries = REGIONS[region].countries;
    let mut ticket = rng.below(countries.iter().map(|country| country.weight).sum());
    for country in countries {
        if ticket < country.weight {
            return country;
        }
        ticket -= country.weight;
    }
    &countries[0]
}

fn coprime_stride(pairs: u64) -> u64 {
    // About the golden ratio of the number of pairs, so that neighbours differ in both names.
    (pairs * 618 / 1_000 + 1..).find(|stride| gcd(*stride, pairs) == 1).unwrap_or(1)
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}
