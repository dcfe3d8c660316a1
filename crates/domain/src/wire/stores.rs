//! `/api/v1/stores`

use serde::{Deserialize, Serialize};

use super::patch::present;
use crate::{
    field_errors::FieldErrors,
    ids::StoreId,
    money::Currency,
    role::{Permission, Role},
    store::{IdleDays, Store, is_slug},
    time::Timestamp,
};

/// Longest name of a store, in characters.
const MAX_NAME: usize = 120;

/// A store to create.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct CreateStoreRequest {
    /// Its name.
    #[cfg_attr(feature = "openapi", schema(example = "Pause Play Repeat"))]
    pub name: String,
    /// Its part of web addresses.
    #[cfg_attr(feature = "openapi", schema(example = "pause-play-repeat"))]
    pub slug: String,
    /// What its amounts are in; `USD` unless told.
    #[cfg_attr(feature = "openapi", schema(example = "USD"))]
    pub currency: Option<String>,
}

/// A store to create, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewStore {
    /// Its name.
    pub name: String,
    /// Its slug.
    pub slug: String,
    /// Its currency.
    pub currency: Currency,
}

impl TryFrom<CreateStoreRequest> for NewStore {
    type Error = FieldErrors;

    fn try_from(request: CreateStoreRequest) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let name = required_name(&request.name, &mut errors);
        let slug = request.slug.trim().to_owned();
        if !is_slug(&slug) {
            errors.add("/slug", "slug_invalid", "2 to 60 lower-case letters, digits and inner hyphens.");
        }
        let currency = Currency::parse(request.currency.as_deref().unwrap_or("USD"));
        if currency.is_none() {
            errors.add("/currency", "currency_invalid", "A three-letter ISO 4217 code such as USD.");
        }
        match (name, currency, errors.is_empty()) {
            (Some(name), Some(currency), true) => Ok(Self { name, slug, currency }),
            _ => Err(errors),
        }
    }
}

/// Changes to a store: what is absent stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({"name": "Pause Play Repeat"})))]
#[serde(default, deny_unknown_fields)]
pub struct PatchStoreRequest {
    /// A new name.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub name: Option<Option<String>>,
    /// Whether accounts of the platform that are no customers of the store are among its fans.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = bool))]
    pub shows_accounts: Option<Option<bool>>,
    /// After how many days without activity a customer is inactive, 7 to 3650. Applied within the hour.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = i64, minimum = 7, maximum = 3650, example = 180))]
    pub idle_days: Option<Option<i64>>,
    /// The IANA name of the time zone in which days and months are counted; null for none.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, example = "Europe/Berlin"))]
    pub time_zone: Option<Option<String>>,
}

/// Changes to a store, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StorePatch {
    /// A new name.
    pub name: Option<String>,
    /// Whether accounts that are no customers are among the fans.
    pub shows_accounts: Option<bool>,
    /// After how long without activity somebody is inactive.
    pub idle_days: Option<IdleDays>,
    /// The time zone, which must be checked against those that are known; `Some(None)` takes it away.
    pub time_zone: Option<Option<String>>,
}

impl TryFrom<PatchStoreRequest> for StorePatch {
    type Error = FieldErrors;

    fn try_from(request: PatchStoreRequest) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let name = errors.not_null("/name", request.name);
        let name = name.and_then(|name| required_name(&name, &mut errors));
        let shows_accounts = errors.not_null("/shows_accounts", request.shows_accounts);
        let idle_days = errors.not_null("/idle_days", request.idle_days);
        let idle_days = idle_days.and_then(|days| {
            let known = IdleDays::parse(days);
            if known.is_none() {
                let (least, most) = IdleDays::BOUNDS;
                errors.add("/idle_days", "out_of_range", format!("{least} to {most} days."));
            }
            known
        });
        let time_zone = request.time_zone.map(|zone| zone.map(|zone| zone.trim().to_owned()));
        errors.into_result(Self { name, shows_accounts, idle_days, time_zone })
    }
}

fn required_name(name: &str, errors: &mut FieldErrors) -> Option<String> {
    let name = errors.text("/name", Some(name), MAX_NAME);
    if name.is_none() && errors.is_empty() {
        errors.add("/name", "required", "A store needs a name.");
    }
    name
}

/// A store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StoreResponse {
    /// Its id.
    pub id: StoreId,
    /// Its name.
    pub name: String,
    /// Its part of web addresses.
    pub slug: String,
    /// What its amounts are in.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "USD"))]
    pub currency: Currency,
    /// Whether accounts of the platform that are no customers of the store are among its fans.
    pub shows_accounts: bool,
    /// After how many days without activity a customer is inactive.
    #[cfg_attr(feature = "openapi", schema(example = 180))]
    pub idle_days: i64,
    /// The IANA name of the time zone in which days and months are counted.
    #[cfg_attr(feature = "openapi", schema(example = "Europe/Berlin"))]
    pub time_zone: Option<String>,
    /// What you are in the store; null for an API key.
    pub role: Option<Role>,
    /// What you may do there; for an API key, its scopes say so.
    pub permissions: Vec<Permission>,
    /// Raised by every change; the `ETag` is made of it.
    pub version: i64,
    /// When it was created.
    pub created_at: Timestamp,
}

impl StoreResponse {
    /// A store, as somebody with this role sees it.
    #[must_use]
    pub fn seen_by(store: Store, role: Option<Role>) -> Self {
        let Store { id, name, slug, currency, shows_accounts, idle_days, time_zone, version, created_at } =
            store;
        let idle_days = idle_days.get();
        let permissions = role.map(|role| role.permissions().to_vec()).unwrap_or_default();
        Self {
            id,
            name,
            slug,
            currency,
            shows_accounts,
            idle_days,
            time_zone,
            role,
            permissions,
            version,
            created_at,
        }
    }
}
