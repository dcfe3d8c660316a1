//! Irregularities (quirks) of real contact files, and their frequency in the sample.

use super::people::Consent;

/// A quirk of a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Quirk {
    /// A new person with an unusual cell.
    Cell(CellQuirk),
    /// A new person after an empty line, which is not a row.
    BlankLine,
    /// A new person whose row lacks the last cell.
    ShortRow,
    /// A new person whose row has additional empty cells.
    LongRowEmpty,
    /// A row with data beyond the last column of the header. It is invalid, because cells may have
    /// shifted. A valid row about the same person follows.
    LongRowData,
    /// A row with an invalid e-mail address. A valid row about the same person follows.
    Invalid(InvalidQuirk),
    /// A further row about a person.
    Duplicate(DuplicateQuirk),
}

/// An unusual but legal cell.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the table of quirks describes them")]
pub enum CellQuirk {
    TypedCase,
    Comma,
    Quotes,
    LineBreak,
    LineFeed,
    ZeroCreated,
    ZeroLastOpen,
    DateOnly,
    DateOffset,
    DateRfc3339,
    StatusDigit(Consent),
    FormulaEquals,
    FormulaPlus,
    FormulaMinus,
    FormulaAt,
    Apostrophe,
    LongText,
    Html,
    Script,
    Emoji,
    MessyTags,
    MultiValueEdges,
}

/// Why an e-mail address is invalid.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the table of quirks describes them")]
pub enum InvalidQuirk {
    NoAt,
    TwoAt,
    Empty,
    Blank,
    InnerSpace,
    NoDomain,
    NoLocalPart,
    AllCellsEmpty,
}

/// The difference between a later row about a person and the first one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the table of quirks describes them")]
pub enum DuplicateQuirk {
    Exact,
    Case,
    UpperDomain,
    Spaces,
    NoBreakSpace,
    ZeroWidth,
    ByteOrderMark,
    TrailingDot,
    Adjacent,
    Far,
    BlankCells,
    ShortRow,
    NewerValues,
    IdnAscii,
    IdnDecomposed,
    /// The merged consent of the previous rows is `from`; this row states `to`.
    Consent {
        from: Consent,
        to: Consent,
    },
}

/// A quirk with its frequency and its name.
pub struct Spec {
    /// Name in [`Expected::quirks`](super::Expected::quirks).
    pub name: &'static str,
    /// One of this many rows has it.
    pub every: u64,
    /// The quirk.
    pub quirk: Quirk,
}

impl Spec {
    /// Number of rows with the quirk in a file of this size: at least one from 1,000 rows on.
    pub fn planned(&self, rows: u64) -> u64 {
        (rows / self.every).max(u64::from(rows >= 1_000))
    }

    /// The earliest position in the file, in per cent of the rows.
    pub fn first_percent(&self) -> u64 {
        match self.quirk {
            // Half of the file is between the two rows, so that they are in different import batches.
            Quirk::Duplicate(DuplicateQuirk::Far) => 60,
            // By then all kinds of people that a duplicate needs have appeared, even in a file of 1,000
            // rows.
            Quirk::Duplicate(_) => 20,
            _ => 1,
        }
    }
}

const fn cell(name: &'static str, every: u64, quirk: CellQuirk) -> Spec {
    let quirk = Quirk::Cell(quirk);
    Spec { name, every, quirk }
}

const fn invalid(name: &'static str, every: u64, quirk: InvalidQuirk) -> Spec {
    let quirk = Quirk::Invalid(quirk);
    Spec { name, every, quirk }
}

const fn duplicate(name: &'static str, every: u64, quirk: DuplicateQuirk) -> Spec {
    let quirk = Quirk::Duplicate(quirk);
    Spec { name, every, quirk }
}

const fn consent(name: &'static str, every: u64, from: Consent, to: Consent) -> Spec {
    duplicate(name, every, DuplicateQuirk::Consent { from, to })
}

const fn shape(name: &'static str, every: u64, quirk: Quirk) -> Spec {
    Spec { name, every, quirk }
}

/// All scheduled quirks. Those that follow from the person (international domains, sub-addresses, dots
/// in Gmail addresses) are counted when they occur.
#[rustfmt::skip] // A table.
pub const QUIRKS: &[Spec] = &[
    // E-mail addresses as typed: Anna.Smith@Gmail.com
    cell("typed_case", 200, CellQuirk::TypedCase),
    // A last name such as "King, Jr."
    cell("comma_in_name", 600, CellQuirk::Comma),
    // A first name such as: Max "808"
    cell("quotes_in_name", 600, CellQuirk::Quotes),
    // CRLF, or a bare LF, inside quotes.
    cell("line_break_in_cell", 700, CellQuirk::LineBreak),
    cell("line_feed_in_cell", 1_500, CellQuirk::LineFeed),
    // 0000-00-00 00:00:00
    cell("zero_date_created", 700, CellQuirk::ZeroCreated),
    cell("zero_date_last_open", 400, CellQuirk::ZeroLastOpen),
    // 2024-03-05, 2024-03-05 14:22:11-05:00, 2024-03-05T14:22:11-05:00
    cell("date_only", 150, CellQuirk::DateOnly),
    cell("date_offset", 300, CellQuirk::DateOffset),
    cell("date_rfc3339", 300, CellQuirk::DateRfc3339),
    cell("status_digit_unconfirmed", 9_000, CellQuirk::StatusDigit(Consent::Unconfirmed)),
    cell("status_digit_active", 300, CellQuirk::StatusDigit(Consent::Subscribed)),
    cell("status_digit_unsubscribed", 1_500, CellQuirk::StatusDigit(Consent::Unsubscribed)),
    cell("status_digit_bounced", 4_000, CellQuirk::StatusDigit(Consent::Bounced)),
    // Formulas, in the alias, the reason, the DAW and the alias.
    cell("formula_equals", 2_500, CellQuirk::FormulaEquals),
    cell("formula_plus", 2_500, CellQuirk::FormulaPlus),
    cell("formula_minus", 1_500, CellQuirk::FormulaMinus),
    cell("formula_at", 900, CellQuirk::FormulaAt),
    // A last name that starts with an apostrophe: 't Hooft
    cell("leading_apostrophe", 3_000, CellQuirk::Apostrophe),
    // 2 to 4 KB of text in the reason.
    cell("long_text", 2_500, CellQuirk::LongText),
    // <b> and <i>; and a script element that a page without escaping would run.
    cell("html_in_name", 2_500, CellQuirk::Html),
    cell("script_in_name", 8_000, CellQuirk::Script),
    // Emoji, some joined by U+200D, which must not be trimmed.
    cell("emoji_in_name", 500, CellQuirk::Emoji),
    // "Beat Tape, beat tape,, VIP ,"
    cell("messy_tags", 800, CellQuirk::MessyTags),
    // "||Hip Hop|| ||Trap||"
    cell("multi_value_edges", 900, CellQuirk::MultiValueEdges),

    shape("blank_line_before", 1_500, Quirk::BlankLine),
    shape("short_row", 1_500, Quirk::ShortRow),
    shape("long_row_empty_cells", 1_500, Quirk::LongRowEmpty),
    shape("long_row_with_data", 3_000, Quirk::LongRowData),

    invalid("invalid_no_at", 2_500, InvalidQuirk::NoAt),
    invalid("invalid_two_at", 4_000, InvalidQuirk::TwoAt),
    invalid("invalid_empty", 2_000, InvalidQuirk::Empty),
    invalid("invalid_blank", 6_000, InvalidQuirk::Blank),
    invalid("invalid_inner_space", 4_000, InvalidQuirk::InnerSpace),
    invalid("invalid_no_domain", 5_000, InvalidQuirk::NoDomain),
    invalid("invalid_no_local_part", 8_000, InvalidQuirk::NoLocalPart),
    // The row of commas that spreadsheets append.
    invalid("invalid_all_cells_empty", 12_000, InvalidQuirk::AllCellsEmpty),

    duplicate("duplicate_exact", 400, DuplicateQuirk::Exact),
    duplicate("duplicate_case", 250, DuplicateQuirk::Case),
    duplicate("duplicate_upper_domain", 700, DuplicateQuirk::UpperDomain),
    duplicate("duplicate_spaces", 800, DuplicateQuirk::Spaces),
    duplicate("duplicate_no_break_space", 2_000, DuplicateQuirk::NoBreakSpace),
    duplicate("duplicate_zero_width_space", 2_500, DuplicateQuirk::ZeroWidth),
    duplicate("duplicate_byte_order_mark", 9_000, DuplicateQuirk::ByteOrderMark),
    duplicate("duplicate_trailing_dot", 9_000, DuplicateQuirk::TrailingDot),
    duplicate("duplicate_adjacent", 500, DuplicateQuirk::Adjacent),
    duplicate("duplicate_far", 400, DuplicateQuirk::Far),
    // Blank cells must not erase values of the first row; neither must the missing cells of a short
    // row.
    duplicate("duplicate_blank_cells", 500, DuplicateQuirk::BlankCells),
    duplicate("duplicate_short_row", 3_000, DuplicateQuirk::ShortRow),
    duplicate("duplicate_newer_values", 500, DuplicateQuirk::NewerValues),
    // The international domain in its ASCII form, and with a decomposed umlaut.
    duplicate("duplicate_idn_ascii", 9_000, DuplicateQuirk::IdnAscii),
    duplicate("duplicate_idn_decomposed", 9_000, DuplicateQuirk::IdnDecomposed),
    consent("duplicate_unsubscribed_then_active", 500, Consent::Unsubscribed, Consent::Subscribed),
    consent("duplicate_active_then_unsubscribed", 600, Consent::Subscribed, Consent::Unsubscribed),
    consent("duplicate_active_then_bounced", 2_000, Consent::Subscribed, Consent::Bounced),
    consent("duplicate_active_then_unconfirmed", 5_000, Consent::Subscribed, Consent::Unconfirmed),
    consent("duplicate_unconfirmed_then_active", 2_500, Consent::Unconfirmed, Consent::Subscribed),
    consent("duplicate_bounced_then_active", 2_000, Consent::Bounced, Consent::Subscribed),
    consent("duplicate_bounced_then_unsubscribed", 5_000, Consent::Bounced, Consent::Unsubscribed),
];
