//! Fetches the rows that are in sight, and those that will be.

use std::{cell::Cell, future::Future, ops::Range, pin::Pin, time::Duration};

use leptos::prelude::*;

use super::{
    Row,
    cache::{BLOCK, Cache},
};
use crate::{
    api::ApiError,
    state::{query_string, task},
};

pub(crate) use super::cache::Block;

/// A block to come.
type Answer = Pin<Box<dyn Future<Output = Result<Block, ApiError>>>>;

/// Requests at a time.
const AT_ONCE: usize = 4;
/// How long the scroll bar has to rest before rows far away are fetched.
const REST: Duration = Duration::from_millis(30);

/// The rows of a list.
#[derive(Clone, Copy)]
pub(crate) struct Rows {
    /// The query that asks for the list.
    list: Memo<String>,
    /// Asks the API for a block, by the query of the list and of the block.
    ask: StoredValue<Box<dyn Fn(String) -> Answer>, LocalStorage>,
    cache: RwSignal<Cache>,
    /// Why rows in sight are missing.
    failure: RwSignal<Option<ApiError>>,
    /// The rows that are shown belong to another list than the URL's, for a moment.
    stale: RwSignal<bool>,
    /// Raised when another list has arrived, which is shown from its start.
    arrived: RwSignal<u32>,
    work: StoredValue<Work>,
}

/// What is wanted and under way.
#[derive(Default)]
struct Work {
    /// Whose answers are taken.
    generation: u32,
    under_way: Vec<u64>,
    seen: Range<u64>,
    forward: bool,
    total: u64,
}

impl Rows {
    /// Follows the list, whose blocks `ask` fetches.
    pub(crate) fn new<F>(list: Memo<String>, ask: impl Fn(String) -> F + 'static) -> Self
    where
        F: Future<Output = Result<Block, ApiError>> + 'static,
    {
        Self::follow(list, Box::new(move |query| Box::pin(ask(query))))
    }

    fn follow(list: Memo<String>, ask: Box<dyn Fn(String) -> Answer>) -> Self {
        let rows = Self {
            list,
            ask: StoredValue::new_local(ask),
            cache: RwSignal::new(Cache::default()),
            failure: RwSignal::new(None),
            stale: RwSignal::new(true),
            arrived: RwSignal::new(0),
            work: StoredValue::new(Work::default()),
        };
        Effect::new(move || {
            list.read();
            rows.restart();
        });
        rows
    }

    /// The query that asks for the list.
    pub(super) fn list(self) -> Memo<String> {
        self.list
    }

    /// A row, if it is there.
    pub(crate) fn get(self, index: u64) -> Option<Row> {
        self.cache.read_untracked().get(index).cloned()
    }

    /// Where a row is that is there.
    pub(super) fn position(self, id: u128) -> Option<u64> {
        self.cache.read_untracked().position(id)
    }

    /// A row, if it is there; followed.
    pub(super) fn line(self, index: u64) -> Option<Row> {
        self.cache.read().get(index).cloned()
    }

    /// How many rows there are, when the end is there.
    pub(crate) fn end(self) -> Option<u64> {
        self.cache.read().end()
    }

    /// Why rows are missing.
    pub(super) fn failure(self) -> Option<ApiError> {
        self.failure.get()
    }

    /// Whether another list is on its way.
    pub(super) fn is_stale(self) -> bool {
        self.stale.get()
    }

    /// Changes when another list has arrived.
    pub(super) fn arrived(self) -> u32 {
        self.arrived.get()
    }

    /// Fetches what is missing of the rows in sight and of those that come next.
    pub(super) fn want(self, seen: Range<u64>, total: u64) {
        let far = self.work.try_update_value(|work| {
            let view = (seen.end - seen.start).max(1);
            let far = seen.start.abs_diff(work.seen.start) > 2 * view;
            work.forward = seen.start >= work.seen.start;
            work.seen = seen;
            work.total = total;
            far
        });
        if far == Some(true) {
            self.fetch_at_rest();
        } else {
            self.fetch();
        }
    }

    /// Waits until the scroll bar rests, lest everything that it passes be fetched.
    fn fetch_at_rest(self) {
        thread_local! { static LATEST: Cell<u32> = const { Cell::new(0) }; }
        let this = LATEST.get() + 1;
        LATEST.set(this);
        set_timeout(
            move || {
                if LATEST.get() == this {
                    self.fetch();
                }
            },
            REST,
        );
    }

    /// Fetches everything anew: the list is another one, or something was changed.
    pub(crate) fn restart(self) {
        self.work.update_value(|work| {
            *work = Work { generation: work.generation + 1, total: u64::MAX, ..Work::default() };
        });
        self.failure.set(None);
        self.stale.set(true);
        self.fetch();
    }

    /// Fetches again what is in sight, without moving anything.
    pub(crate) fn refresh(self) {
        self.work.update_value(|work| {
            work.generation += 1;
            work.under_way.clear();
        });
        self.cache.update(|cache| *cache = Cache::default());
        self.retry();
    }

    /// Tries again what failed.
    pub(super) fn retry(self) {
        self.failure.set(None);
        self.fetch();
    }

    fn fetch(self) {
        let Some(Some((generation, blocks))) = self.work.try_update_value(|work| {
            let fresh = Cache::default();
            let cache = self.cache.try_read_untracked()?;
            // While the rows of another list are shown, nothing of this one is there.
            let cache = if self.stale.try_get_untracked()? { &fresh } else { &*cache };
            let missing = cache.missing(&work.seen, work.forward, work.total);
            let room = AT_ONCE.saturating_sub(work.under_way.len());
            let missing = missing.into_iter().filter(|block| !work.under_way.contains(block));
            let blocks: Vec<u64> = missing.take(room).collect();
            work.under_way.extend(&blocks);
            Some((work.generation, blocks))
        }) else {
            return;
        };
        for block in blocks {
            self.fetch_block(generation, block);
        }
    }

    fn fetch_block(self, generation: u32, block: u64) {
        let mut query = self.list.get_untracked();
        query += &match self.cache.read_untracked().cursor(block) {
            Some(cursor) if !self.stale.get_untracked() => {
                format!("&{}", query_string::encode([("cursor", cursor)]))
            }
            _ if block == 0 => String::new(),
            _ => format!("&at={}", block * BLOCK),
        };
        query += &format!("&limit={BLOCK}");
        let answer = self.ask.with_value(|ask| ask(query));
        task::spawn(async move {
            let answer = answer.await;
            self.take(generation, block, answer);
        });
    }

    /// Takes in an answer, unless it is out of date.
    fn take(self, generation: u32, block: u64, answer: Result<Block, ApiError>) {
        let current = self.work.try_update_value(|work| {
            let current = work.generation == generation;
            if current {
                work.under_way.retain(|other| *other != block);
            }
            current
        });
        if current != Some(true) {
            return;
        }
        match answer {
            Ok(fetched) => {
                let first = self.stale.get_untracked();
                self.cache.update(|cache| {
                    if first {
                        *cache = Cache::default();
                    }
                    cache.insert(block, fetched);
                });
                self.failure.set(None);
                if first {
                    self.stale.set(false);
                    self.arrived.update(|arrived| *arrived += 1);
                }
                self.fetch();
            }
            Err(error) => self.failure.set(Some(error)),
        }
    }

    /// The rows of a range, those that are not there fetched for it; at most a thousand.
    pub(super) async fn range(self, range: Range<u64>) -> Result<Vec<Row>, ApiError> {
        let held: Option<Vec<_>> = range.clone().map(|index| self.get(index)).collect();
        if let Some(held) = held {
            return Ok(held);
        }
        let query = self.list.get_untracked();
        let mut rows = Vec::new();
        let mut at = range.start;
        while at < range.end {
            let limit = (range.end - at).min(200);
            let query = format!("{query}&at={at}&limit={limit}");
            // The page may be gone since the first answer.
            let Some(answer) = self.ask.try_with_value(|ask| ask(query)) else { break };
            let block = answer.await?;
            if block.rows.is_empty() {
                break;
            }
            at += block.rows.len() as u64;
            rows.extend(block.rows);
        }
        Ok(rows)
    }
}
