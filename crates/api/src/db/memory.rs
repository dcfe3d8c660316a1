//! What was read from the database, kept as long as nothing is committed.

use std::{
    collections::HashMap,
    future::Future,
    hash::Hash,
    sync::{Mutex, PoisonError},
};

use super::version::Version;

/// Values that hold at one version of the database. See ADR 14.
#[derive(Debug)]
pub struct Memory<K, V> {
    held: Mutex<Held<K, V>>,
    limit: usize,
}

#[derive(Debug)]
struct Held<K, V> {
    version: Option<Version>,
    values: HashMap<K, V>,
}

impl<K: Hash + Eq, V: Clone> Memory<K, V> {
    /// A memory of at most `limit` values.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self { held: Mutex::new(Held { version: None, values: HashMap::new() }), limit }
    }

    /// What is remembered of a version.
    pub fn get(&self, version: &Version, key: &K) -> Option<V> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.version.as_ref() == Some(version) { held.values.get(key).cloned() } else { None }
    }

    /// Remembers what was read after the database had this version, and forgets other versions.
    pub fn put(&self, version: &Version, key: K, value: V) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.version.as_ref() != Some(version) || held.values.len() >= self.limit {
            held.values.clear();
            held.version = Some(version.clone());
        }
        held.values.insert(key, value);
    }

    /// What is remembered, or what `read` reads and is remembered then.
    ///
    /// # Errors
    /// Returns the error of `read`.
    pub async fn of<E>(
        &self,
        version: &Version,
        key: K,
        read: impl Future<Output = Result<V, E>>,
    ) -> Result<V, E> {
        if let Some(value) = self.get(version, &key) {
            return Ok(value);
        }
        let value = read.await?;
        self.put(version, key, value.clone());
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_holds_at_its_version_only() {
        let memory = Memory::new(2);
        let (old, new) = (Version::named("1"), Version::named("2"));
        memory.put(&old, "a", 1);
        assert_eq!(
            (memory.get(&old, &"a"), memory.get(&old, &"b"), memory.get(&new, &"a")),
            (Some(1), None, None)
        );
        memory.put(&new, "a", 2);
        assert_eq!((memory.get(&old, &"a"), memory.get(&new, &"a")), (None, Some(2)));
        // Somebody who was slow: what was read at the new version is read again then.
        memory.put(&old, "a", 1);
        assert_eq!(memory.get(&new, &"a"), None);
    }

    #[test]
    fn there_is_an_end_to_what_is_remembered() {
        let memory = Memory::new(2);
        let version = Version::named("1");
        for value in 0..3 {
            memory.put(&version, value, value);
        }
        let held = (0..3).filter(|value| memory.get(&version, value).is_some()).count();
        assert!((1..=2).contains(&held), "{held}");
    }
}
