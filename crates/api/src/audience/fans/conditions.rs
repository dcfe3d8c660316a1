//! Translates a filter into SQL conditions, for customers and accounts.

use fanbase_domain::{
    customer::CustomerType,
    fan::FanType,
    filter::FanFilter,
    ids::StoreId,
    role::Role,
    search::{self, Search},
    time::Timestamp,
};
use sea_orm::ConnectionTrait;

use super::access_path::Plan;
use crate::db::{is_sqlite, sql::Sql};

/// Adds ` AND …` for every part of the filter that applies to customers (`c`), which the plan reads.
pub fn of_customers(
    sql: &mut Sql,
    db: &impl ConnectionTrait,
    plan: Plan,
    store_id: StoreId,
    filter: &FanFilter,
) {
    // Every field is named, so that a new one breaks the build until it has a condition.
    let FanFilter {
        types,
        search,
        tags,
        sources,
        status,
        consents,
        has_account,
        min_spent,
        max_spent,
        min_score,
        max_score,
        created_after,
        created_before,
        active_after,
        active_before,
        courses: _,
        min_progress: _,
        max_progress: _,
        products,
        found: _,
        hides_accounts: _,
    } = filter;
    let kinds: Vec<CustomerType> = types.iter().filter_map(|kind| kind.customer_type()).collect();
    if !types.is_empty() && kinds.len() < CustomerType::ALL.len() {
        any_of(sql, "c.kind", kinds.iter().map(|kind| kind.as_str()));
    }
    if !sources.is_empty() {
        any_of(sql, "c.source", sources.iter().map(|source| source.as_str()));
    }
    if !consents.is_empty() {
        any_of(sql, "c.consent", consents.iter().map(|consent| consent.as_str()));
    }
    if let Some(status) = status {
        any_of(sql, "c.status", [status.as_str()]);
    }
    if let Some(has_account) = has_account {
        sql.push(if *has_account { " AND c.user_id IS NOT NULL" } else { " AND c.user_id IS NULL" });
    }
    range(sql, "c.total_spent", *min_spent, *max_spent);
    range(sql, "c.score", *min_score, *max_score);
    times(sql, "c.created_at", *created_after, *created_before);
    times(sql, "c.last_activity_at", *active_after, *active_before);
    if !tags.is_empty() {
        sql.push(
            " AND (SELECT 1 FROM customer_tags ct JOIN tags t ON t.store_id = ct.store_id AND t.id = ct.tag_id
              WHERE ct.customer_id = c.id AND ct.store_id = ",
        );
        sql.bind(store_id.uuid()).push(" AND t.name_key IN (").bind_all(tags.iter().map(|tag| tag.key()));
        sql.push(")").push(ANY);
    }
    if filter.is_about_courses() {
        sql.push(&has(db, " AND", "enrollments e"));
        enrolled(sql, store_id, filter);
        sql.push(ANY);
    }
    if !products.is_empty() {
        sql.push(&has(db, " AND", "purchases p"));
        bought(sql, store_id, filter);
        sql.push(ANY);
    }
    if let Some(search) = search {
        sql.push(" AND (");
        plan.sieve(sql, "customers_search", "c", search);
        searched(sql, db, "c.search_text", search);
        if !filter.found.courses.is_empty() {
            sql.push(&has(db, " OR", "enrollments e"));
            enrolled_in_found(sql, store_id, filter);
            sql.push(ANY);
        }
        if !filter.found.products.is_empty() {
            sql.push(&has(db, " OR", "purchases p"));
            bought_found(sql, store_id, filter);
            sql.push(ANY);
        }
        if !filter.found.tags.is_empty() {
            sql.push(" OR (SELECT 1 FROM customer_tags g WHERE g.customer_id = c.id AND ");
            tagged_found(sql, store_id, filter);
            sql.push(ANY);
        }
        sql.push(")");
    }
}

/// Ends an existence condition that begins with `(SELECT 1`. A scalar subquery instead of `EXISTS`, which
/// PostgreSQL may turn into a join with all customers of the tag or course, for a page of fifty.
const ANY: &str = " LIMIT 1) IS NOT NULL";

/// Starts an existence condition, ` AND` or ` OR`, on a customer's rows of another table; [`ANY`] ends it.
/// The index is named for SQLite, which would otherwise, without statistics, read all rows of the course.
fn has(db: &impl ConnectionTrait, operator: &str, rows: &str) -> String {
    let (table, alias) = rows.split_once(' ').unwrap_or((rows, rows));
    let index = if is_sqlite(db) { format!(" INDEXED BY {table}_customer") } else { String::new() };
    format!("{operator} (SELECT 1 FROM {rows}{index} WHERE {alias}.customer_id = c.id AND ")
}

/// Adds that an enrolment (`e`) is in a course that matches the search.
pub fn enrolled_in_found(sql: &mut Sql, store_id: StoreId, filter: &FanFilter) {
    sql.push("e.store_id = ").bind(store_id.uuid());
    sql.push(" AND e.course_id IN (").bind_all(filter.found.courses.iter().map(|id| id.uuid())).push(")");
    sql.push(" AND e.customer_id IS NOT NULL");
}

/// Adds that a purchase (`p`) is of a product that matches the search.
pub fn bought_found(sql: &mut Sql, store_id: StoreId, filter: &FanFilter) {
    sql.push("p.store_id = ").bind(store_id.uuid());
    sql.push(" AND p.item_id IN (").bind_all(filter.found.products.iter().map(|id| id.uuid())).push(")");
}

/// Adds that a row of `customer_tags` (`g`) is of a tag that matches the search.
pub fn tagged_found(sql: &mut Sql, store_id: StoreId, filter: &FanFilter) {
    sql.push("g.store_id = ").bind(store_id.uuid());
    sql.push(" AND g.tag_id IN (").bind_all(filter.found.tags.iter().map(|id| id.uuid())).push(")");
}

/// Adds the filter's conditions on an enrolment (`e`).
pub fn enrolled(sql: &mut Sql, store_id: StoreId, filter: &FanFilter) {
    sql.push("e.store_id = ").bind(store_id.uuid());
    if !filter.courses.is_empty() {
        sql.push(" AND e.course_id IN (").bind_all(filter.courses.iter().map(|id| id.uuid())).push(")");
    }
    range(sql, "e.progress", filter.min_progress, filter.max_progress);
}

/// Adds the conditions on an enrolment that is looked up by course. If the filter has no courses, all courses
/// of the store are listed, so that the index on course and progress is used.
pub fn enrolled_by_course(sql: &mut Sql, store_id: StoreId, filter: &FanFilter) {
    if filter.courses.is_empty() {
        sql.push("e.course_id IN (SELECT id FROM courses WHERE store_id = ")
            .bind(store_id.uuid())
            .push(") AND ");
    }
    enrolled(sql, store_id, filter);
}

/// Adds the filter's conditions on a purchase (`p`).
pub fn bought(sql: &mut Sql, store_id: StoreId, filter: &FanFilter) {
    sql.push("p.store_id = ").bind(store_id.uuid());
    sql.push(" AND p.item_id IN (").bind_all(filter.products.iter().map(|id| id.uuid())).push(")");
}

/// Adds ` AND …` for every part of the filter that applies to accounts (`u`), which the plan reads. The
/// filter must admit accounts.
pub fn of_users(sql: &mut Sql, db: &impl ConnectionTrait, plan: Plan, filter: &FanFilter) {
    debug_assert!(filter.admits_type(FanType::User));
    times(sql, "u.created_at", filter.created_after, filter.created_before);
    times(sql, "u.last_sign_in_at", filter.active_after, filter.active_before);
    if let Some(search) = &filter.search {
        sql.push(" AND ");
        plan.sieve(sql, "users_search", "u", search);
        searched(sql, db, "u.search_text", search);
    }
}

/// Adds ` AND` that the account is a fan: it has an e-mail address, is not linked to a customer of the store,
/// and is not [`staff`](of_staff). Written as scalar subqueries. Planners turn an anti-join into a hash of
/// all links. PostgreSQL estimates that `IS NULL` holds for one row in two hundred, and would collect and
/// sort accounts instead of scanning up to the first fifty.
pub fn unlinked(sql: &mut Sql, store_id: StoreId) {
    sql.push(
        " AND u.email_key IS NOT NULL AND NOT COALESCE(
            (SELECT TRUE FROM customers l WHERE l.user_id = u.id AND l.store_id = ",
    );
    sql.bind(store_id.uuid()).push(" LIMIT 1), FALSE) AND NOT u.is_admin AND NOT COALESCE(");
    sql.push("(SELECT TRUE FROM store_members m WHERE m.user_id = u.id AND ");
    of_staff(sql, store_id);
    sql.push(" LIMIT 1), FALSE)");
}

/// The same conditions for a count of all accounts, as anti-joins, which PostgreSQL can run in parallel.
pub fn all_unlinked(sql: &mut Sql, store_id: StoreId) {
    sql.push(
        " AND u.email_key IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM customers l WHERE l.user_id = u.id AND l.store_id = ",
    );
    sql.bind(store_id.uuid()).push(") AND NOT u.is_admin AND u.id NOT IN (");
    sql.push("SELECT m.user_id FROM store_members m WHERE ");
    of_staff(sql, store_id);
    sql.push(")");
}

/// Adds that the account of a membership (`m`) is staff: a member of the store, or an owner of any store.
/// Admins of the platform are staff, too.
pub fn of_staff(sql: &mut Sql, store_id: StoreId) {
    sql.push("(m.role = ").bind(Role::AgencyOwner.as_str());
    sql.push(" OR m.store_id = ").bind(store_id.uuid()).push(")");
}

/// Adds the exact check of a search; the text indexes yield only candidates.
pub(super) fn searched(sql: &mut Sql, db: &impl ConnectionTrait, column: &str, search: &Search) {
    let contains = if is_sqlite(db) { "instr" } else { "strpos" };
    match search {
        Search::Prefix(prefix) => {
            sql.push(&format!("({contains}({} || {column}, ", line_break(db)));
            sql.bind(format!("\n{prefix}")).push(") > 0");
            marked(sql, contains, column, search::marks_starting(prefix));
        }
        Search::Words(words) => {
            for (i, word) in words.iter().enumerate() {
                sql.push(if i == 0 { "" } else { " AND " }).push(&format!("({contains}({column}, "));
                sql.bind(word.as_str()).push(") > 0");
                marked(sql, contains, column, search::marks(word));
            }
        }
    }
}

/// Adds ` OR` for each mark that the text may contain, and closes the parenthesis.
fn marked(sql: &mut Sql, contains: &str, column: &str, marks: impl Iterator<Item = &'static str>) {
    for mark in marks {
        sql.push(&format!(" OR {contains}({column}, ")).bind(mark).push(") > 0");
    }
    sql.push(")");
}

fn line_break(db: &impl ConnectionTrait) -> &'static str {
    if is_sqlite(db) { "char(10)" } else { "chr(10)" }
}

fn any_of<'a>(sql: &mut Sql, column: &str, texts: impl IntoIterator<Item = &'a str>) {
    sql.push(" AND ").push(column).push(" IN (").bind_all(texts).push(")");
}

fn range(sql: &mut Sql, column: &str, min: Option<i64>, max: Option<i64>) {
    for (value, operator) in [(min, ">="), (max, "<=")] {
        if let Some(value) = value {
            sql.push(&format!(" AND {column} {operator} ")).bind(value);
        }
    }
}

fn times(sql: &mut Sql, column: &str, after: Option<Timestamp>, before: Option<Timestamp>) {
    for (at, operator) in [(after, ">="), (before, "<")] {
        if let Some(at) = at {
            sql.push(&format!(" AND {column} {operator} ")).bind(at.millis());
        }
    }
}
