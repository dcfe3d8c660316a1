//! Exact counts of matching fans by type: from the counters if they suffice, from a covering index if one has
//! all conditions, otherwise from the rows.

use fanbase_domain::{
    customer::CustomerType,
    fan::FanType,
    filter::{FanFilter, FoundItems},
    ids::StoreId,
    search::Search,
    wire::fans::FanCountsResponse,
};
use sea_orm::{ConnectionTrait, DbErr};

use super::{
    access_path::{self, Driver, Plan, Plans},
    conditions,
};
use crate::{
    audience::counters::{self, Counters, Facet},
    db::{
        is_sqlite,
        sql::{self, Sql},
    },
    error::ApiError,
};

/// Customers of other types than lead are usually few. Their rows are read only if they are at most one fifth
/// of the leads, since it takes longer than it saves otherwise.
const MANY: i64 = 5;

/// Counts the fans that match a filter.
///
/// # Errors
/// [`ApiError::Database`] when the database fails.
pub async fn count(
    db: &impl ConnectionTrait,
    plans: &Plans,
    store_id: StoreId,
    filter: &FanFilter,
) -> Result<FanCountsResponse, ApiError> {
    let mut counted = FanCountsResponse::default();
    if filter.admits_customers() {
        count_customers(db, plans, store_id, filter, &mut counted).await?;
    }
    for kind in FanType::ALL.into_iter().filter(|kind| !filter.admits_type(*kind)) {
        *counted.of(kind) = 0;
    }
    if filter.admits_users() {
        counted.user = count_users(db, store_id, filter).await?;
    }
    Ok(counted.summed())
}

/// Counts the accounts that match a filter, which must admit accounts.
///
/// # Errors
/// [`ApiError::Database`] when the database fails.
pub async fn count_users(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    filter: &FanFilter,
) -> Result<u64, ApiError> {
    let mut sql = Sql::new("SELECT COUNT(*) FROM ");
    let plan = Plan::of_all_users(filter);
    plan.users(&mut sql, db, filter);
    conditions::of_users(&mut sql, db, plan, filter);
    conditions::all_unlinked(&mut sql, store_id);
    Ok(sql::count(sql.number(db).await?))
}

async fn count_customers(
    db: &impl ConnectionTrait,
    plans: &Plans,
    store_id: StoreId,
    filter: &FanFilter,
    counted: &mut FanCountsResponse,
) -> Result<(), ApiError> {
    if let Some(facets) = facets(filter) {
        let counters = counters::read(db, store_id).await?;
        for kind in CustomerType::ALL.into_iter().filter(|kind| filter.admits_type((*kind).into())) {
            let n = facets.iter().map(|facet| counters.customers_with(kind, *facet)).sum();
            *counted.of(kind.into()) = sql::count(n);
        }
        return Ok(());
    }
    if let Some(index) = index(filter).filter(|_| filter.admits_type(FanType::Lead))
        && leads_are_nearly_all(&counters::read(db, store_id).await?)
    {
        let others = FanFilter { types: vec![FanType::Paying, FanType::Subscription], ..filter.clone() };
        count_rows(db, store_id, &others, Plan::Gather(Driver::Kinds), counted).await?;
        let all = count_index(db, store_id, filter, index).await?;
        counted.lead = sql::count(all).saturating_sub(counted.paying + counted.subscription);
        return Ok(());
    }
    if let Some(search) = found_in_catalogue(filter) {
        return Ok(count_found(db, store_id, filter, search, counted).await?);
    }
    let plan = match plans.of_customers(db, store_id, filter).await? {
        // A count has to find all matches, so that a candidate set is always better than a scan.
        Plan::Walk | Plan::Sieve if access_path::indexed(filter).is_some() => Plan::Gather(Driver::Search),
        Plan::Walk if !filter.tags.is_empty() => Plan::Gather(Driver::Tags),
        Plan::Walk if filter.is_about_courses() => Plan::Gather(Driver::Courses),
        Plan::Walk if !filter.products.is_empty() => Plan::Gather(Driver::Products),
        plan => plan,
    };
    Ok(count_rows(db, store_id, filter, plan, counted).await?)
}

fn leads_are_nearly_all(counters: &Counters) -> bool {
    let leads = counters.customers_of(CustomerType::Lead);
    (counters.customers() - leads) * MANY <= leads
}

/// Counts the rows that the plan reads.
async fn count_rows(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    filter: &FanFilter,
    plan: Plan,
    counted: &mut FanCountsResponse,
) -> Result<(), DbErr> {
    // GROUP BY would sort all matching rows.
    let of_kind = |kind: CustomerType| format!("COUNT(*) FILTER (WHERE c.kind = '{kind}')");
    let mut sql = Sql::new("SELECT ");
    sql.push(&CustomerType::ALL.map(of_kind).join(", ")).push(" FROM ");
    plan.customers(&mut sql, db, store_id, filter);
    conditions::of_customers(&mut sql, db, plan, store_id, filter);
    if let Some(row) = sql.one(db).await? {
        for (i, kind) in CustomerType::ALL.into_iter().enumerate() {
            *counted.of(kind.into()) = sql::count(row.try_get_by_index(i)?);
        }
    }
    Ok(())
}

/// The search of a filter without other conditions (except types), if it also matches courses, products or
/// tags.
fn found_in_catalogue(filter: &FanFilter) -> Option<&Search> {
    let rest = FanFilter { search: None, found: FoundItems::default(), ..filter.clone() };
    access_path::indexed(filter).filter(|_| !filter.found.is_empty() && rest.only_types())
}

/// Counts the matches of a search without reading their rows, since many match only by a course. Customers
/// that are not leads are counted in an index of their own.
async fn count_found(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    filter: &FanFilter,
    search: &Search,
    counted: &mut FanCountsResponse,
) -> Result<(), DbErr> {
    let mut sql = Sql::new("WITH found AS MATERIALIZED (");
    access_path::found(&mut sql, db, store_id, filter, search, None);
    sql.push(") SELECT (SELECT COUNT(id) FROM found)");
    // The `+` keeps SQLite from looking up every match by its id.
    let id = if is_sqlite(db) { "+c.id" } else { "c.id" };
    for kind in [CustomerType::Paying, CustomerType::Subscription] {
        sql.push(&format!(", (SELECT COUNT(*) FROM customers c WHERE {id} IN (SELECT id FROM found)"));
        sql.push(&format!(" AND c.kind <> 'lead' AND c.kind = '{kind}' AND c.store_id = "));
        sql.bind(store_id.uuid()).push(")");
    }
    if let Some(row) = sql.one(db).await? {
        let of = |i: usize| Ok::<_, DbErr>(sql::count(row.try_get_by_index(i)?));
        (counted.paying, counted.subscription) = (of(1)?, of(2)?);
        counted.lead = of(0)?.saturating_sub(counted.paying + counted.subscription);
    }
    Ok(())
}

/// Counts index entries without reading the rows.
async fn count_index(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    filter: &FanFilter,
    index: Driver,
) -> Result<i64, DbErr> {
    let mut sql = Sql::default();
    match index {
        Driver::Range(column) => {
            sql.push("SELECT COUNT(*) FROM customers c WHERE c.store_id = ").bind(store_id.uuid());
            access_path::ranged(&mut sql, column, filter);
        }
        Driver::Courses => {
            sql.push("SELECT COUNT(DISTINCT e.customer_id) FROM enrollments e WHERE ");
            conditions::enrolled_by_course(&mut sql, store_id, filter);
        }
        Driver::Products => {
            sql.push("SELECT COUNT(DISTINCT p.customer_id) FROM purchases p WHERE ");
            conditions::bought(&mut sql, store_id, filter);
        }
        _ => {
            sql.push("SELECT COUNT(");
            sql.push(if filter.tags.len() == 1 { "*" } else { "DISTINCT ct.customer_id" });
            sql.push(
                ") FROM tags t JOIN customer_tags ct ON ct.store_id = t.store_id AND ct.tag_id = t.id
                  WHERE t.store_id = ",
            );
            sql.bind(store_id.uuid()).push(" AND t.name_key IN (");
            sql.bind_all(filter.tags.iter().map(|tag| tag.key())).push(")");
        }
    }
    sql.number(db).await
}

/// The facets of a filter without other conditions (except types), if all are of one kind.
fn facets(filter: &FanFilter) -> Option<Vec<Facet>> {
    let FanFilter { sources, status, consents, .. } = filter;
    let rest = FanFilter { sources: Vec::new(), status: None, consents: Vec::new(), ..filter.clone() };
    if !rest.only_types() {
        return None;
    }
    let once = |mut facets: Vec<Facet>| {
        let mut seen = Vec::new();
        facets.retain(|facet| {
            !seen.contains(facet) && {
                seen.push(*facet);
                true
            }
        });
        Some(facets)
    };
    match (sources.is_empty(), status, consents.is_empty()) {
        (false, None, true) => once(sources.iter().copied().map(Facet::Source).collect()),
        (true, Some(status), true) => Some(vec![Facet::Status(*status)]),
        (true, None, false) => once(consents.iter().copied().map(Facet::Consent).collect()),
        _ => None,
    }
}

/// The index that covers all conditions of a filter (except types).
fn index(filter: &FanFilter) -> Option<Driver> {
    let only = |rest: FanFilter| rest.only_types();
    let all = || filter.clone();
    if only(FanFilter { tags: Vec::new(), ..all() }) {
        Some(Driver::Tags)
    } else if only(FanFilter { courses: Vec::new(), min_progress: None, max_progress: None, ..all() }) {
        Some(Driver::Courses)
    } else if only(FanFilter { products: Vec::new(), ..all() }) {
        Some(Driver::Products)
    } else if only(FanFilter { min_spent: None, max_spent: None, ..all() }) {
        Some(Driver::Range("total_spent"))
    } else if only(FanFilter { min_score: None, max_score: None, ..all() }) {
        Some(Driver::Range("score"))
    } else if only(FanFilter { created_after: None, created_before: None, ..all() }) {
        Some(Driver::Range("created_at"))
    } else if only(FanFilter { active_after: None, active_before: None, ..all() }) {
        Some(Driver::Range("last_activity_at"))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use fanbase_domain::{consent::Consent, source::Source, tag::TagName};

    use super::*;

    #[test]
    fn counters_answer_one_facet_and_count_nobody_twice() {
        let consents = vec![Consent::Bounced, Consent::Bounced, Consent::Subscribed];
        let filter = FanFilter { consents, types: vec![FanType::Lead], ..FanFilter::default() };
        let wanted = vec![Facet::Consent(Consent::Bounced), Facet::Consent(Consent::Subscribed)];
        assert_eq!(facets(&filter), Some(wanted));
        assert_eq!(facets(&FanFilter { sources: vec![Source::Manual], ..filter.clone() }), None);
        assert_eq!(facets(&FanFilter { min_score: Some(1), ..filter }), None);
    }

    #[test]
    fn an_index_answers_only_what_it_has() {
        let tags = vec![TagName::parse("vip").unwrap()];
        let filter = FanFilter { tags, ..FanFilter::default() };
        assert_eq!(index(&filter), Some(Driver::Tags));
        assert_eq!(index(&FanFilter { min_score: Some(1), ..filter }), None);
        let filter = FanFilter { min_score: Some(1), max_score: Some(9), ..FanFilter::default() };
        assert_eq!(index(&filter), Some(Driver::Range("score")));
        let filter = FanFilter { min_progress: Some(50), ..FanFilter::default() };
        assert_eq!(index(&filter), Some(Driver::Courses));
        assert_eq!(index(&FanFilter { min_score: Some(1), ..filter }), None);
    }
}
