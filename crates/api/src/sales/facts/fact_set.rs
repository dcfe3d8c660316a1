//! Identity map for facts of one kind: the stored state and the current state within a transaction.

use std::collections::{BTreeMap, BTreeSet};

use fanbase_domain::{
    facts::Entry,
    ids::{CustomerId, StoreId},
};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};
use uuid::Uuid;

use super::timeline::Lines;
use crate::db::{
    bulk::{self, Target},
    sql::{Each, Sql},
};

/// A stored fact.
pub(super) trait Fact: Clone + PartialEq + Sync {
    /// Its table.
    const TARGET: Target;

    /// Its id.
    fn id(&self) -> Uuid;

    /// The customer it belongs to, once known.
    fn customer(&self) -> Option<CustomerId>;

    /// Its timeline entries.
    fn entries(&self) -> Vec<Entry>;

    /// The title shown with its timeline entries.
    fn title(&self) -> Option<&str>;

    /// Its row.
    fn values(&self, store_id: StoreId) -> Vec<Value>;
}

/// A fact that its source identifies by a single reference.
pub(super) trait Named: Fact {
    /// Columns to select, as SQL in which `{store}` stands for the store.
    const COLUMNS: &str;

    /// The source's reference.
    fn reference(&self) -> &str;

    /// Maps a row to the fact.
    fn of_row(row: &QueryResult) -> Result<Self, DbErr>;
}

/// Facts by name. Only requested names are known to exist or not.
#[derive(Debug)]
pub(super) struct Shelf<T> {
    asked: BTreeSet<String>,
    stored: BTreeMap<Uuid, T>,
    now: BTreeMap<Uuid, T>,
    names: BTreeMap<String, Uuid>,
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self { asked: BTreeSet::new(), stored: BTreeMap::new(), now: BTreeMap::new(), names: BTreeMap::new() }
    }
}

impl<T: Fact> Shelf<T> {
    /// Returns the names that were not requested yet, and marks them as requested.
    pub(super) fn ask(&mut self, names: &BTreeSet<&str>) -> Vec<String> {
        let new = names.iter().filter(|name| !self.asked.contains(**name));
        let new: Vec<String> = new.map(|name| (*name).to_owned()).collect();
        self.asked.extend(new.iter().cloned());
        new
    }

    /// Loads the facts of these names, locked until the transaction ends.
    pub(super) async fn read(
        &mut self,
        db: &impl ConnectionTrait,
        store_id: StoreId,
        names: &BTreeSet<&str>,
    ) -> Result<(), DbErr>
    where
        T: Named,
    {
        let names = self.ask(names);
        if names.is_empty() {
            return Ok(());
        }
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut sql = Sql::new("SELECT ");
        sql.push_in_store(T::COLUMNS, store_id).push(" FROM ");
        sql.each(db, &Each::named(T::TARGET.table, store_id, "reference", &names));
        for row in sql.all(db).await? {
            let fact = T::of_row(&row)?;
            self.stock(fact.reference().to_owned(), fact);
        }
        Ok(())
    }

    /// Adds a stored fact. The caller must have locked its row.
    pub(super) fn take_in(&mut self, fact: T)
    where
        T: Named,
    {
        self.ask(&[fact.reference()].into());
        self.stock(fact.reference().to_owned(), fact);
    }

    /// Adds a stored fact under a name.
    pub(super) fn stock(&mut self, name: String, fact: T) {
        self.names.insert(name, fact.id());
        // An entry that is present may have changed since it was loaded, and is not replaced.
        self.hold(fact);
    }

    /// Adds a stored fact without a new name, unless it is present. The caller must have locked its row.
    pub(super) fn hold(&mut self, fact: T) {
        if !self.stored.contains_key(&fact.id()) {
            self.now.insert(fact.id(), fact.clone());
            self.stored.insert(fact.id(), fact);
        }
    }

    /// Applies a change to every fact.
    pub(super) fn change(&mut self, change: impl FnMut(&mut T)) {
        self.now.values_mut().for_each(change);
    }

    /// The id of the fact with this name.
    pub(super) fn id(&self, name: &str) -> Option<Uuid> {
        debug_assert!(self.asked.contains(name), "nobody asked for this name");
        self.names.get(name).copied()
    }

    /// Whether this name was loaded.
    pub(super) fn has_loaded(&self, name: &str) -> bool {
        self.asked.contains(name)
    }

    /// The current state of the fact with this name.
    pub(super) fn get(&self, name: &str) -> Option<&T> {
        self.now.get(&self.id(name)?)
    }

    /// Sets the current state of a fact, under a name.
    pub(super) fn put(&mut self, name: &str, fact: T) {
        self.names.insert(name.to_owned(), fact.id());
        self.now.insert(fact.id(), fact);
    }

    /// Removes a fact from the current state.
    pub(super) fn take(&mut self, id: Uuid) -> Option<T> {
        self.now.remove(&id)
    }

    /// Moves all names of one fact to another.
    pub(super) fn rename(&mut self, from: Uuid, to: Uuid) {
        self.names.values_mut().filter(|id| **id == from).for_each(|id| *id = to);
    }

    /// All names with the ids of their facts.
    pub(super) fn names(&self) -> impl Iterator<Item = (&str, Uuid)> {
        self.names.iter().map(|(name, id)| (name.as_str(), *id))
    }

    /// The stored state of a fact.
    pub(super) fn stored(&self, id: Uuid) -> Option<&T> {
        self.stored.get(&id)
    }

    /// Ids of stored facts that were removed.
    pub(super) fn gone(&self) -> impl Iterator<Item = Uuid> {
        self.stored.keys().filter(|id| !self.now.contains_key(id)).copied()
    }

    /// The current state of all facts.
    pub(super) fn all(&self) -> impl Iterator<Item = &T> {
        self.now.values()
    }

    /// Facts that differ from their stored state.
    pub(super) fn changed(&self) -> impl Iterator<Item = &T> {
        self.now.iter().filter(|(id, fact)| self.stored.get(id) != Some(fact)).map(|(_, fact)| fact)
    }

    /// Adds the affected customers, and the timeline entries before and after the changes.
    pub(super) fn concern(&self, touched: &mut BTreeSet<CustomerId>, before: &mut Lines, after: &mut Lines) {
        let gone = self.gone().filter_map(|id| self.stored.get(&id));
        let known = self.changed().filter_map(|fact| self.stored.get(&fact.id()));
        for (facts, lines) in
            [(gone.chain(known).collect::<Vec<_>>(), before), (self.changed().collect(), after)]
        {
            for fact in facts {
                touched.extend(fact.customer());
                lines.add(fact.customer(), fact.id(), fact.entries(), fact.title());
            }
        }
    }

    /// Writes the facts that differ from their stored state.
    pub(super) async fn write(&self, db: &impl ConnectionTrait, store_id: StoreId) -> Result<(), DbErr> {
        let is_stored = |fact: &&T| self.stored.contains_key(&fact.id());
        let (known, new): (Vec<&T>, Vec<&T>) = self.changed().partition(is_stored);
        let values = |fact: &T| fact.values(store_id);
        bulk::update(db, &T::TARGET, Box::new(known.into_iter().map(values))).await?;
        bulk::insert(db, &T::TARGET, Box::new(new.into_iter().map(values))).await?;
        Ok(())
    }
}
