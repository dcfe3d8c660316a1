//! Group commit of incoming events: events that arrive at the same time are written in one transaction. A
//! commit waits for the disk, which takes hardly longer for many events than for one.
//!
//! The sender gets its response once the transaction with its event has committed. Events that arrive during
//! a transaction wait for the next one. A client that sent several events in parallel sends the next ones as
//! soon as it has the responses. The queue waits a moment for these, so that they form one transaction
//! instead of two alternating halves. A single event does not wait.

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

/// Maximum number of events per transaction: other writers are waiting too.
const MOST: usize = 256;
/// How long to wait for the next events of clients that have just got a response.
const MOMENT: Duration = Duration::from_millis(1);

/// Queue of events to write.
#[derive(Debug, Default)]
pub struct Queue {
    waiting: Mutex<VecDeque<Waiting>>,
    news: Notify,
}

/// A queued event, and the channel to its waiting sender.
#[derive(Debug)]
struct Waiting {
    work: Arc<Work>,
    answer: oneshot::Sender<Result<(), ApiError>>,
}

impl Queue {
    /// Queues an event, and waits until it is stored.
    pub(super) async fn push(&self, work: Work) -> Result<(), ApiError> {
        let (answer, answered) = oneshot::channel();
        let waiting = Waiting { work: Arc::new(work), answer };
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push_back(waiting);
        self.news.notify_one();
        // The channel closes without an outcome when the server stops; the sender retries.
        answered.await.unwrap_or(Err(ApiError::Unavailable))
    }

    fn next(&self) -> Vec<Waiting> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let most = waiting.len().min(MOST);
        waiting.drain(..most).collect()
    }

    /// Writes queued events for as long as it is polled.
    pub async fn run(&self, db: &Db) {
        loop {
            self.news.notified().await;
            loop {
                let batch = self.next();
                if batch.is_empty() {
                    break;
                }
                let were_several = batch.len() > 1;
                // In its own task: a panic fails this batch only, and later events are still written.
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

/// Writes events in one transaction. On failure each half is retried by itself, down to the single event that
/// fails; the others are stored.
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
    // The sender may be gone.
    let _ = waiting.answer.send(outcome);
}
