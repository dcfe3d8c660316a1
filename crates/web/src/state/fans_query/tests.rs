use fanbase_domain::{consent::Consent, page::SortColumn, source::Source};

use super::*;

fn now() -> Timestamp {
    Timestamp::parse("2026-11-22T12:00:30Z").unwrap()
}

fn parse(query: &str) -> FansQuery {
    FansQuery::parse(Audience::Fans, query)
}

#[test]
fn the_url_says_everything_and_nothing_twice() {
    for url in [
        "",
        "type=lead",
        "search=zo%C3%AB%20d",
        "search=a%20&type=user&type=lead",
        "tag=vip&tag=a%20%26%20b&source=api&status=inactive&consent=bounced&has_account=false",
        "min_spent=100&max_spent=2000&min_score=-5&max_score=9",
        "course=0199f1c2-6a35-7c2e-9a57-3c1d2b8e4f10&product=0199f1c2-6a35-7c2e-9a57-3c1d2b8e4f11&max_progress=50",
        "created=7d&not_active=90d",
        "created_after=2026-01-01&created_before=2026-02-01&active_before=2026-03-01",
        "sort=-score&columns=tags.spent&rows=compact",
        "columns=",
    ] {
        assert_eq!(parse(url).to_url(), url);
    }
}

#[test]
fn what_is_not_known_is_ignored() {
    for url in [
        "?type=vip&page=2",
        "sort=height",
        "min_score=much&active=soon&active=0d&active=99999d",
        "created_after=yesterday",
        "rows=huge&tag=%20",
        "sort=-created_at",
        "type=&has_account=maybe",
    ] {
        assert_eq!(parse(url), FansQuery::default(), "{url}");
    }
    assert_eq!(parse("type=lead&type=lead&columns=tags.x").to_url(), "type=lead&columns=tags");
}

#[test]
fn the_api_is_asked_in_its_own_words() {
    let query = parse("search=%20kofi%20&type=paying&tag=vip&active=30d&created_before=2026-01-01");
    assert_eq!(
        query.list().request(now(), &[]),
        "search=kofi&type=paying&tag=vip&created_before=2026-01-01T00%3A00%3A00.000Z\
         &active_after=2026-10-23T12%3A00%3A00.000Z&sort=-created_at"
    );
    assert_eq!(parse("search=%C2%A0").list().request(now(), &[]), "sort=-created_at");
}

#[test]
fn the_same_list_is_asked_for_in_the_same_words_within_a_minute() {
    let list = parse("not_active=7d").list();
    let later = Timestamp::from_millis(now().millis() + 29_000);
    assert_eq!(list.request(now(), &[]), list.request(later, &[]));
}

#[test]
fn a_tab_is_one_type_and_several_are_a_filter() {
    let query = parse("search=edm&type=lead");
    assert_eq!(query.with_tab(None).to_url(), "search=edm");
    assert!(!query.filter.has(Part::Type));
    assert!(parse("type=lead&type=user").filter.has(Part::Type));
    assert_eq!(query.filter.of_any_type().types, []);
}

#[test]
fn each_part_can_be_taken_away() {
    let url = "type=lead&type=user&tag=vip&source=api&status=active&consent=bounced&has_account=true\
        &min_spent=1&max_score=2&created=7d&active_after=2026-01-01&min_progress=1\
        &course=0199f1c2-6a35-7c2e-9a57-3c1d2b8e4f10&product=0199f1c2-6a35-7c2e-9a57-3c1d2b8e4f11";
    let filter = parse(url).filter;
    let rest = Part::ALL.iter().fold(filter, |filter, part| {
        assert!(filter.has(*part), "{part:?}");
        filter.without(*part)
    });
    assert_eq!(rest, Filter::default());
    assert!(rest.is_empty());
}

#[test]
fn white_space_alone_is_no_search() {
    assert!(parse("search=%20").filter.is_empty());
    assert!(!parse("search=a").filter.is_empty());
    assert!(!parse("search=%20&type=lead").filter.is_empty());
}

#[test]
fn changing_one_thing_leaves_the_others() {
    let query = parse("search=a&rows=compact");
    let sort = Sort { column: SortColumn::Score, descending: true };
    assert_eq!(query.with_sort(sort).to_url(), "search=a&sort=-score&rows=compact");
    assert_eq!(query.with_search("b").to_url(), "search=b&rows=compact");
    let filter = Filter { consents: vec![Consent::Bounced], sources: vec![Source::Api], ..Filter::default() };
    assert_eq!(query.with_filter(filter).to_url(), "source=api&consent=bounced&rows=compact");
}

#[test]
fn customers_are_asked_for_by_their_types() {
    let parse = |query| FansQuery::parse(Audience::Customers, query);
    let all = "type=paying&type=subscription";
    assert_eq!(parse("search=a").everyone(now()), format!("search=a&{all}"));
    assert_eq!(parse("type=paying").everyone(now()), "type=paying");
    // Leads and accounts are none of them, whatever the URL says.
    assert_eq!(parse("type=user&type=lead").everyone(now()), all);
    assert_eq!(parse("type=paying").list().counts(now()), "");
    let request = parse("sort=-total_spent").list().request(now(), &["courses"]);
    assert_eq!(request, format!("{all}&sort=-total_spent&include=courses"));
}

#[test]
fn an_export_has_the_order_and_the_columns_on_screen() {
    let query = parse("search=a&sort=-total_spent");
    assert_eq!(query.export(now(), None), "search=a&sort=-total_spent&bom=true");
    let columns = [Column::Tags, Column::Courses, Column::Spent];
    let exported: std::collections::HashMap<String, String> =
        query_string::decode(&query.export(now(), Some(&columns))).into_iter().collect();
    assert_eq!(exported["columns"], "name,email,tags,total_spent");
    assert_eq!(exported["sort"], "-total_spent");
    assert_eq!(exported["bom"], "true");
}
