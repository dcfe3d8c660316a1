//! A bounded queue for reads of a whole list, so that they leave connections to other requests.

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::error::ApiError;

/// Concurrent long reads: half of SQLite's reader connections.
const AT_ONCE: usize = 2;
/// Long reads that may wait in the queue.
const WAITING: usize = 32;

/// The permits for long reads.
#[derive(Debug)]
pub struct LongReads {
    running: Semaphore,
    places: Semaphore,
}

/// A permit for a long read, released when it is dropped.
#[derive(Debug)]
pub struct Turn<'a> {
    _running: SemaphorePermit<'a>,
    _place: SemaphorePermit<'a>,
}

impl Default for LongReads {
    fn default() -> Self {
        Self { running: Semaphore::new(AT_ONCE), places: Semaphore::new(AT_ONCE + WAITING) }
    }
}

impl LongReads {
    /// Waits for a permit. Call it before taking a connection: a waiting read would block that connection.
    ///
    /// # Errors
    /// [`ApiError::Unavailable`] when the queue is full.
    pub async fn turn(&self) -> Result<Turn<'_>, ApiError> {
        let place = self.places.try_acquire().map_err(|_| ApiError::Unavailable)?;
        let running = self.running.acquire().await.map_err(|_| ApiError::Unavailable)?;
        Ok(Turn { _running: running, _place: place })
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{FutureExt as _, future::join_all};

    use super::*;

    #[tokio::test]
    async fn few_run_some_wait_and_the_rest_is_refused() {
        let reads = LongReads::default();
        let running = join_all((0..AT_ONCE).map(|_| reads.turn())).await;
        assert!(running.iter().all(Result::is_ok));
        let mut waiting: Vec<_> = (0..WAITING).map(|_| Box::pin(reads.turn())).collect();
        assert!(waiting.iter_mut().all(|turn| turn.as_mut().now_or_never().is_none()));
        assert!(matches!(reads.turn().await, Err(ApiError::Unavailable)));
        drop(running);
        assert!(waiting[0].as_mut().await.is_ok(), "the first that waited is next");
    }
}
