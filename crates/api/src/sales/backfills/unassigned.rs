//! SQL of unassigned rows: enrolments and subscriptions without a customer, and the accounts they name.

use std::collections::HashMap;

use fanbase_domain::{
    email::{Email, EmailError, EmailKey},
    facts::{Claim, Evidence, Person},
    ids::{CustomerId, StoreId},
    source::Source,
    time::Timestamp,
    wire::backfills::{BackfillProblemCode, BackfillWhat},
};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult as _, QueryResult};
use uuid::Uuid;

use crate::{
    db::{entities::subscriptions::Model, is_sqlite, sql::Sql},
    sales::facts::{enrollments, fact_writer::Ledger, subscriptions},
};

/// An unassigned row, and the person it is about.
#[derive(Clone, Debug)]
pub struct Nobodys {
    fact: Fact,
    /// Grouping key of the person: rows of one person are adjacent in the scan.
    person: String,
    /// The account of the person.
    pub user_id: Option<Uuid>,
    email: Option<String>,
    name: Option<String>,
}

#[derive(Clone, Debug)]
enum Fact {
    /// An enrolment; `None` when the store has no such course.
    Enrollment(Uuid, Option<enrollments::Stored>),
    Subscription(Box<subscriptions::Stored>),
}

/// The data of an account that identifies its customer.
#[derive(Clone, Debug, Default)]
pub struct Account {
    email: Option<String>,
    name: Option<String>,
    /// The customer linked to it.
    customer: Option<(CustomerId, EmailKey)>,
}

/// The owner of an unassigned row.
#[derive(Clone, Debug)]
pub enum Whose {
    /// The customer linked to the account, whatever their e-mail address is.
    Customer(CustomerId, EmailKey),
    /// The person of an e-mail address.
    Person(Person),
}

/// Number of unassigned rows.
///
/// # Errors
/// Returns the error of the database.
pub async fn total(db: &impl ConnectionTrait, store_id: StoreId, what: BackfillWhat) -> Result<i64, DbErr> {
    let table = table(what);
    let mut sql =
        Sql::new(&format!("SELECT COUNT(*) FROM {table} WHERE customer_id IS NULL AND store_id = "));
    sql.bind(store_id.uuid());
    sql.number(db).await
}

fn table(what: BackfillWhat) -> &'static str {
    match what {
        BackfillWhat::Courses => "enrollments",
        BackfillWhat::Subscriptions => "subscriptions",
    }
}

/// The next rows by person, locked until the transaction ends if `lock`.
///
/// # Errors
/// `DbErr` when the database fails or a row cannot be decoded.
pub async fn next(
    db: &impl ConnectionTrait,
    (store_id, what): (StoreId, BackfillWhat),
    after: Option<(String, Uuid)>,
    most: usize,
    lock: bool,
) -> Result<Vec<Nobodys>, DbErr> {
    let table = table(what);
    let columns = match what {
        BackfillWhat::Courses => enrollments::ROW,
        BackfillWhat::Subscriptions => "subscriptions.*",
    };
    let mut sql = Sql::new("SELECT ");
    sql.push_in_store(columns, store_id);
    sql.push(&format!(" FROM {table} WHERE customer_id IS NULL AND store_id = "));
    let (person, id) = after.unwrap_or_default();
    sql.bind(store_id.uuid()).push(" AND (person, id) > (").bind(person).push(", ").bind(id).push(")");
    sql.push(&format!(" ORDER BY person, id LIMIT {most}"));
    if lock && !is_sqlite(db) {
        sql.push(" FOR UPDATE");
    }
    sql.all(db).await?.iter().map(|row| read(row, what)).collect()
}

fn read(row: &QueryResult, what: BackfillWhat) -> Result<Nobodys, DbErr> {
    let fact = match what {
        BackfillWhat::Courses => {
            let title: Option<String> = row.try_get("", "course_title")?;
            let stored = title.map(|_| enrollments::stored(row)).transpose()?;
            Fact::Enrollment(row.try_get("", "id")?, stored)
        }
        BackfillWhat::Subscriptions => {
            Fact::Subscription(Box::new(subscriptions::stored(Model::from_query_result(row, "")?)?))
        }
    };
    let (user_id, email) = (row.try_get("", "user_id")?, row.try_get("", "email")?);
    Ok(Nobodys { fact, person: row.try_get("", "person")?, user_id, email, name: row.try_get("", "name")? })
}

/// Reads accounts by id.
///
/// # Errors
/// Returns the error of the database.
pub async fn accounts(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Account>, DbErr> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut sql = Sql::new(
        "SELECT u.id, u.email, u.name, c.id, c.email_key FROM users u
         LEFT JOIN customers c ON c.user_id = u.id AND c.store_id = ",
    );
    sql.bind(store_id.uuid()).push(" WHERE ").is_any_id(db, "u.id", ids);
    let read = |row: &QueryResult| {
        let customer = row.try_get_by_index::<Option<Uuid>>(3)?.map(CustomerId::new);
        let key = row.try_get_by_index::<Option<String>>(4)?.map(EmailKey::from_stored);
        let (email, name) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        Ok((row.try_get_by_index(0)?, Account { email, name, customer: customer.zip(key) }))
    };
    sql.all(db).await?.iter().map(read).collect()
}

impl Nobodys {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> Uuid {
        match &self.fact {
            Fact::Enrollment(id, _) => *id,
            Fact::Subscription(stored) => stored.id.uuid(),
        }
    }

    /// Its keyset position.
    #[must_use]
    pub fn position(&self) -> (String, Uuid) {
        (self.person.clone(), self.id())
    }

    /// Resolves the owner: the customer linked to the account, else the person of the account's current
    /// e-mail address, else the person of the e-mail address in the row.
    ///
    /// # Errors
    /// The problem code when the row cannot be assigned.
    pub fn whose(&self, accounts: &HashMap<Uuid, Account>) -> Result<Whose, BackfillProblemCode> {
        if matches!(self.fact, Fact::Enrollment(_, None)) {
            return Err(BackfillProblemCode::UnknownCourse);
        }
        let account = self.user_id.and_then(|id| accounts.get(&id));
        if let Some((id, key)) = account.and_then(|account| account.customer.clone()) {
            return Ok(Whose::Customer(id, key));
        }
        let of_account = account.and_then(|account| account.email.as_deref());
        let full_name = account.and_then(|account| account.name.clone()).or_else(|| self.name.clone());
        match Email::parse(of_account.or(self.email.as_deref()).unwrap_or_default()) {
            Ok(email) => Ok(Whose::Person(Person { full_name, ..Person::new(email) })),
            Err(EmailError::Missing) if self.user_id.is_some() && account.is_none() => {
                Err(BackfillProblemCode::UnknownAccount)
            }
            Err(EmailError::Missing) => Err(BackfillProblemCode::NoAddress),
            Err(_) => Err(BackfillProblemCode::AddressInvalid),
        }
    }

    /// Evidence for the customer: since when and from which source the store knows them.
    #[must_use]
    pub fn evidence(&self, now: Timestamp) -> Evidence {
        match &self.fact {
            Fact::Enrollment(_, stored) => Evidence {
                at: stored.as_ref().map_or(now, |stored| stored.enrollment.enrolled_at),
                source: Source::CourseEnrollment,
                detail: stored.as_ref().map(|stored| stored.title.clone()),
            },
            Fact::Subscription(stored) => Evidence {
                at: stored.subscription.map_or(now, |one| one.state().started_at),
                source: Source::Subscription,
                detail: stored.title.clone(),
            },
        }
    }

    /// Records the row as the customer's.
    pub fn give(self, ledger: &mut Ledger<'_>, customer: CustomerId, key: EmailKey, now: Timestamp) {
        let at = self.evidence(now).at;
        match self.fact {
            Fact::Enrollment(_, None) => {}
            Fact::Enrollment(_, Some(known)) => {
                let told = enrollments::Stored { customer: Some(customer), ..known.clone() };
                ledger.stock_enrollment(known);
                ledger.note_enrollment(told);
            }
            Fact::Subscription(known) => {
                let told =
                    subscriptions::Stored { claim: Some((Claim { at, key }, customer)), ..(*known).clone() };
                ledger.stock_subscription(*known);
                ledger.note_subscription(told);
            }
        }
    }
}
