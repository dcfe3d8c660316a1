//! Facts of one kind in memory: as they are stored, and as the reports of a transaction make them.

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

/// A fact as it is stored.
pub(super) trait Fact: Clone + PartialEq + Sync {
    /// Its table.
    const TARGET: Target;

    /// Its id.
    fn id(&self) -> Uuid;

    /// Whose it is, once that is known.
    fn customer(&self) -> Option<CustomerId>;

    /// What it leaves in the timeline of its customer.
    fn entries(&self) -> Vec<Entry>;

    /// What stands there beside it.
    fn title(&self) -> Option<&str>;

    /// Its row.
    fn values(&self, store_id: StoreId) -> Vec<Value>;
}

/// A fact that has one name at whoever reports it.
pub(super) trait Named: Fact {
    /// Its columns, as SQL in which `{store}` stands for the store.
    const COLUMNS: &str;

    /// Its name.
    fn reference(&self) -> &str;

    /// The fact of a row.
    fn of_row(row: &QueryResult) -> Result<Self, DbErr>;
}

/// Facts by their names. Only what was asked for is known to be there or not.
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
    /// Those of some names that nobody has asked for yet; they count as asked for from now on.
    pub(super) fn ask(&mut self, names: &BTreeSet<&str>) -> Vec<String> {
        let new = names.iter().filter(|name| !self.asked.contains(**name));
        let new: Vec<String> = new.map(|name| (*name).to_owned()).collect();
        self.asked.extend(new.iter().cloned());
        new
    }

    /// Reads those of some names, locked until the transaction ends.
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

    /// Takes in one as it is stored. Its row must be locked.
    pub(super) fn take_in(&mut self, fact: T)
    where
        T: Named,
    {
        self.ask(&[fact.reference()].into());
        self.stock(fact.reference().to_owned(), fact);
    }

    /// Puts a fact there that is stored.
    pub(super) fn stock(&mut self, name: String, fact: T) {
        self.names.insert(name, fact.id());
        // What is there already may have changed since it was read.
        self.hold(fact);
    }

    /// Takes in a fact as it is stored, under the names that are known of it. Its row must be locked.
    pub(super) fn hold(&mut self, fact: T) {
        if !self.stored.contains_key(&fact.id()) {
            self.now.insert(fact.id(), fact.clone());
            self.stored.insert(fact.id(), fact);
        }
    }

    /// Changes facts where they are.
    pub(super) fn change(&mut self, change: impl FnMut(&mut T)) {
        self.now.values_mut().for_each(change);
    }

    /// The id of the fact of a name.
    pub(super) fn id(&self, name: &str) -> Option<Uuid> {
        debug_assert!(self.asked.contains(name), "nobody asked for this name");
        self.names.get(name).copied()
    }

    /// Whether it is known what has a name.
    pub(super) fn has_loaded(&self, name: &str) -> bool {
        self.asked.contains(name)
    }

    /// The fact of a name, as it is now.
    pub(super) fn get(&self, name: &str) -> Option<&T> {
        self.now.get(&self.id(name)?)
    }

    /// Makes a fact what it is now.
    pub(super) fn put(&mut self, name: &str, fact: T) {
        self.names.insert(name.to_owned(), fact.id());
        self.now.insert(fact.id(), fact);
    }

    /// Takes a fact out: it is none any more.
    pub(super) fn take(&mut self, id: Uuid) -> Option<T> {
        self.now.remove(&id)
    }

    /// Gives all names of a fact to another.
    pub(super) fn rename(&mut self, from: Uuid, to: Uuid) {
        self.names.values_mut().filter(|id| **id == from).for_each(|id| *id = to);
    }

    /// Every name, and the id of its fact.
    pub(super) fn names(&self) -> impl Iterator<Item = (&str, Uuid)> {
        self.names.iter().map(|(name, id)| (name.as_str(), *id))
    }

    /// The fact as it is stored.
    pub(super) fn stored(&self, id: Uuid) -> Option<&T> {
        self.stored.get(&id)
    }

    /// The ids of those that were stored and are no more.
    pub(super) fn gone(&self) -> impl Iterator<Item = Uuid> {
        self.stored.keys().filter(|id| !self.now.contains_key(id)).copied()
    }

    /// All facts as they are now.
    pub(super) fn all(&self) -> impl Iterator<Item = &T> {
        self.now.values()
    }

    /// Those that are not what is stored.
    pub(super) fn changed(&self) -> impl Iterator<Item = &T> {
        self.now.iter().filter(|(id, fact)| self.stored.get(id) != Some(fact)).map(|(_, fact)| fact)
    }

    /// Adds whom changes concern, and the lines of the timeline before and after them.
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

    /// Writes those that are not what is stored.
    pub(super) async fn write(&self, db: &impl ConnectionTrait, store_id: StoreId) -> Result<(), DbErr> {
        let is_stored = |fact: &&T| self.stored.contains_key(&fact.id());
        let (known, new): (Vec<&T>, Vec<&T>) = self.changed().partition(is_stored);
        let values = |fact: &T| fact.values(store_id);
        bulk::update(db, &T::TARGET, Box::new(known.into_iter().map(values))).await?;
        bulk::insert(db, &T::TARGET, Box::new(new.into_iter().map(values))).await?;
        Ok(())
    }
}
