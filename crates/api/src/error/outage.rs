//! Failures of the database that are no fault of the statement: it cannot be reached, is busy, or took
//! longer than a statement may.

use sea_orm::{DbErr, RuntimeErr};
use thiserror::Error;

/// Why the database did not do something that it may do the next time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(super) enum Outage {
    /// No connection was free in time, or another process held a lock: nothing was sent.
    #[error("The server is busy. Try again in a moment.")]
    Busy,
    /// The connection could not be made, or broke.
    #[error(
        "The database cannot be reached. If the request was to change something, whether that was saved is \
         not known: read it again before you repeat the request, or repeat it with its Idempotency-Key."
    )]
    Unreachable,
    /// The statement was stopped at its time limit.
    #[error("The database took too long. Ask for less, such as a longer search or a smaller page.")]
    TimeLimit,
}

impl Outage {
    /// Seconds after which to try again.
    pub(super) const fn retry_after(self) -> u32 {
        match self {
            Self::Busy | Self::Unreachable => 1,
            Self::TimeLimit => 30,
        }
    }
}

/// The outage that an error tells of, if it is one.
pub(super) fn of(error: &DbErr) -> Option<Outage> {
    match error {
        DbErr::ConnectionAcquire(_) => Some(Outage::Busy),
        DbErr::Conn(RuntimeErr::SqlxError(error))
        | DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error)) => of_driver(error),
        DbErr::Conn(RuntimeErr::Internal(_)) => Some(Outage::Unreachable),
        _ => None,
    }
}

fn of_driver(error: &sqlx::Error) -> Option<Outage> {
    match error {
        sqlx::Error::PoolTimedOut => Some(Outage::Busy),
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => Some(Outage::Unreachable),
        sqlx::Error::Database(error) => of_code(error.code()?.as_ref()),
        _ => None,
    }
}

/// SQLSTATE of PostgreSQL (appendix A of its manual: class 08 connection exception, 57P operator
/// intervention, 53300 too many connections, 57014 cancelled) and result codes of SQLite (5 and its
/// extended codes: busy; 9: interrupted).
fn of_code(code: &str) -> Option<Outage> {
    match code {
        "57014" | "9" => Some(Outage::TimeLimit),
        "5" | "261" | "517" | "773" | "53300" => Some(Outage::Busy),
        "57P01" | "57P02" | "57P03" => Some(Outage::Unreachable),
        code if code.len() == 5 && code.starts_with("08") => Some(Outage::Unreachable),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn a_broken_connection_is_an_outage_and_a_wrong_statement_is_none() {
        let driver = |error| DbErr::Exec(RuntimeErr::SqlxError(Arc::new(error)));
        let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        assert_eq!(of(&driver(sqlx::Error::Io(refused))), Some(Outage::Unreachable));
        assert_eq!(of(&driver(sqlx::Error::PoolTimedOut)), Some(Outage::Busy));
        assert_eq!(of(&driver(sqlx::Error::RowNotFound)), None);
        assert_eq!(of(&DbErr::Custom("wrong".to_owned())), None);
    }

    #[test]
    fn codes_of_both_databases_are_understood() {
        for (code, outage) in [
            ("57014", Some(Outage::TimeLimit)),
            ("9", Some(Outage::TimeLimit)),
            ("5", Some(Outage::Busy)),
            ("517", Some(Outage::Busy)),
            ("57P03", Some(Outage::Unreachable)),
            ("08006", Some(Outage::Unreachable)),
            ("23505", None),
            ("40001", None),
            ("2067", None),
        ] {
            assert_eq!(of_code(code), outage, "{code}");
        }
    }
}
