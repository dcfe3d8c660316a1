//! Access paths of filtered lists: an index scan in the order of the list, or a small candidate set from the
//! most selective part of the filter, which is then sorted. In between, SQLite scans the index and reads only
//! the rows that its full-text index matches.
//!
//! A scan is fast when every hundredth row matches, a candidate set when few rows match at all. A bounded
//! probe of a few milliseconds decides, and its result is cached for a while. A stale plan costs time, never
//! correctness.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use fanbase_domain::{
    customer::CustomerType,
    filter::FanFilter,
    ids::StoreId,
    search::{self, Search},
};
use sea_orm::{ConnectionTrait, DbErr};

use super::conditions;
use crate::db::{is_sqlite, sql::Sql};

/// The maximum number of candidates to collect and sort.
const FEW: i64 = 5_000;
/// The maximum number of full-text matches to collect on SQLite. Skipping an index entry takes a fraction of
/// the time of reading a row.
const FEW_FOUND: i64 = 2_000;
/// The maximum number of full-text matches by which a scan is filtered. With more, an unfiltered scan finds
/// matching rows soon enough.
const SOME_FOUND: i64 = 25_000;
/// The time to live of a cached plan.
const BELIEVED: Duration = Duration::from_secs(20);
/// The maximum number of cached plans.
const REMEMBERED: usize = 2_000;

/// The access path of one branch of the list (customers or accounts).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// A scan in the order of the list.
    Walk,
    /// A scan in the order of the list that checks only the texts of full-text matches. SQLite only.
    Sieve,
    /// The candidate set of this part of the filter.
    Gather(Driver),
}

impl Plan {
    /// The plan for counting or collecting all matching accounts.
    #[must_use]
    pub fn of_all_users(filter: &FanFilter) -> Self {
        if indexed(filter).is_some() { Self::Gather(Driver::Search) } else { Self::Walk }
    }

    /// Whether the rows are unsorted.
    #[must_use]
    pub fn is_unordered(self) -> bool {
        matches!(self, Self::Gather(_))
    }

    /// Adds the rows of `customers` (as `c`) to examine; ends within a WHERE clause.
    pub fn customers(self, sql: &mut Sql, db: &impl ConnectionTrait, store_id: StoreId, filter: &FanFilter) {
        if let Self::Gather(driver) = self {
            return named_by(sql, db, store_id, filter, driver, None);
        }
        sql.push("customers c WHERE c.store_id = ").bind(store_id.uuid());
    }

    /// Adds the rows of `users` (as `u`) to examine; ends within a WHERE clause.
    pub fn users(self, sql: &mut Sql, db: &impl ConnectionTrait, filter: &FanFilter) {
        if let (Self::Gather(_), Some(search)) = (self, &filter.search) {
            return users_found(sql, db, search);
        }
        sql.push("users u WHERE TRUE");
    }

    /// Adds the full-text condition, followed by `AND`, that precedes the check of a row's text.
    pub(super) fn sieve(self, sql: &mut Sql, index: &str, table: &str, search: &Search) {
        if self == Self::Sieve {
            // The `+` keeps SQLite from starting with these rows.
            sql.push(&format!("+{table}.row_id IN (SELECT s.rowid FROM {index} s WHERE s.{index} MATCH "));
            sql.bind(fts_query(search)).push(") AND ");
        }
    }
}

/// The search of a filter, if a text index can serve it.
pub(super) fn indexed(filter: &FanFilter) -> Option<&Search> {
    filter.search.as_ref().filter(|search| search.indexable_words().next().is_some())
}

/// The plan according to the number of full-text matches on SQLite; `None` if there are very many.
async fn by_index(db: &impl ConnectionTrait, index: &str, search: &Search) -> Result<Option<Plan>, DbErr> {
    let mut sql = Sql::new(&format!("SELECT COUNT(*) FROM (SELECT 1 FROM {index} WHERE {index} MATCH "));
    sql.bind(fts_query(search)).push(&format!(" LIMIT {})", SOME_FOUND + 1));
    let found = sql.number(db).await?;
    Ok(if found <= FEW_FOUND {
        Some(Plan::Gather(Driver::Search))
    } else if found <= SOME_FOUND {
        Some(Plan::Sieve)
    } else {
        None
    })
}

/// The part of a filter that yields the candidate set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Driver {
    /// The search, by the text index.
    Search,
    /// The tags.
    Tags,
    /// The courses.
    Courses,
    /// The products.
    Products,
    /// Types other than lead.
    Kinds,
    /// A range of an index, such as spending or score.
    Range(&'static str),
}

/// The cache of plans.
#[derive(Debug, Default)]
pub struct Plans(Mutex<HashMap<String, (Instant, Plan)>>);

impl Plans {
    /// The plan for the customers that match a filter.
    ///
    /// # Errors
    /// Returns the error of the database.
    pub async fn of_customers(
        &self,
        db: &impl ConnectionTrait,
        store_id: StoreId,
        filter: &FanFilter,
    ) -> Result<Plan, DbErr> {
        let drivers = drivers(filter);
        if drivers.is_empty() {
            return Ok(Plan::Walk);
        }
        let key = format!("c{store_id}{filter:?}");
        if let Some(plan) = self.remembered(&key) {
            return Ok(plan);
        }
        let mut plan = Plan::Walk;
        for driver in drivers {
            if let (Driver::Search, Some(search), true) = (driver, &filter.search, is_sqlite(db)) {
                match by_index(db, "customers_search", search).await? {
                    // Matches in the catalogue are not in the full-text index.
                    Some(_) if !filter.found.is_empty() => plan = Plan::Sieve,
                    Some(Plan::Sieve) => {
                        plan = Plan::Sieve;
                        continue;
                    }
                    Some(found) => {
                        plan = found;
                        break;
                    }
                    None => {}
                }
            }
            let mut sql = Sql::new("SELECT COUNT(*) FROM (SELECT 1 FROM ");
            named_by(&mut sql, db, store_id, filter, driver, Some(FEW + 1));
            sql.push(&format!(" LIMIT {}) AS few", FEW + 1));
            if sql.number(db).await? <= FEW {
                plan = Plan::Gather(driver);
                break;
            }
        }
        self.remember(key, plan);
        Ok(plan)
    }

    /// The plan for the accounts that match a filter.
    ///
    /// # Errors
    /// Returns the error of the database.
    pub async fn of_users(&self, db: &impl ConnectionTrait, filter: &FanFilter) -> Result<Plan, DbErr> {
        let Some(search) = indexed(filter) else { return Ok(Plan::Walk) };
        let key = format!("u{search:?}");
        if let Some(plan) = self.remembered(&key) {
            return Ok(plan);
        }
        let plan = if is_sqlite(db) {
            by_index(db, "users_search", search).await?.unwrap_or(Plan::Walk)
        } else {
            let mut sql = Sql::new("SELECT COUNT(*) FROM (SELECT 1 FROM ");
            users_found(&mut sql, db, search);
            sql.push(&format!(" LIMIT {}) AS few", FEW + 1));
            let few = sql.number(db).await? <= FEW;
            if few { Plan::Gather(Driver::Search) } else { Plan::Walk }
        };
        self.remember(key, plan);
        Ok(plan)
    }

    fn remembered(&self, key: &str) -> Option<Plan> {
        let plans = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        plans.get(key).filter(|(at, _)| at.elapsed() < BELIEVED).map(|(_, plan)| *plan)
    }

    fn remember(&self, key: String, plan: Plan) {
        let mut plans = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if plans.len() >= REMEMBERED {
            plans.clear();
        }
        plans.insert(key, (Instant::now(), plan));
    }
}

/// The parts of a filter that an index serves, usually the most selective first.
fn drivers(filter: &FanFilter) -> Vec<Driver> {
    let mut drivers = Vec::new();
    if indexed(filter).is_some() {
        drivers.push(Driver::Search);
    }
    if !filter.tags.is_empty() {
        drivers.push(Driver::Tags);
    }
    if filter.is_about_courses() {
        drivers.push(Driver::Courses);
    }
    if !filter.products.is_empty() {
        drivers.push(Driver::Products);
    }
    let kinds: Vec<CustomerType> = filter.types.iter().filter_map(|kind| kind.customer_type()).collect();
    if !kinds.is_empty() && !kinds.contains(&CustomerType::Lead) {
        drivers.push(Driver::Kinds);
    }
    for (column, set) in [
        ("total_spent", filter.min_spent.is_some_and(|min| min > 0)),
        ("score", filter.min_score.is_some() || filter.max_score.is_some()),
        ("created_at", filter.created_after.is_some() || filter.created_before.is_some()),
        ("last_activity_at", filter.active_after.is_some() || filter.active_before.is_some()),
        ("user_id", filter.has_account == Some(true)),
    ] {
        if set {
            drivers.push(Driver::Range(column));
        }
    }
    drivers
}

/// Adds the candidate set (rows of `customers` as `c`) of a part of the filter; ends within a WHERE clause.
/// Only probes set a limit: a small set may have grown since it was probed.
fn named_by(
    sql: &mut Sql,
    db: &impl ConnectionTrait,
    store_id: StoreId,
    filter: &FanFilter,
    driver: Driver,
    most: Option<i64>,
) {
    let limit = most.map(|most| format!(" LIMIT {most}")).unwrap_or_default();
    match (driver, &filter.search) {
        (Driver::Search, Some(search)) if !filter.found.is_empty() => {
            sql.push("(");
            found(sql, db, store_id, filter, search, most);
            sql.push(") found CROSS JOIN customers c WHERE c.id = found.id AND c.store_id = ");
            sql.bind(store_id.uuid());
        }
        (Driver::Search, Some(search)) if is_sqlite(db) => {
            sql.push(
                "customers_search s CROSS JOIN customers c ON c.row_id = s.rowid WHERE s.customers_search MATCH ",
            );
            sql.bind(fts_query(search)).push(" AND c.store_id = ").bind(store_id.uuid());
        }
        (Driver::Search, Some(search)) => {
            sql.push("customers c WHERE c.store_id = ").bind(store_id.uuid());
            like_all(sql, "c.search_text", search);
        }
        (Driver::Tags, _) => {
            sql.push("(SELECT DISTINCT ct.customer_id FROM tags t JOIN customer_tags ct ON ct.store_id = t.store_id AND ct.tag_id = t.id WHERE t.store_id = ");
            sql.bind(store_id.uuid()).push(" AND t.name_key IN (");
            sql.bind_all(filter.tags.iter().map(|tag| tag.key()));
            sql.push(&format!("){limit}) tagged CROSS JOIN customers c "));
            sql.push("WHERE c.id = tagged.customer_id AND c.store_id = ").bind(store_id.uuid());
        }
        (Driver::Courses, _) => {
            sql.push("(SELECT DISTINCT e.customer_id FROM enrollments e WHERE ");
            conditions::enrolled_by_course(sql, store_id, filter);
            sql.push(&format!("{limit}) enrolled CROSS JOIN customers c "));
            sql.push("WHERE c.id = enrolled.customer_id AND c.store_id = ").bind(store_id.uuid());
        }
        (Driver::Products, _) => {
            sql.push("(SELECT DISTINCT p.customer_id FROM purchases p WHERE ");
            conditions::bought(sql, store_id, filter);
            sql.push(&format!("{limit}) bought CROSS JOIN customers c "));
            sql.push("WHERE c.id = bought.customer_id AND c.store_id = ").bind(store_id.uuid());
        }
        (Driver::Kinds, _) => {
            sql.push("customers c WHERE c.kind <> 'lead' AND c.store_id = ").bind(store_id.uuid());
            sql.push(" AND c.kind IN (");
            sql.bind_all(
                filter.types.iter().filter_map(|kind| kind.customer_type()).map(CustomerType::as_str),
            );
            sql.push(")");
        }
        (Driver::Range(column), _) => {
            sql.push("customers c WHERE c.store_id = ").bind(store_id.uuid());
            ranged(sql, column, filter);
        }
        (Driver::Search, None) => {
            sql.push("customers c WHERE c.store_id = ").bind(store_id.uuid());
        }
    }
}

/// Adds the ids of customers whose text matches the search, or who have a matching course, product or tag;
/// some are NULL. Distinct and exact, except for probes.
pub(super) fn found(
    sql: &mut Sql,
    db: &impl ConnectionTrait,
    store_id: StoreId,
    filter: &FanFilter,
    search: &Search,
    most: Option<i64>,
) {
    // A probe may count duplicates and mere candidates, so that it can stop early.
    let union = if most.is_some() { " UNION ALL " } else { " UNION " };
    sql.push("SELECT c.id FROM ");
    if is_sqlite(db) {
        sql.push("customers_search s CROSS JOIN customers c ON c.row_id = s.rowid ");
        sql.push("WHERE s.customers_search MATCH ").bind(fts_query(search));
        sql.push(" AND c.store_id = ").bind(store_id.uuid());
    } else {
        sql.push("customers c WHERE c.store_id = ").bind(store_id.uuid());
        like_all(sql, "c.search_text", search);
    }
    if most.is_none() {
        sql.push(" AND ");
        conditions::searched(sql, db, "c.search_text", search);
    }
    if !filter.found.courses.is_empty() {
        sql.push(union).push("SELECT e.customer_id FROM enrollments e WHERE ");
        conditions::enrolled_in_found(sql, store_id, filter);
    }
    if !filter.found.products.is_empty() {
        sql.push(union).push("SELECT p.customer_id FROM purchases p WHERE ");
        conditions::bought_found(sql, store_id, filter);
    }
    if !filter.found.tags.is_empty() {
        sql.push(union).push("SELECT g.customer_id FROM customer_tags g WHERE ");
        conditions::tagged_found(sql, store_id, filter);
    }
    if let Some(most) = most {
        sql.push(&format!(" LIMIT {most}"));
    }
}

/// Adds ` AND` that a column is within the filter's range.
pub fn ranged(sql: &mut Sql, column: &'static str, filter: &FanFilter) {
    let (min, max, max_operator) = match column {
        "total_spent" => (filter.min_spent, filter.max_spent, "<="),
        "score" => (filter.min_score, filter.max_score, "<="),
        "created_at" => {
            (filter.created_after.map(|t| t.millis()), filter.created_before.map(|t| t.millis()), "<")
        }
        "last_activity_at" => {
            (filter.active_after.map(|t| t.millis()), filter.active_before.map(|t| t.millis()), "<")
        }
        _ => {
            sql.push(" AND c.user_id IS NOT NULL");
            return;
        }
    };
    for (value, operator) in [(min, ">="), (max, max_operator)] {
        if let Some(value) = value {
            sql.push(&format!(" AND c.{column} {operator} ")).bind(value);
        }
    }
}

/// Adds the rows of `users` (as `u`) that match a search; ends within a WHERE clause.
pub fn users_found(sql: &mut Sql, db: &impl ConnectionTrait, search: &Search) {
    if is_sqlite(db) {
        sql.push("users_search s CROSS JOIN users u ON u.row_id = s.rowid WHERE s.users_search MATCH ");
        sql.bind(fts_query(search));
    } else {
        sql.push("users u WHERE TRUE");
        like_all(sql, "u.search_text", search);
    }
}

/// The FTS query: every trigram of every word, or the mark of a source that the word matches. The index has
/// no positions, so the matches are a superset, which is checked against the text.
fn fts_query(search: &Search) -> String {
    let mut asked: Vec<String> = Vec::new();
    for word in search.indexable_words() {
        let letters: Vec<char> = word.chars().collect();
        let mut trigrams: Vec<String> = Vec::new();
        for trigram in letters.windows(3) {
            let quoted: String = trigram.iter().collect::<String>().replace('"', "\"\"");
            trigrams.push(format!("\"{quoted}\""));
        }
        let marks: Vec<String> = search::marks(word).map(|mark| format!("\"{mark}\"")).collect();
        if !marks.is_empty() {
            trigrams = vec![format!("(({}) OR {})", trigrams.join(" AND "), marks.join(" OR "))];
        }
        for part in trigrams {
            if !asked.contains(&part) {
                asked.push(part);
            }
        }
    }
    asked.join(" AND ")
}

/// Adds a LIKE condition for every word; wildcards in the words are escaped.
fn like_all(sql: &mut Sql, column: &str, search: &Search) {
    for word in search.indexable_words() {
        let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        sql.push(&format!(" AND ({column} LIKE ")).bind(format!("%{escaped}%"));
        for mark in search::marks(word) {
            sql.push(&format!(" OR {column} LIKE ")).bind(format!("%{mark}%"));
        }
        sql.push(")");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_asked_for_by_all_its_trigrams() {
        let search = Search::parse("Anna a\"b").unwrap();
        assert_eq!(fts_query(&search), "\"ann\" AND \"nna\" AND \"a\"\"b\"");
        let search = Search::parse("anna stripe").unwrap();
        let stripe = "((\"str\" AND \"tri\" AND \"rip\" AND \"ipe\") OR \"STR\")";
        assert_eq!(fts_query(&search), format!("{stripe} AND \"ann\" AND \"nna\""));
    }
}
