//! Every text that people read, and numbers, money and dates as their locale writes them.
//!
//! A language is one value of [`Texts`]: what is not translated does not compile.

mod ago;
pub(crate) mod case;
pub(crate) mod day;
pub(crate) mod format;
mod plural;
mod texts;

pub(crate) use ago::Ago;
pub(crate) use plural::{counted, noun};
pub(crate) use texts::Texts;

static ENGLISH: Texts = Texts::ENGLISH;

/// The texts in the reader's language.
pub(crate) fn t() -> &'static Texts {
    &ENGLISH
}
