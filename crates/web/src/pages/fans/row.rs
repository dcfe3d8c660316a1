//! What a row of the table says of a fan.

use fanbase_domain::wire::fans::{FanCourseResponse, FanProductResponse, FanResponse};
use leptos::prelude::*;

use super::{Fans, profile};
use crate::{
    components::{ConsentBadge, Score, TagList, TypeBadge, ago},
    i18n::{
        format::{self, Formats},
        t,
    },
    state::{clock::Clock, fans_query::Column},
    table::{SlotRow, Who, or_dash},
};

/// The formats of a table.
type SharedFormats = StoredValue<Formats, LocalStorage>;

/// The cells of a row: who it is, then the columns.
pub(super) fn cells(row: SlotRow, columns: &[Column], formats: SharedFormats, fans: Fans) -> Vec<AnyView> {
    let clock: Clock = expect_context();
    let who = row.who(
        |fan: &FanResponse| Who {
            called: fan.name.clone().unwrap_or_else(|| fan.email.clone()),
            below: fan.name.as_ref().map(|_| fan.email.clone()),
            name: fan.name.clone(),
            email: fan.email.clone(),
            picture: fan.avatar_url.clone(),
            has_account: fan.has_account,
        },
        move |fan: &FanResponse| fans.fan_href(fan.id),
    );
    let cells = columns.iter().map(|column| {
        let column = *column;
        row.cell(column.as_str(), move |fan| cell(column, fan, formats, clock))
    });
    std::iter::once(who).chain(cells).collect()
}

fn cell(column: Column, fan: &FanResponse, formats: SharedFormats, clock: Clock) -> AnyView {
    let instant = |at| ago(at, clock);
    let spent = || fan.total_spent.filter(|minor| *minor != 0);
    match column {
        Column::Type => view! { <TypeBadge kind=fan.r#type /> }.into_any(),
        Column::Source => source(fan),
        Column::Profile => or_dash(profile::line(&fan.attributes).map(clip)),
        Column::Tags if fan.tags.is_empty() => or_dash(None),
        Column::Tags => view! { <TagList tags=fan.tags.clone() /> }.into_any(),
        Column::Consent => or_dash(fan.consent.map(|consent| view! { <ConsentBadge consent /> }.into_any())),
        Column::Courses => or_dash(fan.courses.as_deref().and_then(courses)),
        Column::Products => or_dash(fan.products.as_deref().and_then(products)),
        Column::Status => or_dash(fan.status.map(|status| clip((t().words.status)(status).to_owned()))),
        Column::Spent => or_dash(spent().map(|minor| formats.with_value(|f| f.money(minor)).into_any())),
        Column::Score => or_dash(fan.score.map(|points| view! { <Score points /> }.into_any())),
        Column::Created => instant(fan.created_at).into_any(),
        Column::Active => or_dash(fan.last_activity_at.map(|at| instant(at).into_any())),
    }
}

fn source(fan: &FanResponse) -> AnyView {
    let source = (t().words.source)(fan.source);
    let detail = fan.source_detail.clone();
    view! {
        <span class="two-lines">
            <span>{source}</span>
            {detail.map(|detail| view! { <small title=detail.clone()>{detail.clone()}</small> })}
        </span>
    }
    .into_any()
}

fn clip(text: String) -> AnyView {
    view! { <span class="clip" title=text.clone()>{text.clone()}</span> }.into_any()
}

/// The latest course and how much of it is done, and how many more there are.
fn courses(courses: &[FanCourseResponse]) -> Option<AnyView> {
    let (first, more) = courses.split_first()?;
    let all: Vec<String> = courses
        .iter()
        .map(|course| (t().fans.course_done)(&course.title, &format::percent(course.progress)))
        .collect();
    let done = (t().fans.course_done)(&first.title, &format::percent(first.progress));
    Some(
        view! {
            <span class="course" title=all.join("\n")>
                <span class="course__title">{first.title.clone()}</span>
                {more_of(more.len())}
                <progress class="course__bar" max="100" value=first.progress.to_string() aria-label=done></progress>
                <small class="course__done">{format::percent(first.progress)}</small>
            </span>
        }
        .into_any(),
    )
}

fn products(products: &[FanProductResponse]) -> Option<AnyView> {
    let (first, more) = products.split_first()?;
    let all: Vec<&str> = products.iter().map(|product| product.title.as_str()).collect();
    Some(
        view! {
            <span class="product" title=all.join("\n")>
                <span class="clip">{first.title.clone()}</span>{more_of(more.len())}
            </span>
        }
        .into_any(),
    )
}

fn more_of(count: usize) -> Option<AnyView> {
    (count > 0).then(|| view! { <small class="more">{format!("+{count}")}</small> }.into_any())
}
