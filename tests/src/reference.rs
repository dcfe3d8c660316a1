//! The domain as the reference: what its rules say of the fans that the API shows.

use fanbase_domain::{
    customer::{Customer, CustomerFields},
    email::Email,
    fan::{Account, Fan},
    filter::FanFilter,
    ids::{CustomerId, StoreId, UserId},
    page::Sort,
    tag::TagName,
    user::User,
    wire::fans::{FanCountsResponse, FanResponse},
};

/// A fan as the domain knows it, made of what the API tells.
///
/// # Panics
/// When it tells something that cannot be.
#[must_use]
pub fn fan(told: &FanResponse) -> Fan {
    let (_, email_key) = Email::parse(&told.email).unwrap().into_parts();
    let Some(kind) = told.r#type.customer_type() else {
        return Fan::User(
            Box::new(User {
                id: UserId::new(told.id.uuid()),
                email: Some(told.email.clone()),
                email_key: Some(email_key),
                name: told.name.clone(),
                avatar_url: told.avatar_url.clone(),
                is_admin: false,
                created_at: told.created_at,
                last_sign_in_at: told.last_activity_at,
                suspended_at: None,
            }),
            told.email.clone(),
        );
    };
    let account = told.user_id.map(|user_id| Account { user_id, avatar_url: told.avatar_url.clone() });
    let fields = CustomerFields {
        first_name: None,
        last_name: None,
        full_name: told.name.clone(),
        phone: None,
        alias: told.alias.clone(),
        kind,
        source: told.source,
        source_detail: told.source_detail.clone(),
        consent: told.consent.unwrap(),
        status: told.status.unwrap(),
        status_by_hand: false,
        score: told.score,
        total_spent: told.total_spent.unwrap(),
        imported_spent: None,
        follows_facts: false,
        attributes: told.attributes.clone(),
        tags: told.tags.iter().map(|tag| TagName::parse(tag).unwrap()).collect(),
        created_at: told.created_at,
        last_activity_at: told.last_activity_at,
    };
    let customer = Customer {
        id: CustomerId::new(told.id.uuid()),
        store_id: StoreId::new(uuid::Uuid::nil()),
        email: told.email.clone(),
        email_key,
        user_id: told.user_id,
        version: 0,
        fields,
    };
    Fan::Customer(Box::new(customer), account)
}

/// What the list must be: the fans that the filter admits, in order.
#[must_use]
pub fn list(fans: &[FanResponse], filter: &FanFilter, sort: Sort) -> Vec<FanResponse> {
    let mut list: Vec<(Fan, &FanResponse)> = fans.iter().map(|told| (fan(told), told)).collect();
    list.retain(|(fan, _)| filter.matches(fan));
    list.sort_by(|(a, _), (b, _)| sort.compare(&a.position(sort.column), &b.position(sort.column)));
    list.into_iter().map(|(_, told)| told.clone()).collect()
}

/// How many of each type there are.
#[must_use]
pub fn counts(fans: &[FanResponse]) -> FanCountsResponse {
    let mut counts = FanCountsResponse::default();
    for fan in fans {
        *counts.of(fan.r#type) += 1;
    }
    counts.summed()
}

/// What tells fans apart, for messages that can be read.
#[must_use]
pub fn emails(fans: &[FanResponse]) -> Vec<&str> {
    fans.iter().map(|fan| fan.email.as_str()).collect()
}
