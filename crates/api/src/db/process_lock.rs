//! The lock between processes on a SQLite file: shared, or exclusive for a bulk load.

use std::{
    fs::{File, TryLockError},
    io,
    path::Path,
    sync::Arc,
};

/// A lock file beside the database, which every process holds while it has the database open. The operating
/// system releases the lock when the process ends, however it ends.
#[derive(Clone, Debug)]
pub(super) struct Opened(Arc<File>);

impl Opened {
    /// Takes a shared lock; waits until no process holds the exclusive one.
    pub(super) async fn wait(database: &Path) -> io::Result<Self> {
        let file = Arc::new(File::create(database.with_extension("open"))?);
        match file.try_lock_shared() {
            Ok(()) => return Ok(Self(file)),
            Err(TryLockError::WouldBlock) => {
                tracing::warn!("another process loads the database; waiting for its end");
            }
            Err(TryLockError::Error(error)) => return Err(error),
        }
        let locked = Arc::clone(&file);
        tokio::task::spawn_blocking(move || locked.lock_shared()).await.map_err(io::Error::other)??;
        Ok(Self(file))
    }

    /// Tries to take the exclusive lock, which is held until [`Opened::share`]; `false` if another process
    /// has the database open.
    pub(super) fn take_alone(&self) -> io::Result<bool> {
        match self.0.try_lock() {
            Ok(()) => Ok(true),
            // A failed upgrade may have released the shared lock.
            Err(TryLockError::WouldBlock) => self.share().map(|()| false),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Downgrades to the shared lock, so that other processes can open the database.
    pub(super) fn share(&self) -> io::Result<()> {
        self.0.lock_shared()
    }
}
