//! Limits the open event streams of each store, per server.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use fanbase_domain::ids::StoreId;

use crate::error::ApiError;

/// Maximum concurrent streams of a store. Each polls the database four times a second.
pub const MAX_STREAMS: usize = 32;
/// The `Retry-After` of a refusal, in seconds.
const RETRY_AFTER: u64 = 5;

/// The number of open streams of each store.
#[derive(Clone, Debug, Default)]
pub struct Streams(Arc<Mutex<HashMap<StoreId, usize>>>);

/// Counts as an open stream until it is dropped.
#[derive(Debug)]
pub struct OpenStream {
    streams: Streams,
    store_id: StoreId,
}

impl Streams {
    /// Opens a stream.
    ///
    /// # Errors
    /// [`ApiError::TooManyRequests`] when the store has [`MAX_STREAMS`] open.
    pub fn open(&self, store_id: StoreId) -> Result<OpenStream, ApiError> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(store_id).or_default();
        if *count >= MAX_STREAMS {
            return Err(ApiError::TooManyRequests(RETRY_AFTER));
        }
        *count += 1;
        Ok(OpenStream { streams: self.clone(), store_id })
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        let mut open = self.streams.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.store_id) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.store_id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_store_has_so_many_streams_and_gets_them_back() {
        let streams = Streams::default();
        let store = StoreId::new(Uuid::from_u128(1));
        let open: Vec<OpenStream> = (0..MAX_STREAMS).map(|_| streams.open(store).unwrap()).collect();
        assert!(matches!(streams.open(store), Err(ApiError::TooManyRequests(_))));
        assert!(streams.open(StoreId::new(Uuid::from_u128(2))).is_ok(), "others are not affected");
        drop(open);
        assert!(streams.0.lock().unwrap().is_empty());
        assert!(streams.open(store).is_ok());
    }
}
