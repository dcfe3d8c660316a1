//! Fans: the customers of a store, and the accounts not linked to any of them.
//!
//! `fans(store) = customers(store) ∪ { users u : no customer of the store is linked to u }`

use crate::{
    customer::{Customer, CustomerType},
    ids::{FanId, UserId},
    name,
    page::{Position, SortColumn, SortValue},
    search,
    source::Source,
    text_enum,
    time::Timestamp,
    user::User,
};

text_enum! {
    /// The type of a fan: the type of the customer, or `user`.
    pub enum FanType {
        /// A customer without payments.
        Lead = "lead",
        /// A paying customer.
        Paying = "paying",
        /// A customer with a running subscription.
        Subscription = "subscription",
        /// A registered account that is not yet a customer.
        User = "user",
    }
}

impl From<CustomerType> for FanType {
    fn from(kind: CustomerType) -> Self {
        match kind {
            CustomerType::Lead => Self::Lead,
            CustomerType::Paying => Self::Paying,
            CustomerType::Subscription => Self::Subscription,
        }
    }
}

impl FanType {
    /// The customer type; `None` for an account without a customer.
    #[must_use]
    pub fn customer_type(self) -> Option<CustomerType> {
        match self {
            Self::Lead => Some(CustomerType::Lead),
            Self::Paying => Some(CustomerType::Paying),
            Self::Subscription => Some(CustomerType::Subscription),
            Self::User => None,
        }
    }
}

/// The data of a linked account that a customer shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The account.
    pub user_id: UserId,
    /// URL of its picture.
    pub avatar_url: Option<String>,
}

/// A row of the fan list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fan {
    /// A customer, with the linked account.
    Customer(Box<Customer>, Option<Account>),
    /// An account that no customer of the store is linked to, with its e-mail address.
    User(Box<User>, String),
}

impl Fan {
    /// The fan of an account without a customer; `None` if it has no e-mail address.
    #[must_use]
    pub fn from_user(user: User) -> Option<Self> {
        let email = user.email.clone()?;
        Some(Self::User(Box::new(user), email))
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> FanId {
        match self {
            Self::Customer(customer, _) => customer.id.into(),
            Self::User(user, _) => user.id.into(),
        }
    }

    /// Its type.
    #[must_use]
    pub fn kind(&self) -> FanType {
        match self {
            Self::Customer(customer, _) => customer.fields.kind.into(),
            Self::User(..) => FanType::User,
        }
    }

    /// The e-mail address as typed.
    #[must_use]
    pub fn email(&self) -> &str {
        match self {
            Self::Customer(customer, _) => &customer.email,
            Self::User(_, email) => email,
        }
    }

    /// The name to show.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        match self {
            Self::Customer(customer, _) => customer.fields.display_name(),
            Self::User(user, _) => user.name.clone(),
        }
    }

    /// Whether it has an account.
    #[must_use]
    pub fn has_account(&self) -> bool {
        match self {
            Self::Customer(customer, _) => customer.user_id.is_some(),
            Self::User(..) => true,
        }
    }

    /// Its source.
    #[must_use]
    pub fn source(&self) -> Source {
        match self {
            Self::Customer(customer, _) => customer.fields.source,
            Self::User(..) => Source::RegisteredUser,
        }
    }

    /// Creation time.
    #[must_use]
    pub fn created_at(&self) -> Timestamp {
        match self {
            Self::Customer(customer, _) => customer.fields.created_at,
            Self::User(user, _) => user.created_at,
        }
    }

    /// Time of the last activity.
    #[must_use]
    pub fn last_activity_at(&self) -> Option<Timestamp> {
        match self {
            Self::Customer(customer, _) => customer.fields.last_activity_at,
            Self::User(user, _) => user.last_sign_in_at,
        }
    }

    /// The indexed text for searches.
    #[must_use]
    pub fn search_text(&self) -> String {
        match self {
            Self::Customer(customer, _) => customer.fields.search_text(&customer.email),
            Self::User(user, email) => user_search_text(user.name.as_deref(), email),
        }
    }

    /// Its position in a list sorted by `column`.
    #[must_use]
    pub fn position(&self, column: SortColumn) -> Position {
        let value = match column {
            SortColumn::CreatedAt => Some(SortValue::Int(self.created_at().millis())),
            SortColumn::Name => name::sort_key(self.name().as_deref()).map(SortValue::Text),
            SortColumn::Email => match self {
                Self::Customer(customer, _) => Some(SortValue::Text(customer.email_key.to_string())),
                Self::User(user, _) => user.email_key.as_ref().map(|key| SortValue::Text(key.to_string())),
            },
            SortColumn::TotalSpent => match self {
                Self::Customer(customer, _) if customer.fields.total_spent > 0 => {
                    Some(SortValue::Int(customer.fields.total_spent))
                }
                _ => None,
            },
            SortColumn::Score => match self {
                Self::Customer(customer, _) => customer.fields.score.map(SortValue::Int),
                Self::User(..) => None,
            },
            SortColumn::LastActivityAt => self.last_activity_at().map(|at| SortValue::Int(at.millis())),
        };
        Position { value, arm: self.arm(), id: self.id().uuid() }
    }

    fn arm(&self) -> crate::page::Arm {
        match self {
            Self::Customer(..) => crate::page::Arm::Customers,
            Self::User(..) => crate::page::Arm::Users,
        }
    }
}

/// The indexed text of an account for searches.
#[must_use]
pub fn user_search_text(name: Option<&str>, email: &str) -> String {
    search::search_text(name, email, None, Source::RegisteredUser, None, None)
}
