//! The order of a list as SQL that an index serves: one statement for each branch and phase.

use fanbase_domain::page::{Arm, Bound, Phase, Position, Sort, SortColumn, SortValue};
use sea_orm::{ConnectionTrait, Value};

use crate::db::{is_sqlite, sql::Sql};

/// The phases of an order: fans with a value, then those without. Some columns always have a value.
pub(super) fn phases(column: SortColumn) -> &'static [Phase] {
    match column {
        SortColumn::CreatedAt | SortColumn::Email => &[Phase::Valued],
        _ => &[Phase::Valued, Phase::Missing],
    }
}

/// The order of one branch.
pub(super) struct Order {
    table: &'static str,
    /// The sort column; `None` for accounts if only customers have it.
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

    /// The columns of a position: id and sort value.
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

    /// Adds ` AND` that the sort value is present or missing.
    pub(super) fn phase(&self, sql: &mut Sql, phase: Phase) {
        let Some(name) = self.name() else { return };
        match (self.kind, phase) {
            (SortColumn::CreatedAt | SortColumn::Email, _) => {}
            // `total_spent` is never negative.
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

    /// Adds ` AND` the keyset condition, as one row comparison: an OR would prevent an index range scan.
    pub(super) fn bound(&self, sql: &mut Sql, bound: &Bound) {
        let beyond = if self.ascending { ">" } else { "<" };
        let operator = |inclusive: bool| if inclusive { format!("{beyond}=") } else { beyond.to_owned() };
        match (bound, self.name()) {
            (Bound::All | Bound::Nothing, _) | (Bound::BeyondValue { .. }, None) => {}
            (Bound::BeyondValue { value, inclusive }, Some(name)) => {
                sql.push(&format!(" AND {name} {} ", operator(*inclusive))).bind(bindable(value));
            }
            // An e-mail address is unique, so that it needs no id to break ties.
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

    /// Adds ` AND` that the sort value is not beyond a position.
    pub(super) fn up_to(&self, sql: &mut Sql, last: &Position) {
        let operator = if self.ascending { "<=" } else { ">=" };
        if let (Some(name), Some(value)) = (self.name(), &last.value) {
            sql.push(&format!(" AND {name} {operator} ")).bind(bindable(value));
        }
    }

    /// Adds the ORDER BY. A candidate set is sorted: the `+` keeps SQLite from scanning an index in this
    /// order instead.
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

/// Converts a sort value into a bound value.
#[must_use]
pub fn bindable(value: &SortValue) -> Value {
    match value {
        SortValue::Int(n) => (*n).into(),
        SortValue::Text(text) => text.as_str().into(),
    }
}
