//! The order of a list as SQL that indexes serve: a statement for each arm and each phase.

use fanbase_domain::page::{Arm, Bound, Phase, Position, Sort, SortColumn, SortValue};
use sea_orm::{ConnectionTrait, Value};

use crate::db::{is_sqlite, sql::Sql};

/// Fans without a value to sort by come after those with one; some columns always have one.
pub(super) fn phases(column: SortColumn) -> &'static [Phase] {
    match column {
        SortColumn::CreatedAt | SortColumn::Email => &[Phase::Valued],
        _ => &[Phase::Valued, Phase::Missing],
    }
}

/// The order of one arm, as SQL that an index serves.
pub(super) struct Order {
    table: &'static str,
    /// The column sorted by; accounts have none for what they never have.
    pub(super) column: Option<&'static str>,
    kind: SortColumn,
    ascending: bool,
}

impl Order {
    pub(super) fn new(arm: Arm, sort: Sort, backwards: bool) -> Self {
        let column = match (sort.column, arm) {
            (SortColumn::CreatedAt, _) => Some("created_at"),
            (SortColumn::Name, _) => Some("name_sort"),
            (SortColumn::Email, _) => Some("email_key"),
            (SortColumn::TotalSpent, Arm::Customers) => Some("total_spent"),
            (SortColumn::Score, Arm::Customers) => Some("score"),
            (SortColumn::LastActivityAt, Arm::Customers) => Some("last_activity_at"),
            (SortColumn::LastActivityAt, Arm::Users) => Some("last_sign_in_at"),
            (SortColumn::TotalSpent | SortColumn::Score, Arm::Users) => None,
        };
        let table = if arm == Arm::Customers { "c" } else { "u" };
        Self { table, column, kind: sort.column, ascending: sort.descending == backwards }
    }

    /// The columns of a place in the list: the id, and the value that is sorted by.
    pub(super) fn position(&self) -> String {
        let value = match (self.name(), self.kind) {
            (Some(name), _) => name,
            (None, SortColumn::Name | SortColumn::Email) => "CAST(NULL AS TEXT)".to_owned(),
            (None, _) => "CAST(NULL AS BIGINT)".to_owned(),
        };
        format!("{}.id, {value}", self.table)
    }

    fn name(&self) -> Option<String> {
        self.column.map(|column| format!("{}.{column}", self.table))
    }

    /// Adds ` AND` that there is a value, or none.
    pub(super) fn phase(&self, sql: &mut Sql, phase: Phase) {
        let Some(name) = self.name() else { return };
        match (self.kind, phase) {
            (SortColumn::CreatedAt | SortColumn::Email, _) => {}
            // Nobody has spent less than nothing.
            (SortColumn::TotalSpent, Phase::Valued) => {
                sql.push(&format!(" AND {name} > 0"));
            }
            (SortColumn::TotalSpent, Phase::Missing) => {
                sql.push(&format!(" AND {name} = 0"));
            }
            (_, Phase::Valued) => {
                sql.push(&format!(" AND {name} IS NOT NULL"));
            }
            (_, Phase::Missing) => {
                sql.push(&format!(" AND {name} IS NULL"));
            }
        }
    }

    /// Adds ` AND` what lies beyond the cursor, as one comparison: an OR would be a scan.
    pub(super) fn bound(&self, sql: &mut Sql, bound: &Bound) {
        let beyond = if self.ascending { ">" } else { "<" };
        let operator = |inclusive: bool| if inclusive { format!("{beyond}=") } else { beyond.to_owned() };
        match (bound, self.name()) {
            (Bound::All | Bound::Nothing, _) | (Bound::BeyondValue { .. }, None) => {}
            (Bound::BeyondValue { value, inclusive }, Some(name)) => {
                sql.push(&format!(" AND {name} {} ", operator(*inclusive))).bind(bindable(value));
            }
            // An address is unique, so that it needs no id to break ties.
            (Bound::Beyond { value: Some(value), inclusive, .. }, Some(name))
                if self.kind == SortColumn::Email =>
            {
                sql.push(&format!(" AND {name} {} ", operator(*inclusive))).bind(bindable(value));
            }
            (Bound::Beyond { value: Some(value), id, inclusive }, Some(name)) => {
                sql.push(&format!(" AND ({name}, {}.id) {} (", self.table, operator(*inclusive)));
                sql.bind(bindable(value)).push(", ").bind(*id).push(")");
            }
            (Bound::Beyond { id, inclusive, .. }, _) => {
                sql.push(&format!(" AND {}.id {} ", self.table, operator(*inclusive))).bind(*id);
            }
        }
    }

    /// Adds ` AND` what does not lie beyond a position.
    pub(super) fn up_to(&self, sql: &mut Sql, last: &Position) {
        let operator = if self.ascending { "<=" } else { ">=" };
        if let (Some(name), Some(value)) = (self.name(), &last.value) {
            sql.push(&format!(" AND {name} {operator} ")).bind(bindable(value));
        }
    }

    /// Adds the ORDER BY. What was gathered is sorted: the `+` keeps SQLite from walking
    /// an index in this order instead.
    pub(super) fn order_by(&self, sql: &mut Sql, db: &impl ConnectionTrait, gathered: bool) {
        let direction = if self.ascending { "ASC" } else { "DESC" };
        let plus = if gathered && is_sqlite(db) { "+" } else { "" };
        let id = format!("{plus}{}.id {direction}", self.table);
        match self.name() {
            Some(name) if self.kind == SortColumn::Email => {
                sql.push(&format!(" ORDER BY {plus}{name} {direction}"))
            }
            Some(name) => sql.push(&format!(" ORDER BY {plus}{name} {direction}, {id}")),
            None => sql.push(&format!(" ORDER BY {id}")),
        };
    }
}

/// What is sorted by, as a value of a statement.
#[must_use]
pub fn bindable(value: &SortValue) -> Value {
    match value {
        SortValue::Int(n) => (*n).into(),
        SortValue::Text(text) => text.as_str().into(),
    }
}
