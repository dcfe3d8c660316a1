//! Listing, filtering, sorting, searching and counting fans.

use fanbase_api::audience::fans::params::FanParams;
use fanbase_domain::{page::SortColumn, problem::ProblemCode, wire::fans::FanResponse};
use fanbase_tests::{Caller as _, TestApp, audience, on_both_databases, reference};
use futures_util::future::join;

on_both_databases!(
    every_sort_lists_everyone_in_the_domains_order,
    every_filter_admits_whom_the_domain_admits,
    every_search_finds_whom_the_domain_finds,
    counts_are_of_the_fans_that_are_listed,
    a_count_is_of_one_moment,
    a_rank_leads_to_where_walking_leads,
    ranks_of_a_long_list_are_exact,
    ranks_follow_deletions_and_insertions_that_cancel_out,
    filtered_lists_are_walked_in_every_order,
    an_export_has_the_fans_of_its_filter,
    a_fan_is_found_by_its_id,
    a_store_without_customers_lists_accounts,
    a_cursor_of_a_deleted_fan_goes_on_where_it_was,
);

const FILTERS: &[&str] = &[
    "",
    "type=lead",
    "type=user",
    "type=paying&type=subscription",
    "type=lead&type=user",
    "tag=vip",
    "tag=EDM&tag=house",
    "tag=deep%20%20house",
    "tag=nobody-has-this",
    "source=manual",
    "source=registered_user",
    "source=csv_import&source=stripe_purchase",
    "status=active",
    "status=inactive",
    "consent=bounced",
    "consent=subscribed&consent=complained",
    "has_account=true",
    "has_account=false",
    "min_spent=1",
    "max_spent=0",
    "min_spent=1250&max_spent=1250",
    "min_spent=2000&max_spent=100",
    "min_score=5",
    "max_score=0",
    "min_score=-10&max_score=5",
    "created_after=2024-02-15T10:00:00Z",
    "created_before=2024-02-15T10:00:00Z",
    "created_after=2024-02-15&created_before=2024-03-16",
    "active_after=2025-06-01T12:30:00.125Z",
    "active_before=2025-06-01T12:30:00.125Z",
    "created_after=2024-02-01&active_after=2024-01-01&has_account=true",
    "type=lead&tag=vip&consent=subscribed",
    "type=user&min_score=1",
    "type=user&tag=vip",
    "has_account=true&type=lead&search=person",
    "search=ava&tag=vip&status=active",
    "search=example&type=user",
];

const SEARCHES: &[&str] = &[
    "ava",
    "AVA",
    "lind",
    "a",
    "av",
    "pe",
    "person1",
    "alpha.example",
    "@beta",
    "émile",
    "EMILE",
    "zoë",
    "ørsted",
    "%25",
    "_",
    "100%25_sure",
    "_x%25",
    "o'neil",
    "\"",
    "\"ava\"",
    "*",
    "ava*",
    "ava%20lind",
    "lind%20ava",
    "mixing",
    "mixing%20101",
    "dj%20null",
    "李",
    "li",
    "account",
    "%20",
    "%20%20ava%20%20",
    "a%20l",
    "NEAR(a",
    "--",
    "ava%00lind",
    "%5C",
    "%EF%BB%BFava",
    "stripe",
    "registered",
    "a%20lind",
    "xyzzy-nobody",
];

fn sorts() -> impl Iterator<Item = String> {
    SortColumn::ALL.into_iter().flat_map(|column| [column.to_string(), format!("-{column}")])
}

fn reference_list(all: &[FanResponse], query: &str) -> Vec<FanResponse> {
    let params = FanParams::parse(query).unwrap();
    reference::list(all, &params.filter, params.sort)
}

#[track_caller]
fn assert_same(listed: &[FanResponse], expected: &[FanResponse], what: &str) {
    assert_eq!(reference::emails(listed), reference::emails(expected), "{what}");
    assert_eq!(listed, expected, "{what}");
}

async fn every_sort_lists_everyone_in_the_domains_order(app: TestApp) {
    let store = audience::of_every_kind(&app, 60, 21).await;
    let all = store.fans("").await;
    let has = |wanted: fn(&FanResponse) -> bool| all.iter().any(wanted);
    assert!(has(|fan| fan.user_id.is_some() && fan.consent.is_some()), "a customer has an account");
    assert!(has(|fan| fan.consent.is_none()), "an account has no customer");
    for sort in sorts() {
        let query = format!("sort={sort}");
        let expected = reference_list(&all, &query);
        for limit in [1, 7, 200] {
            let what = format!("{query} by {limit}");
            let (forward, last) = store.walk(&query, limit).await;
            assert_same(&forward, &expected, &what);
            let backward = store.walk_back(&query, limit, last).await;
            assert_same(&backward, &expected, &format!("{what}, backwards"));
        }
    }
}

async fn every_filter_admits_whom_the_domain_admits(app: TestApp) {
    let store = audience::of_every_kind(&app, 90, 24).await;
    let all = store.fans("").await;
    let mut empty = 0;
    for filter in FILTERS {
        let expected = reference_list(&all, filter);
        empty += usize::from(expected.is_empty());
        assert_same(&store.fans(filter).await, &expected, filter);
    }
    assert!(empty < 6, "{empty} filters admit nobody, which shows little");
}

async fn every_search_finds_whom_the_domain_finds(app: TestApp) {
    let store = audience::of_every_kind(&app, 90, 24).await;
    let all = store.fans("").await;
    for search in SEARCHES {
        for sort in ["-created_at", "name"] {
            let query = format!("search={search}&sort={sort}");
            assert_same(&store.fans(&query).await, &reference_list(&all, &query), &query);
        }
    }
}

async fn counts_are_of_the_fans_that_are_listed(app: TestApp) {
    let store = audience::of_every_kind(&app, 90, 24).await;
    let searches = SEARCHES.iter().map(|search| format!("search={search}"));
    for filter in FILTERS.iter().map(|filter| (*filter).to_owned()).chain(searches) {
        let listed = store.fans(&filter).await;
        assert_eq!(store.counts(&filter).await, reference::counts(&listed), "{filter}");
    }
    store.assert_no_drift().await;
}

async fn a_count_is_of_one_moment(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let addresses: Vec<String> = (0..40).map(|i| format!("twin{i}@x.example")).collect();
    for address in &addresses {
        app.db_create_account(address).await;
    }
    // Whoever becomes a customer is an account no more, and the other way round when that is undone.
    let changes = async {
        for address in &addresses {
            let customer = store.customer(address).await;
            if address.ends_with("5@x.example") {
                store.delete_customer(&customer).await;
            }
        }
    };
    let counts = async {
        for _ in 0..100 {
            let (one, other) = join(store.counts("search=twin"), store.counts("search=twin&type=user")).await;
            assert_eq!((one.total, one.lead + one.user), (40, 40));
            assert_eq!((other.total, other.lead), (other.user, 0));
        }
    };
    join(changes, counts).await;
    let counts = store.counts("search=twin").await;
    assert_eq!((counts.lead, counts.user), (36, 4));
}

async fn a_rank_leads_to_where_walking_leads(app: TestApp) {
    let store = audience::of_every_kind(&app, 60, 21).await;
    for query in ["sort=-created_at", "sort=name", "sort=-score", "sort=email&has_account=true", "search=ava"]
    {
        let (walked, _) = store.walk(query, 200).await;
        for rank in [0, 1, 5, walked.len() / 2, walked.len() - 1] {
            let page = store.fans_page(&format!("{query}&at={rank}&limit=3")).await;
            assert_eq!(page.rank, Some(rank as u64), "{query}");
            let expected = &walked[rank..walked.len().min(rank + 3)];
            assert_same(&page.items, expected, &format!("{query} at {rank}"));
            assert_eq!(page.prev_cursor.is_some(), rank > 0, "{query} at {rank}");
            assert_eq!(page.next_cursor.is_some(), rank + 3 < walked.len(), "{query} at {rank}");
            if let Some(cursor) = page.prev_cursor {
                let before = store.fans_page(&format!("{query}&cursor={cursor}&limit=1")).await;
                assert_same(&before.items, &walked[rank - 1..rank], &format!("{query} before {rank}"));
            }
        }
        let beyond = store.fans_page(&format!("{query}&at=1000000&limit=3")).await;
        assert_same(&beyond.items, &walked[walked.len() - 1..], &format!("{query} beyond the end"));
    }
    let none = store.fans_page("search=xyzzy-nobody&at=5").await;
    assert_eq!((none.items.len(), none.next_cursor, none.prev_cursor), (0, None, None));
}

/// Longer than what a ladder leaves out between two rungs, in each of its parts.
async fn ranks_of_a_long_list_are_exact(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let person = |i: u64| {
        let name = if i.is_multiple_of(2) { format!("Name {}", i % 30) } else { String::new() };
        let score = if i.is_multiple_of(2) { (i % 70).to_string() } else { String::new() };
        let active = if i.is_multiple_of(2) { "2026-01-01" } else { "" };
        format!("c{}@x.example,{name},{score},{active}\n", i * 7919 % 1_300)
    };
    let rows: String = (0..1_300).map(person).collect();
    let _ = store.import("", format!("Email,Full Name,Score,Last Activity\n{rows}")).await;
    for i in 0..600 {
        app.db_create_account(&format!("c{}.account@x.example", i * 31 % 600)).await;
    }
    for sort in sorts() {
        let (walked, _) = store.walk(&format!("sort={sort}"), 200).await;
        assert_eq!(walked.len(), 1_900);
        for rank in [0, 499, 500, 501, 649, 650, 651, 1_000, 1_299, 1_300, 1_301, 1_499, 1_500, 1_501, 1_899]
        {
            let page = store.fans_page(&format!("sort={sort}&at={rank}&limit=1")).await;
            assert_eq!(page.rank, Some(rank as u64), "{sort}");
            assert_same(&page.items, &walked[rank..=rank], &format!("{sort} at {rank}"));
        }
    }
}

async fn filtered_lists_are_walked_in_every_order(app: TestApp) {
    let store = audience::of_every_kind(&app, 60, 21).await;
    let all = store.fans("").await;
    for filter in
        ["type=lead&type=user", "tag=vip", "search=ava", "has_account=true", "search=a", "min_score=0"]
    {
        for sort in sorts() {
            let query = format!("{filter}&sort={sort}");
            let expected = reference_list(&all, &query);
            let (forward, last) = store.walk(&query, 4).await;
            assert_same(&forward, &expected, &query);
            assert_same(&store.walk_back(&query, 4, last).await, &expected, &format!("{query}, backwards"));
        }
    }
}

async fn an_export_has_the_fans_of_its_filter(app: TestApp) {
    let store = audience::of_every_kind(&app, 60, 21).await;
    for filter in FILTERS {
        let answer = store.get(&format!("/fans/export?{filter}")).await.expect(200);
        assert_eq!(answer.header("content-type"), Some("text/csv; charset=utf-8"));
        let mut reader = csv::Reader::from_reader(answer.body.as_slice());
        let exported: Vec<String> = reader.records().map(|row| row.unwrap()[0].to_owned()).collect();
        let listed = store.fans(&format!("{filter}&sort=created_at")).await;
        assert_eq!(exported, reference::emails(&listed), "{filter}");
    }
}

async fn a_fan_is_found_by_its_id(app: TestApp) {
    let store = audience::of_every_kind(&app, 9, 6).await;
    for fan in store.fans("").await {
        let found: FanResponse = store.get(&format!("/fans/{}", fan.id)).await.expect(200).json();
        assert_eq!(found, fan);
    }
    for id in ["nonsense", "00000000-0000-0000-0000-000000000000", "%00"] {
        store.get(&format!("/fans/{id}")).await.problem(404, ProblemCode::NotFound);
    }
    let linked = store.fans("has_account=true&type=lead&type=paying&type=subscription").await;
    let account = linked[0].user_id.unwrap();
    store.get(&format!("/fans/{account}")).await.problem(404, ProblemCode::NotFound);
}

async fn a_store_without_customers_lists_accounts(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    app.db_create_account("user@x.example").await;
    let all = store.fans("sort=email").await;
    assert_eq!(reference::emails(&all), ["user@x.example"]);
    assert_eq!((store.counts("").await.user, store.counts("").await.total), (1, 1));
    assert_eq!(store.fans("type=lead").await, []);
}

async fn a_cursor_of_a_deleted_fan_goes_on_where_it_was(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let mut customers = Vec::new();
    for i in 0..6 {
        customers.push(store.customer(&format!("c{i}@x.example")).await);
    }
    let query = "type=lead&sort=email&limit=2";
    let first = store.fans_page(query).await;
    store.delete_customer(&customers[1]).await;
    store.delete_customer(&customers[2]).await;
    let cursor = first.next_cursor.unwrap();
    let second = store.fans_page(&format!("{query}&cursor={cursor}")).await;
    assert_eq!(reference::emails(&second.items), ["c3@x.example", "c4@x.example"]);
    let cursor = second.prev_cursor.unwrap();
    let back = store.fans_page(&format!("{query}&cursor={cursor}")).await;
    assert_eq!(reference::emails(&back.items), ["c0@x.example"]);
}

async fn ranks_follow_deletions_and_insertions_that_cancel_out(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let people = |from: usize, to: usize| {
        let rows: String = (from..to).map(|i| format!("p{i:05}@x.example\n")).collect();
        format!("Email\n{rows}")
    };
    store.import("", people(0, 2_000)).await;
    let at = async |rank: usize| {
        let page = store.fans_page(&format!("type=lead&sort=email&at={rank}&limit=1")).await;
        (page.rank, page.items[0].email.clone())
    };
    assert_eq!(at(1_500).await, (Some(1_500), "p01500@x.example".to_owned()));
    let front: Vec<_> = store.fans_page("type=lead&sort=email&limit=100").await.items;
    let ids: Vec<_> = front.iter().map(|fan| fan.id).collect();
    let delete = serde_json::json!({ "action": "delete", "ids": ids });
    let _ = store.post("/fans/bulk", &delete).await.expect(200);
    store.import("", people(2_000, 2_100)).await;
    assert_eq!(at(1_500).await, (Some(1_500), "p01600@x.example".to_owned()));
}
