//! Who has a SQLite file open: many processes together, or one alone.

use std::{
    fs::{File, TryLockError},
    io,
    path::Path,
    sync::Arc,
};

/// A lock beside the database, which every process holds as long as it has that open. The operating
/// system lets go of it when the process ends, however it ends.
#[derive(Clone, Debug)]
pub(super) struct Opened(Arc<File>);

impl Opened {
    /// Waits until nobody has `database` alone.
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

    /// Whether the database is this process's alone from now on, until it is shared again.
    pub(super) fn take_alone(&self) -> io::Result<bool> {
        match self.0.try_lock() {
            Ok(()) => Ok(true),
            // What was held may have been let go of.
            Err(TryLockError::WouldBlock) => self.share().map(|()| false),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Lets others open it.
    pub(super) fn share(&self) -> io::Result<()> {
        self.0.lock_shared()
    }
}
