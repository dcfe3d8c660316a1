//! The overview of a store.

use fanbase_domain::{source::Source, wire::overview::OverviewResponse};
use fanbase_tests::{Caller as _, Store, TestApp, on_both_databases};
use serde_json::json;

on_both_databases!(
    growth_ends_with_the_present,
    an_empty_store_has_no_growth,
    the_calendar_is_the_reader_s,
    the_calendar_of_a_store_follows_its_summer_time,
    wrong_calendars_are_told,
);

async fn overview(store: &Store, query: &str) -> OverviewResponse {
    store.get(&format!("/overview?{query}")).await.expect(200).json()
}

async fn growth_ends_with_the_present(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    app.db_create_account("user@x.example").await;
    let file = "Email,Created At,Consent\na@x.example,2015-01-01,subscribed\n\
                b@x.example,2016-01-01,bounced\nc@x.example,,subscribed\n";
    store.import("", file).await;
    for period in ["day", "week", "month"] {
        let overview = overview(&store, &format!("period={period}")).await;
        let (counts, last) = (store.counts("").await, overview.growth.last().unwrap());
        assert_eq!(overview.by_type, counts);
        assert_eq!((last.customers, last.fans), (3, counts.total));
        // Two were there before the first period that is told.
        assert_eq!((last.new_customers, last.new_accounts), (1, counts.user));
        assert_eq!(overview.growth.len(), 36);
        assert_eq!(overview.growth[0].customers, 2);
        assert_eq!(
            overview.by_source.iter().map(|s| (s.source, s.count)).collect::<Vec<_>>(),
            [(Source::CsvImport, 3)]
        );
        assert_eq!(overview.by_consent.iter().map(|c| c.count).sum::<u64>(), 3);
        assert!(overview.growth.is_sorted_by_key(|growth| growth.starts_at));
    }
}

async fn an_empty_store_has_no_growth(app: TestApp) {
    let creator = app.creator("ava").await;
    let store = creator.store("s1").await;
    let overview = overview(&store, "").await;
    // The creator's own account is no fan.
    assert_eq!(overview.by_type.total, 0);
    assert!(overview.growth.iter().all(|period| period.fans == 0));
    assert!(overview.by_source.is_empty());
}

async fn the_calendar_of_a_store_follows_its_summer_time(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let _ = store.patch("", &json!({ "time_zone": "Europe/Berlin" })).await.expect(200);
    let told: serde_json::Value = store.get("").await.expect(200).json();
    assert_eq!(told["time_zone"], "Europe/Berlin");
    let file = "Email,Created At\na@x.example,2010-01-01\n";
    store.import("", file).await;
    for path in ["overview", "conversion", "customers/stats"] {
        // The zone of the store counts before a distance, and one that is asked for before both.
        for (query, zone) in
            [("", "Berlin"), ("&time_zone_offset=300", "Berlin"), ("&time_zone=Asia/Tokyo", "Tokyo")]
        {
            let told: serde_json::Value =
                store.get(&format!("/{path}?period=month{query}")).await.expect(200).json();
            let periods = ["growth", "cohorts", "over_time"].iter().find_map(|name| told[name].as_array());
            let hours: std::collections::BTreeSet<&str> = periods
                .unwrap()
                .iter()
                .map(|period| &period["starts_at"].as_str().unwrap()[11..13])
                .collect();
            match (path, zone) {
                ("conversion", _) => assert!(hours.is_empty(), "nobody became known lately"),
                (_, "Tokyo") => assert_eq!(hours, ["15"].into()),
                _ => assert_eq!(hours, ["22", "23"].into(), "{path}{query}"),
            }
        }
    }
    let wrong = store.patch("", &json!({ "time_zone": "Mars/Phobos" })).await;
    wrong.field_errors(&[("/time_zone", "time_zone_unknown")]);
    let _ = store.patch("", &json!({ "time_zone": null })).await.expect(200);
    let told: serde_json::Value = store.get("").await.expect(200).json();
    assert_eq!(told["time_zone"], serde_json::Value::Null);
}

async fn the_calendar_is_the_reader_s(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    store.customer("a@x.example").await;
    for (offset, midnight) in [(0, "T00:00:00.000Z"), (60, "T23:00:00.000Z"), (-300, "T05:00:00.000Z")] {
        let overview = overview(&store, &format!("period=day&time_zone_offset={offset}")).await;
        let starts_at = overview.growth.last().unwrap().starts_at.to_rfc3339().unwrap();
        assert!(starts_at.ends_with(midnight), "{starts_at}");
    }
}

async fn wrong_calendars_are_told(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    for (query, parameter, code) in [
        ("period=year", "period", "unknown_value"),
        ("time_zone_offset=841", "time_zone_offset", "invalid"),
        ("time_zone_offset=CET", "time_zone_offset", "invalid"),
        ("periods=day", "periods", "unknown_parameter"),
    ] {
        store.get(&format!("/overview?{query}")).await.field_errors(&[(parameter, code)]);
    }
}
