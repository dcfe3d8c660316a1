use std::collections::BTreeMap;

use super::*;

fn survey(text: &str) -> Surveyed {
    let mut rows = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = rows.next().unwrap();
    let mut survey = Survey::new(Mapping::guess(&header, &BTreeMap::new()).unwrap(), &header);
    rows.for_each(|row| survey.row(&row));
    survey.finish(DecimalMark::Point)
}

/// The target of the second column, whether the file says who agreed, and whether the column is unclear.
fn second(text: &str) -> (String, bool, bool) {
    let found = survey(text);
    (found.mapping.columns()[1].target(), found.says_consent, !found.unclear.is_empty())
}

fn expect(target: &str, says_consent: bool, is_unclear: bool) -> (String, bool, bool) {
    (target.to_owned(), says_consent, is_unclear)
}

#[test]
fn a_status_is_consent_if_its_values_are() {
    for (text, expected) in [
        ("Email,Status\na,Active\nb,Unsubscribed\nc,", expect("consent", true, false)),
        ("Email,Status\na,subscribed", expect("consent", true, false)),
        ("Email,Status\na,Customer\nb,Prospect\nc,VIP", expect("attribute:status", false, false)),
        ("Email,Status\na,Active\nb,Inactive", expect("attribute:status", false, true)),
        ("Email,Status\na,1\nb,2", expect("attribute:status", false, true)),
        ("Email,Status\na,Customer\nb,Prospect\nc,unsubscribed", expect("attribute:status", false, true)),
        ("Email,Status\na,", expect("consent", false, false)),
        ("email,status,first_name,created_at\na,active,A,\nb,inactive,B,", expect("consent", true, false)),
        ("Email,Status,Date Created,IP\na,1,,\nb,2,,", expect("consent", true, false)),
    ] {
        assert_eq!(second(text), expected, "{text}");
    }
}

#[test]
fn columns_about_consent_say_who_agreed_or_who_left() {
    for (text, expected) in [
        ("Email,Consent\na,yes\nb,no", expect("consent", true, false)),
        ("Email,CONFIRM_TIME\na,2024-01-01 10:00:00", expect("opted_in", true, false)),
        ("Email,UNSUB_TIME\na,2024-01-01 10:00:00", expect("opted_out", false, false)),
        ("Email,Email Opt Out\na,FALSE\nb,TRUE", expect("opted_out", false, false)),
        ("Email,email_disabled\na,false\nb,true", expect("blacklisted", true, false)),
        (
            "Email,Marketing Consent\na,by phone\nb,at the fair",
            expect("attribute:marketing_consent", false, true),
        ),
        ("Email,Unsubscribed\na,maybe", expect("opted_out", false, true)),
        ("Email,Mailing permissions\na,everything", expect("attribute:mailing_permissions", false, true)),
        ("Email,Mailing permissions\na,", expect("attribute:mailing_permissions", false, false)),
    ] {
        assert_eq!(second(text), expected, "{text}");
    }
}

#[test]
fn types_and_sources_of_others_are_custom_fields() {
    for (text, target) in [
        ("Email,Type\na,lead\nb,Paying", "type"),
        ("Email,Type\na,Lead\nb,Producer", "attribute:type"),
        ("Email,Source\na,csv_import", "source"),
        ("Email,Source\na,Instagram ad", "attribute:source"),
        ("Email,Type,Consent,Activity Status\na,king,,", "type"),
    ] {
        assert_eq!(second(text).0, target, "{text}");
    }
}

#[test]
fn columns_without_name_and_value_are_left_out() {
    assert_eq!(second("Email,,\na, ,x").0, "ignore");
    assert_eq!(survey("Email,,\na, ,x").mapping.columns()[2].target(), "attribute:column_3");
}

#[test]
fn decimals_are_found_column_by_column() {
    let found = survey("Email,Score,Total Spent\na,1.5,\"1\nb,12.25,12");
    assert_eq!(
        (found.mapping.decimal_mark(1), found.decimal_mark),
        (DecimalMark::Point, Some(DecimalMark::Point))
    );
    let mut comma =
        Survey::new(Mapping::guess(&["Email", "Total Spent"], &BTreeMap::new()).unwrap(), &["", ""]);
    for cell in ["12", "1.234,50", "1.234", "12,00"] {
        comma.row(&["a", cell]);
    }
    assert_eq!(comma.finish(DecimalMark::Point).decimal_mark, Some(DecimalMark::Comma));
}
