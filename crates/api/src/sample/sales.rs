//! Sales of the sample audience: reports of enrolments, purchases, refunds and subscriptions, as a
//! platform sends them.

use super::SampleOptions;
use super::dates::DAY;
use super::people::{People, Person};
use super::rng::{Purpose, Rng};
use fanbase_domain::facts::{Period, SubscriptionStatus};
use fanbase_domain::time::Timestamp;
use fanbase_domain::wire::catalogue::{CreateItemRequest, CreatePlanRequest, PriceRequest};
use fanbase_domain::wire::enrollments::EnrollmentRequest;
use fanbase_domain::wire::facts::{ItemRequest, PaymentRequest, PersonRequest};
use fanbase_domain::wire::purchases::{PurchaseRequest, RefundRequest};
use fanbase_domain::wire::subscriptions::SubscriptionRequest;

/// Maximum number of people with sales, to keep the demo fast; the others of a larger audience have
/// none.
const MOST_PEOPLE: u64 = 50_000;
/// A month of a subscription, in seconds. Reports state their periods, so it need not be exact.
const MONTH: i64 = 30 * DAY;

/// A catalogue item: reference, title, and price in minor units.
type Item = (&'static str, &'static str, i64);

const FREE_COURSES: [Item; 2] = [("first-beat", "First Beat", 0), ("chords", "Chords for Producers", 0)];
const PAID_COURSES: [Item; 3] = [
    ("melodies", "Melody Course", 9_900),
    ("mixing", "Mixing Course", 14_900),
    ("academy", "Beat Academy", 39_900),
];
const PRODUCTS: [Item; 6] = [
    ("808-kit", "808 Drum Kit", 1_900),
    ("sample-pack-1", "Sample Pack Vol. 1", 2_900),
    ("sample-pack-2", "Sample Pack Vol. 2", 2_900),
    ("presets", "Preset Bank", 3_900),
    ("ableton-template", "Template: Ableton", 2_400),
    ("vocal-chain", "Vocal Chain", 4_900),
];
const MONTHLY: Item = ("club", "Loop Club", 1_900);
const YEARLY: Item = ("club-yearly", "Loop Club, yearly", 19_000);

/// A report of a sale or a refund.
#[derive(Clone, Debug)]
pub enum Sale {
    /// A paid or free enrolment.
    Enrollment(EnrollmentRequest),
    /// A purchase of a product.
    Purchase(PurchaseRequest),
    /// A refund.
    Refund(RefundRequest),
    /// The start, renewal or end of a subscription.
    Subscription(SubscriptionRequest),
}

/// The creator's courses, paid and free.
pub fn courses() -> impl Iterator<Item = CreateItemRequest> {
    FREE_COURSES.into_iter().chain(PAID_COURSES).map(item)
}

/// The creator's products.
pub fn products() -> impl Iterator<Item = CreateItemRequest> {
    PRODUCTS.into_iter().map(item)
}

/// The plans of the creator's club.
pub fn plans() -> impl Iterator<Item = CreatePlanRequest> {
    [(MONTHLY, Period::Month), (YEARLY, Period::Year)].into_iter().map(
        |((reference, title, amount), interval)| CreatePlanRequest {
            reference: reference.to_owned(),
            title: title.to_owned(),
            price: Some(PriceRequest { amount, currency: None }),
            interval: Some(interval),
            ..CreatePlanRequest::default()
        },
    )
}

fn item((reference, title, amount): Item) -> CreateItemRequest {
    CreateItemRequest {
        reference: reference.to_owned(),
        title: title.to_owned(),
        price: (amount > 0).then_some(PriceRequest { amount, currency: None }),
        stripe_prices: Vec::new(),
    }
}

/// All sales until `until` (seconds since 1970), person by person. Deterministic for the same
/// arguments.
pub fn sales(options: &SampleOptions, until: i64) -> impl Iterator<Item = Sale> {
    let people = People::new(options.seed, options.rows);
    let seed = options.seed;
    (0..options.rows.min(MOST_PEOPLE)).flat_map(move |index| {
        let mut rng = Rng::new(seed, Purpose::Sale, index);
        let person = people.person(index);
        Buyer { person: &person, rng: &mut rng, until, sales: Vec::new() }.buy()
    })
}

struct Buyer<'a> {
    person: &'a Person,
    rng: &'a mut Rng,
    until: i64,
    sales: Vec<Sale>,
}

impl Buyer<'_> {
    fn buy(mut self) -> Vec<Sale> {
        if self.rng.percent(15) {
            let course = self.rng.pick_popular(&FREE_COURSES);
            self.enrol(course);
        }
        if self.rng.percent(7) {
            for _ in 0..=self.rng.skewed(6) {
                match self.rng.percent(30) {
                    true => {
                        let course = self.rng.pick_popular(&PAID_COURSES);
                        self.enrol(course);
                    }
                    false => self.purchase(),
                }
            }
        }
        if self.rng.percent(1) {
            self.subscribe();
        }
        self.sales
    }

    fn enrol(&mut self, (reference, title, price): Item) {
        let (name, at) = (self.reference("enrolment"), self.time());
        let progress = 100 - self.rng.skewed(101) as i64;
        let progress = if self.rng.percent(60) { progress } else { 100 - progress };
        let accessed = at + self.rng.below((self.until - at + 1) as u64) as i64;
        self.sales.push(Sale::Enrollment(EnrollmentRequest {
            reference: name.clone(),
            customer: self.customer(),
            course: ItemRequest { reference: reference.to_owned(), title: Some(title.to_owned()) },
            enrolled_at: Some(time(at)),
            progress: Some(progress),
            accessed_at: (progress > 0).then_some(time(accessed)),
            payment: (price > 0).then(|| payment(None, price, at)),
            as_of: Some(time(accessed)),
        }));
        if price > 0 {
            self.perhaps_refund(name, price, at);
        }
    }

    fn purchase(&mut self) {
        let (reference, title, price) = self.rng.pick_popular(&PRODUCTS);
        let (name, at) = (self.reference("order"), self.time());
        self.sales.push(Sale::Purchase(PurchaseRequest {
            reference: name.clone(),
            customer: self.customer(),
            product: Some(ItemRequest { reference: reference.to_owned(), title: Some(title.to_owned()) }),
            payment: Some(payment(None, price, at)),
            purchased_at: Some(time(at)),
            ..PurchaseRequest::default()
        }));
        self.perhaps_refund(name, price, at);
    }

    /// A few payments are refunded, in full or by half.
    fn perhaps_refund(&mut self, payment: String, price: i64, paid_at: i64) {
        let at = paid_at + DAY + self.rng.below(10 * DAY as u64) as i64;
        if self.rng.percent(4) && at <= self.until {
            let amount = if self.rng.percent(70) { price } else { price / 2 };
            let reference = self.reference("refund");
            self.sales.push(Sale::Refund(RefundRequest {
                reference,
                payment,
                amount,
                refunded_at: Some(time(at)),
            }));
        }
    }

    /// A report for each paid period, and one for the end of an ended subscription.
    fn subscribe(&mut self) {
        let ((plan, title, price), period) = match self.rng.percent(75) {
            true => (MONTHLY, MONTH),
            false => (YEARLY, 365 * DAY),
        };
        let (reference, started) = (self.reference("subscription"), self.time().max(self.until - 20 * MONTH));
        let periods = (self.until - started) / period + 1;
        let stays = self.rng.percent(65);
        let paid = if stays { periods } else { 1 + self.rng.below(periods as u64) as i64 };
        let report = SubscriptionRequest {
            reference: reference.clone(),
            customer: self.customer(),
            plan: Some(ItemRequest { reference: plan.to_owned(), title: Some(title.to_owned()) }),
            started_at: Some(time(started)),
            ..SubscriptionRequest::default()
        };
        for number in 0..paid {
            let at = started + number * period;
            self.sales.push(Sale::Subscription(SubscriptionRequest {
                status: Some(SubscriptionStatus::Active),
                current_period_end: Some(time(at + period)),
                cancel_at_period_end: Some(!stays && number + 1 == paid),
                payment: Some(payment(Some(format!("{reference}-{number}")), price, at)),
                as_of: Some(time(at)),
                ..report.clone()
            }));
        }
        let end = started + paid * period;
        if !stays && end <= self.until {
            self.sales.push(Sale::Subscription(SubscriptionRequest {
                status: Some(SubscriptionStatus::Canceled),
                current_period_end: Some(time(end)),
                ended_at: Some(time(end)),
                as_of: Some(time(end)),
                ..report
            }));
        }
    }

    /// The time of an event: after the person's creation, with recent times more frequent.
    fn time(&mut self) -> i64 {
        let known = (self.until - self.person.created).max(1) as u64;
        self.until - self.rng.skewed(known) as i64
    }

    fn reference(&self, kind: &str) -> String {
        format!("{kind}-{}-{}", self.person.index, self.sales.len())
    }

    fn customer(&self) -> PersonRequest {
        PersonRequest {
            email: self.person.email.clone(),
            first_name: Some(self.person.first.to_owned()),
            last_name: Some(self.person.last.to_owned()),
            name: None,
        }
    }
}

fn payment(reference: Option<String>, amount: i64, at: i64) -> PaymentRequest {
    PaymentRequest { reference, amount, currency: None, paid_at: Some(time(at)) }
}

fn time(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1_000)
}
