//! Which fans: every filter of the API, as the URL and the chips have them.

use fanbase_domain::{
    consent::Consent,
    customer::CustomerStatus,
    fan::FanType,
    ids::{CourseId, ProductId},
    source::Source,
    text,
    time::{DAY, Timestamp},
};

use crate::i18n::day;

/// The parts of a filter that have a chip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Part {
    Type,
    Tag,
    Source,
    Status,
    Consent,
    Account,
    Spent,
    Score,
    Created,
    Active,
    Course,
    Progress,
    Product,
}

impl Part {
    /// In the order in which they are offered.
    pub(crate) const ALL: [Self; 13] = [
        Self::Tag,
        Self::Type,
        Self::Source,
        Self::Consent,
        Self::Status,
        Self::Account,
        Self::Spent,
        Self::Score,
        Self::Course,
        Self::Progress,
        Self::Product,
        Self::Active,
        Self::Created,
    ];
}

/// A span of time, either counted back from now or by dates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    /// Within so many days.
    pub within: Option<u32>,
    /// Not within so many days.
    pub not_within: Option<u32>,
    /// From this date on, `YYYY-MM-DD`.
    pub after: Option<String>,
    /// Before this date.
    pub before: Option<String>,
}

impl Span {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// From when and up to when, for the API.
    fn bounds(&self, now: Timestamp) -> (Option<String>, Option<String>) {
        // To the minute, so that the same list has the same address for a while.
        let minute = now.millis() - now.millis().rem_euclid(60_000);
        let midnight = |date: Option<&str>| day::start(date?).and_then(Timestamp::to_rfc3339);
        let ago = |days: u32| Timestamp::from_millis(minute - i64::from(days) * DAY).to_rfc3339();
        (
            self.within.and_then(ago).or_else(|| midnight(self.after.as_deref())),
            self.not_within.and_then(ago).or_else(|| midnight(self.before.as_deref())),
        )
    }
}

/// Least and most, both included.
pub(crate) type Range = (Option<i64>, Option<i64>);

/// Which fans: every part that is set has to hold; a list means any of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    /// What was typed into the search field, as typed.
    pub search: String,
    pub types: Vec<FanType>,
    pub tags: Vec<String>,
    pub sources: Vec<Source>,
    pub status: Option<CustomerStatus>,
    pub consents: Vec<Consent>,
    pub account: Option<bool>,
    /// In minor units.
    pub spent: Range,
    pub score: Range,
    pub created: Span,
    pub active: Span,
    pub courses: Vec<CourseId>,
    /// Of the courses, in per cent.
    pub progress: Range,
    pub products: Vec<ProductId>,
}

type Pairs = Vec<(&'static str, String)>;

impl Filter {
    /// Takes in one parameter; ignores what is none.
    pub(super) fn read(&mut self, key: &str, value: &str) {
        let number = || value.parse().ok();
        let days = || value.strip_suffix('d')?.parse().ok().filter(|days| (1..=36_500).contains(days));
        let date = || Timestamp::parse(value).filter(|_| value.len() == 10).map(|_| value.to_owned());
        match key {
            "search" => value.clone_into(&mut self.search),
            "type" => add(&mut self.types, FanType::parse(value)),
            "tag" => add(&mut self.tags, text::non_blank(value).map(str::to_owned)),
            "source" => add(&mut self.sources, Source::parse(value)),
            "status" => self.status = CustomerStatus::parse(value),
            "consent" => add(&mut self.consents, Consent::parse(value)),
            "has_account" => self.account = value.parse().ok(),
            "min_spent" => self.spent.0 = number(),
            "max_spent" => self.spent.1 = number(),
            "min_score" => self.score.0 = number(),
            "max_score" => self.score.1 = number(),
            "course" => add(&mut self.courses, value.parse().ok()),
            "min_progress" => self.progress.0 = number(),
            "max_progress" => self.progress.1 = number(),
            "product" => add(&mut self.products, value.parse().ok()),
            "created" => self.created.within = days(),
            "not_created" => self.created.not_within = days(),
            "created_after" => self.created.after = date(),
            "created_before" => self.created.before = date(),
            "active" => self.active.within = days(),
            "not_active" => self.active.not_within = days(),
            "active_after" => self.active.after = date(),
            "active_before" => self.active.before = date(),
            _ => {}
        }
    }

    /// What the API and the URL write alike.
    fn shared(&self) -> Pairs {
        let mut pairs: Pairs = Vec::new();
        pairs.extend(self.types.iter().map(|kind| ("type", kind.as_str().to_owned())));
        pairs.extend(self.tags.iter().map(|tag| ("tag", tag.clone())));
        pairs.extend(self.sources.iter().map(|source| ("source", source.as_str().to_owned())));
        pairs.extend(self.status.map(|status| ("status", status.as_str().to_owned())));
        pairs.extend(self.consents.iter().map(|consent| ("consent", consent.as_str().to_owned())));
        pairs.extend(self.account.map(|account| ("has_account", account.to_string())));
        pairs.extend(self.courses.iter().map(|course| ("course", course.to_string())));
        pairs.extend(self.products.iter().map(|product| ("product", product.to_string())));
        for (key, value) in [
            ("min_spent", self.spent.0),
            ("max_spent", self.spent.1),
            ("min_score", self.score.0),
            ("max_score", self.score.1),
            ("min_progress", self.progress.0),
            ("max_progress", self.progress.1),
        ] {
            pairs.extend(value.map(|value| (key, value.to_string())));
        }
        pairs
    }

    /// For the URL of the page.
    pub(super) fn pairs(&self) -> Pairs {
        let mut pairs: Pairs = Vec::new();
        if !self.search.is_empty() {
            pairs.push(("search", self.search.clone()));
        }
        pairs.extend(self.shared());
        let days = |days: Option<u32>| days.map(|days| format!("{days}d"));
        for (key, value) in [
            ("created", days(self.created.within)),
            ("not_created", days(self.created.not_within)),
            ("created_after", self.created.after.clone()),
            ("created_before", self.created.before.clone()),
            ("active", days(self.active.within)),
            ("not_active", days(self.active.not_within)),
            ("active_after", self.active.after.clone()),
            ("active_before", self.active.before.clone()),
        ] {
            pairs.extend(value.map(|value| (key, value)));
        }
        pairs
    }

    /// For the API.
    pub(crate) fn api_pairs(&self, now: Timestamp) -> Pairs {
        let mut pairs: Pairs = Vec::new();
        pairs.extend(text::non_blank(&self.search).map(|search| ("search", search.to_owned())));
        pairs.extend(self.shared());
        let (created, active) = (self.created.bounds(now), self.active.bounds(now));
        for (key, value) in [
            ("created_after", created.0),
            ("created_before", created.1),
            ("active_after", active.0),
            ("active_before", active.1),
        ] {
            pairs.extend(value.map(|value| (key, value)));
        }
        pairs
    }

    /// The same for every type: what the tabs count.
    pub(crate) fn of_any_type(&self) -> Self {
        Self { types: Vec::new(), ..self.clone() }
    }

    /// Whether nothing is searched for or filtered.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
            || *self == Self { search: self.search.clone(), ..Self::default() }
                && text::non_blank(&self.search).is_none()
    }

    /// Whether a part says anything. A single type is what the tabs say.
    pub(crate) fn has(&self, part: Part) -> bool {
        match part {
            Part::Type => self.types.len() > 1,
            Part::Tag => !self.tags.is_empty(),
            Part::Source => !self.sources.is_empty(),
            Part::Status => self.status.is_some(),
            Part::Consent => !self.consents.is_empty(),
            Part::Account => self.account.is_some(),
            Part::Spent => self.spent != (None, None),
            Part::Score => self.score != (None, None),
            Part::Created => !self.created.is_empty(),
            Part::Active => !self.active.is_empty(),
            Part::Course => !self.courses.is_empty(),
            Part::Progress => self.progress != (None, None),
            Part::Product => !self.products.is_empty(),
        }
    }

    /// The same without a part.
    pub(crate) fn without(&self, part: Part) -> Self {
        let mut filter = self.clone();
        match part {
            Part::Type => filter.types.clear(),
            Part::Tag => filter.tags.clear(),
            Part::Source => filter.sources.clear(),
            Part::Status => filter.status = None,
            Part::Consent => filter.consents.clear(),
            Part::Account => filter.account = None,
            Part::Spent => filter.spent = (None, None),
            Part::Score => filter.score = (None, None),
            Part::Created => filter.created = Span::default(),
            Part::Active => filter.active = Span::default(),
            Part::Course => filter.courses.clear(),
            Part::Progress => filter.progress = (None, None),
            Part::Product => filter.products.clear(),
        }
        filter
    }
}

fn add<T: PartialEq>(values: &mut Vec<T>, value: Option<T>) {
    if let Some(value) = value.filter(|value| !values.contains(value)) {
        values.push(value);
    }
}
