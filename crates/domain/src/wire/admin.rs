//! `/api/v1/admin/users` and `/api/v1/admin/stats`

use serde::{Deserialize, Serialize};

use super::patch::present;
use crate::{
    field_errors::FieldErrors,
    ids::{StoreId, UserId},
    role::Role,
    text_enum,
    time::Timestamp,
};

/// Most accounts that are changed at once.
pub const MAX_BULK: usize = 1_000;

text_enum! {
    /// What an account can do.
    pub enum UserStatus {
        /// It can sign in.
        Active = "active",
        /// It can do nothing until it is reinstated.
        Suspended = "suspended",
        /// It is gone; its history is kept without personal data.
        Deleted = "deleted",
    }
}

text_enum! {
    /// How far a store's account at Stripe Connect is.
    pub enum ConnectStatus {
        /// There is none.
        NotConnected = "not_connected",
        /// Stripe waits for details.
        Incomplete = "incomplete",
        /// It can take payments.
        CanCharge = "can_charge",
        /// It can take payments and be paid out.
        CanBePaidOut = "can_be_paid_out",
    }
}

/// How a store is connected to Stripe: what is absent stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({"stripe_account": "acct_1032D82eZvKYlo2C"})))]
#[serde(default, deny_unknown_fields)]
pub struct PatchStoreConnectionRequest {
    /// The connected account whose events are about the store; null disconnects it.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub stripe_account: Option<Option<String>>,
    /// Whether events of the platform's own account are about the store when it sells by their price.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = bool))]
    pub takes_platform_events: Option<Option<bool>>,
}

/// How a store is connected to Stripe, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionPatch {
    /// The connected account.
    pub stripe_account: Option<Option<String>>,
    /// Whether it takes events of the platform's own account.
    pub takes_platform_events: Option<bool>,
}

impl TryFrom<PatchStoreConnectionRequest> for ConnectionPatch {
    type Error = FieldErrors;

    fn try_from(request: PatchStoreConnectionRequest) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let takes_platform_events = errors.not_null("/takes_platform_events", request.takes_platform_events);
        let stripe_account = request.stripe_account.map(|account| {
            let account = errors.text("/stripe_account", Some(&account?), 255);
            if !account.as_ref().is_some_and(|account| account.starts_with("acct_")) && errors.is_empty() {
                errors.add("/stripe_account", "account_invalid", "The id of an account starts with acct_.");
            }
            account
        });
        errors.into_result(Self { stripe_account, takes_platform_events })
    }
}

/// How a store is connected to Stripe.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConnectionResponse {
    /// The store.
    pub id: StoreId,
    /// The connected account whose events are about the store.
    pub stripe_account: Option<String>,
    /// Whether events of the platform's own account are about the store when it sells by their price.
    pub takes_platform_events: bool,
    /// How far the connected account is.
    pub connect: ConnectStatus,
    /// As of when that is known.
    pub connect_told_at: Option<Timestamp>,
}

/// A registered account, as admins of the platform see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AdminUserResponse {
    /// Its id.
    pub id: UserId,
    /// Its address; null when it has none.
    pub email: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Its picture.
    pub avatar_url: Option<String>,
    /// What it can do.
    pub status: UserStatus,
    /// Whether it may administer the platform.
    pub is_admin: bool,
    /// Its highest role in any store; null for who is a member of none.
    pub role: Option<Role>,
    /// Of how many stores it is a member.
    #[cfg_attr(feature = "openapi", schema(example = 1))]
    pub stores: u64,
    /// How far the stores that it owns are at Stripe Connect: the furthest.
    pub connect: ConnectStatus,
    /// When it signed up.
    pub created_at: Timestamp,
    /// When it last signed in.
    pub last_sign_in_at: Option<Timestamp>,
}

/// A membership of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MembershipResponse {
    /// The store.
    pub store_id: StoreId,
    /// Its name.
    pub store_name: String,
    /// What the account may do there.
    pub role: Role,
    /// How far the store is at Stripe Connect.
    pub connect: ConnectStatus,
}

/// A registered account with the stores that it is a member of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AdminUserDetailResponse {
    /// The account.
    #[serde(flatten)]
    pub user: AdminUserResponse,
    /// Where it is a member.
    pub memberships: Vec<MembershipResponse>,
}

/// A page of accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AdminUserPage {
    /// The accounts.
    pub items: Vec<AdminUserResponse>,
    /// Where the next page starts; null on the last.
    pub next_cursor: Option<String>,
    /// The rank of the first item, when `at` asked for one.
    pub rank: Option<u64>,
}

/// How many accounts a filter admits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AdminUserCountResponse {
    /// All of them.
    #[cfg_attr(feature = "openapi", schema(example = 312))]
    pub total: u64,
}

/// Changes to an account: what is absent stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({"is_admin": true})))]
#[serde(default, deny_unknown_fields)]
pub struct PatchUserRequest {
    /// Its role, in every store that it is a member of.
    pub role: Option<Role>,
    /// Whether it may administer the platform.
    pub is_admin: Option<bool>,
    /// Whether it is suspended.
    pub is_suspended: Option<bool>,
}

text_enum! {
    /// What is done to many accounts.
    pub enum UserBulkAction {
        /// Give them a role in every store that they are members of.
        Role = "role",
        /// Let them administer the platform.
        MakeAdmin = "make_admin",
        /// Let them not administer the platform any more.
        RevokeAdmin = "revoke_admin",
        /// Keep them from doing anything; their sign-ins end.
        Suspend = "suspend",
        /// Take that back.
        Reinstate = "reinstate",
        /// Delete them: customers stay, without an account.
        Delete = "delete",
    }
}

/// What is done to many accounts at once.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({"action": "suspend", "user_ids": ["0199f1c2-6a35-7c2e-9a57-3c1d2b8e4f10"], "dry_run": true})))]
#[serde(deny_unknown_fields)]
pub struct UserBulkRequest {
    /// What is done.
    pub action: UserBulkAction,
    /// The role to give.
    #[serde(default)]
    pub role: Option<Role>,
    /// These accounts, at most 1,000; without it, all that the filter admits, if they are no more.
    #[serde(default)]
    pub user_ids: Option<Vec<UserId>>,
    /// Only tell what would be done.
    #[serde(default)]
    pub dry_run: bool,
}

/// What is done to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserChange {
    /// Another role in every store.
    Role(Role),
    /// Whether it may administer the platform.
    Admin(bool),
    /// Whether it is suspended.
    Suspended(bool),
    /// It is deleted.
    Delete,
}

/// What is done to many accounts at once, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserBulk {
    /// What is done to each.
    pub change: UserChange,
    /// Which accounts; all that the filter admits without.
    pub user_ids: Option<Vec<UserId>>,
    /// Whether nothing is really done.
    pub dry_run: bool,
}

impl TryFrom<UserBulkRequest> for UserBulk {
    type Error = FieldErrors;

    fn try_from(request: UserBulkRequest) -> Result<Self, FieldErrors> {
        let UserBulkRequest { action, role, user_ids, dry_run } = request;
        let mut errors = FieldErrors::new();
        if user_ids.as_ref().is_some_and(|ids| ids.len() > MAX_BULK) {
            errors.add("/user_ids", "too_many", format!("At most {MAX_BULK} accounts at once."));
        }
        let change = match (action, role) {
            (UserBulkAction::Role, Some(role)) => Some(UserChange::Role(role)),
            (UserBulkAction::Role, None) => {
                errors.add("/role", "required", "Say which role they get.");
                None
            }
            (_, Some(_)) => {
                errors.add("/role", "not_expected", "Only the action \"role\" takes a role.");
                None
            }
            (UserBulkAction::MakeAdmin, None) => Some(UserChange::Admin(true)),
            (UserBulkAction::RevokeAdmin, None) => Some(UserChange::Admin(false)),
            (UserBulkAction::Suspend, None) => Some(UserChange::Suspended(true)),
            (UserBulkAction::Reinstate, None) => Some(UserChange::Suspended(false)),
            (UserBulkAction::Delete, None) => Some(UserChange::Delete),
        };
        match (change, errors.is_empty()) {
            (Some(change), true) => Ok(Self { change, user_ids, dry_run }),
            _ => Err(errors),
        }
    }
}

/// An account that is left as it is, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RefusedUserResponse {
    /// The account.
    pub user_id: UserId,
    /// Its address.
    pub email: Option<String>,
    /// Why.
    #[cfg_attr(feature = "openapi", schema(example = "Their store \"Studio\" would have no owner."))]
    pub reason: String,
}

/// What became of many accounts, or would.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserBulkResponse {
    /// Accounts that were meant.
    #[cfg_attr(feature = "openapi", schema(example = 3))]
    pub matched: u64,
    /// Accounts that were changed, or would be.
    #[cfg_attr(feature = "openapi", schema(example = 1))]
    pub changed: u64,
    /// Accounts that are so already.
    #[cfg_attr(feature = "openapi", schema(example = 1))]
    pub unchanged: u64,
    /// Accounts that cannot be changed so.
    pub refused: Vec<RefusedUserResponse>,
}

/// The platform in numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlatformStatsResponse {
    /// Accounts that are not deleted.
    #[cfg_attr(feature = "openapi", schema(example = 312))]
    pub users: u64,
    /// Of them, those that are suspended.
    #[cfg_attr(feature = "openapi", schema(example = 2))]
    pub suspended: u64,
    /// Of them, those that administer the platform.
    #[cfg_attr(feature = "openapi", schema(example = 1))]
    pub admins: u64,
    /// Accounts that own a store.
    #[cfg_attr(feature = "openapi", schema(example = 14))]
    pub creators: u64,
    /// Accounts that are a customer of some store.
    #[cfg_attr(feature = "openapi", schema(example = 120))]
    pub students: u64,
    /// Stores.
    #[cfg_attr(feature = "openapi", schema(example = 15))]
    pub stores: u64,
    /// Stores that can take payments.
    #[cfg_attr(feature = "openapi", schema(example = 9))]
    pub connected_stores: u64,
    /// Customers of all stores.
    #[cfg_attr(feature = "openapi", schema(example = 47344))]
    pub customers: u64,
    /// Fans of all stores: who is a fan of several counts in each.
    #[cfg_attr(feature = "openapi", schema(example = 51000))]
    pub fans: u64,
    /// How accounts and stores became as many, oldest period first.
    pub growth: Vec<PlatformGrowthResponse>,
}

/// What a period brought to the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlatformGrowthResponse {
    /// When the period starts.
    pub starts_at: Timestamp,
    /// Accounts that signed up in it.
    #[cfg_attr(feature = "openapi", schema(example = 12))]
    pub new_users: u64,
    /// Accounts at its end.
    #[cfg_attr(feature = "openapi", schema(example = 312))]
    pub users: u64,
    /// Stores that were created in it.
    #[cfg_attr(feature = "openapi", schema(example = 1))]
    pub new_stores: u64,
    /// Stores at its end.
    #[cfg_attr(feature = "openapi", schema(example = 15))]
    pub stores: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(request: &str, expected: Result<UserChange, &str>) {
        let request: UserBulkRequest = serde_json::from_str(request).unwrap();
        let told = UserBulk::try_from(request).map(|bulk| bulk.change);
        let told = told.map_err(|errors| errors.into_vec().remove(0).code);
        assert_eq!(told, expected.map_err(str::to_owned));
    }

    #[test]
    fn a_role_is_given_by_the_action_role_alone() {
        check(r#"{"action":"role","role":"AGENCY_ADMIN"}"#, Ok(UserChange::Role(Role::AgencyAdmin)));
        check(r#"{"action":"role"}"#, Err("required"));
        check(r#"{"action":"delete","role":"AGENCY_ADMIN"}"#, Err("not_expected"));
        check(r#"{"action":"reinstate"}"#, Ok(UserChange::Suspended(false)));
    }
}
