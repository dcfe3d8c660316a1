//! Recognises the columns of a file by their values.
//!
//! Headers are ambiguous: most CRMs have a column "Status", "Source" or "Type" for the state of a sale,
//! a campaign or a kind of person. A column is mapped by its header only if its values match; otherwise
//! it becomes a custom field, and no value is lost.

use super::{
    columns::{Column, Mapping},
    consent_cell::{self, Statement},
    headers,
    number::{self, DecimalMark},
};
use crate::{fan::FanType, source::Source, text};

/// The percentage of values that must be recognised.
const UNDERSTOOD: u64 = 90;

/// The result of a survey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surveyed {
    /// The mapping of the columns.
    pub mapping: Mapping,
    /// Columns that seem to be about consent but are not recognised.
    pub unclear: Vec<usize>,
    /// Whether a column states who agreed to be mailed.
    pub says_consent: bool,
    /// The decimal mark; `None` without a column of numbers.
    pub decimal_mark: Option<DecimalMark>,
}

/// Collects the values of a file, row by row.
#[derive(Debug)]
pub struct Survey {
    mapping: Mapping,
    header: Vec<String>,
    seen: Vec<Seen>,
}

/// The check that a survey makes on a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Question {
    /// No check.
    None,
    /// Whether the column has any value.
    Filled,
    /// Whether the values are states of consent, in a column that could be about anything.
    Status,
    /// Whether the values are about consent at all.
    Consent,
    /// Whether the values are those of our own export.
    Type,
    Source,
    /// The decimal mark.
    Number,
}

/// The counters of a column.
#[derive(Clone, Copy, Debug)]
struct Seen {
    question: Question,
    filled: u64,
    understood: u64,
    /// Unambiguous states of consent.
    clear: u64,
    /// States of mail services that are ambiguous elsewhere.
    vague: u64,
    points: u64,
    commas: u64,
}

impl Survey {
    /// Starts a survey.
    #[must_use]
    pub fn new(mapping: Mapping, header: &[&str]) -> Self {
        let seen = mapping.columns().iter().zip(header).enumerate().map(|(i, (column, cell))| {
            let question = question(&mapping, i, column, cell);
            Seen { question, filled: 0, understood: 0, clear: 0, vague: 0, points: 0, commas: 0 }
        });
        Self { seen: seen.collect(), header: header.iter().map(|cell| (*cell).to_owned()).collect(), mapping }
    }

    /// Whether no column needs a check.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.seen.iter().all(|seen| seen.question == Question::None)
    }

    /// Number of columns of the file.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.seen.len()
    }

    /// Adds a row.
    pub fn row(&mut self, cells: &[&str]) {
        for (seen, cell) in self.seen.iter_mut().zip(cells) {
            if seen.question != Question::None && !cell.is_empty() {
                seen.look(cell);
            }
        }
    }

    /// Finishes the survey of a file with a known decimal mark.
    #[must_use]
    pub fn finish_with(mut self, mark: DecimalMark) -> Surveyed {
        for seen in &mut self.seen {
            (seen.points, seen.commas) = (0, 0);
        }
        self.finish(mark)
    }

    /// Finishes the survey. `default_mark` is for columns whose numbers do not imply a mark.
    #[must_use]
    pub fn finish(self, default_mark: DecimalMark) -> Surveyed {
        let Self { mut mapping, header, seen } = self;
        let mut unclear = Vec::new();
        let (mut says_consent, mut decimal_mark) = (false, None);
        for (i, (seen, cell)) in seen.iter().zip(&header).enumerate() {
            let is_understood = seen.understood * 100 >= seen.filled * UNDERSTOOD;
            match seen.question {
                Question::Filled if seen.filled == 0 => mapping.set(i, Column::Ignore),
                Question::Type | Question::Source if seen.understood < seen.filled => {
                    mapping.keep_as_field(i, cell);
                }
                Question::Status if seen.filled > 0 => {
                    let is_consent = is_understood && (seen.clear > 0 || mapping.is_mail_service);
                    if !is_consent {
                        // States that could be consent or anything else.
                        let is_doubtful = seen.clear > 0 || seen.vague * 100 >= seen.filled * UNDERSTOOD;
                        unclear.extend(is_doubtful.then_some(i));
                        remark(&mut mapping, i, cell);
                    }
                    says_consent |= is_consent;
                }
                Question::Consent if seen.filled > 0 => {
                    let column = &mapping.columns()[i];
                    let is_field = matches!(column, Column::Attribute { .. });
                    let agrees = matches!(
                        column,
                        Column::Consent
                            | Column::Subscribed
                            | Column::OptedIn
                            | Column::OptedInAt
                            | Column::Blacklisted
                    );
                    if is_field || (agrees && !is_understood) {
                        unclear.push(i);
                        remark(&mut mapping, i, cell);
                    } else {
                        unclear.extend((!is_understood).then_some(i));
                        says_consent |= agrees;
                    }
                }
                Question::Number => {
                    let mark = seen.decimal_mark(default_mark);
                    mapping.decimals[i] = mark;
                    decimal_mark = decimal_mark.or(Some(mark));
                }
                _ => {}
            }
        }
        Surveyed { mapping, unclear, says_consent, decimal_mark }
    }
}

impl Seen {
    fn look(&mut self, cell: &str) {
        let Some(cell) = text::non_blank(cell) else { return };
        self.filled += 1;
        let is_understood = match self.question {
            Question::None | Question::Filled => true,
            Question::Type => FanType::parse(&text::fold(cell)).is_some(),
            Question::Source => Source::parse(&text::fold(cell)).is_some(),
            Question::Status => self.look_at_status(cell),
            Question::Consent => match consent_cell::read(cell) {
                Statement::Unknown => false,
                Statement::Nothing => {
                    self.filled -= 1;
                    return;
                }
                _ => true,
            },
            Question::Number => {
                match number::evidence(cell) {
                    Some(DecimalMark::Point) => self.points += 1,
                    Some(DecimalMark::Comma) => self.commas += 1,
                    None => {}
                }
                true
            }
        };
        self.understood += u64::from(is_understood);
    }

    fn look_at_status(&mut self, cell: &str) -> bool {
        match (consent_cell::read(cell), consent_cell::state(cell)) {
            (Statement::Consent(_), _) => self.clear += 1,
            (_, Some(_)) => self.vague += 1,
            _ => return false,
        }
        true
    }

    fn decimal_mark(&self, default: DecimalMark) -> DecimalMark {
        match self.points.cmp(&self.commas) {
            std::cmp::Ordering::Greater => DecimalMark::Point,
            std::cmp::Ordering::Less => DecimalMark::Comma,
            std::cmp::Ordering::Equal => default,
        }
    }
}

/// Maps a column to a custom field in which unambiguous opt-outs are applied.
fn remark(mapping: &mut Mapping, index: usize, header: &str) {
    if !matches!(mapping.columns()[index], Column::Attribute { .. } | Column::Remark { .. }) {
        mapping.keep_as_field(index, header);
    }
    if let Column::Attribute { key, label } = mapping.columns()[index].clone() {
        mapping.set(index, Column::Remark { key, label });
    }
}

fn question(mapping: &Mapping, index: usize, column: &Column, header: &str) -> Question {
    let is_number = matches!(column, Column::Score | Column::TotalSpent);
    if mapping.is_explicit(index) || mapping.is_ours {
        return if is_number { Question::Number } else { Question::None };
    }
    match column {
        _ if is_number => Question::Number,
        Column::Type => Question::Type,
        Column::Source => Question::Source,
        Column::Consent if headers::names_one_of(header, &headers::STATUS) => Question::Status,
        Column::Consent
        | Column::Subscribed
        | Column::OptedIn
        | Column::OptedInAt
        | Column::OptedOut
        | Column::Blacklisted
        | Column::Bounced
        | Column::Complained => Question::Consent,
        Column::Attribute { .. } if headers::hints_at_consent(header) => Question::Consent,
        Column::Attribute { .. } if headers::clean(header).is_empty() => Question::Filled,
        _ => Question::None,
    }
}

#[cfg(test)]
mod tests;
