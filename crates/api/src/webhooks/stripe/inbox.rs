//! Events that come at the same moment are written in one transaction: a commit waits for the disk,
//! and it takes hardly longer for many than for one.
//!
//! Whoever brings an event is answered when the transaction that has it is committed. While one is
//! written, those that come wait for the next. Whoever brought several at once brings the next ones as
//! soon as they are answered: these are given a moment to come, so that all of them make one
//! transaction instead of two halves that take turns. One event alone waits for nobody.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::{Notify, oneshot};

use super::service::{self, Work};
use crate::{
    clock,
    db::{Db, transaction},
    error::ApiError,
};

/// Most events of a transaction: others wait to write as well.
const MOST: usize = 256;
/// How long the next ones of who was answered are waited for.
const MOMENT: Duration = Duration::from_millis(1);

/// Events that wait to be written.
#[derive(Debug, Default)]
pub struct Queue {
    waiting: Mutex<VecDeque<Waiting>>,
    news: Notify,
}

/// An event, and who waits for it to be kept.
#[derive(Debug)]
struct Waiting {
    work: Arc<Work>,
    answer: oneshot::Sender<Result<(), ApiError>>,
}

impl Queue {
    /// Hands an event in, and waits until it is kept.
    pub(super) async fn push(&self, work: Work) -> Result<(), ApiError> {
        let (answer, answered) = oneshot::channel();
        let waiting = Waiting { work: Arc::new(work), answer };
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push_back(waiting);
        self.news.notify_one();
        // Nobody answers when the server stops; whoever sent it sends it again.
        answered.await.unwrap_or(Err(ApiError::Unavailable))
    }

    fn next(&self) -> Vec<Waiting> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let most = waiting.len().min(MOST);
        waiting.drain(..most).collect()
    }

    /// Writes what comes, for as long as it is polled.
    pub async fn run(&self, db: &Db) {
        loop {
            self.news.notified().await;
            loop {
                let batch = self.next();
                if batch.is_empty() {
                    break;
                }
                let were_several = batch.len() > 1;
                // A task of its own: one that panics answers nobody, and the others are written.
                if let Err(error) = tokio::spawn(write(db.clone(), batch)).await {
                    tracing::error!(error.detail = %error, "events could not be written");
                }
                if were_several {
                    tokio::time::sleep(MOMENT).await;
                }
            }
        }
    }
}

/// Writes events in one transaction. If that fails, each half of them is written by itself, down to
/// the one that is to blame: it undoes none of the others.
async fn write(db: Db, batch: Vec<Waiting>) {
    let mut parts = vec![batch];
    while let Some(mut part) = parts.pop() {
        let work: Vec<Arc<Work>> = part.iter().map(|waiting| Arc::clone(&waiting.work)).collect();
        match commit(&db, work).await {
            Ok(()) => part.into_iter().for_each(|waiting| answer(waiting, Ok(()))),
            Err(ApiError::Unavailable | ApiError::Database(sea_orm::DbErr::ConnectionAcquire(_))) => {
                part.into_iter().for_each(|waiting| answer(waiting, Err(ApiError::Unavailable)));
            }
            Err(error) => match part.pop() {
                Some(alone) if part.is_empty() => answer(alone, Err(error)),
                last => {
                    part.extend(last);
                    let half = part.split_off(part.len() / 2);
                    parts.extend([half, part]);
                }
            },
        }
    }
}

async fn commit(db: &Db, work: Vec<Arc<Work>>) -> Result<(), ApiError> {
    transaction::write(db, |tx| {
        let work = work.clone();
        Box::pin(async move { service::take(tx, &work, clock::now()).await })
    })
    .await
}

fn answer(waiting: Waiting, outcome: Result<(), ApiError>) {
    // Who went away is not answered.
    let _ = waiting.answer.send(outcome);
}
