//! Every text that people read, and numbers, money and dates as their locale writes them.
//!
//! A language is one value of [`Texts`]: what is not translated does not compile.

mod ago;
mod en;
pub(crate) mod format;
mod texts;

pub(crate) use ago::Ago;
pub(crate) use texts::Texts;

/// The texts in the reader's language.
pub(crate) fn t() -> &'static Texts {
    &en::TEXTS
}
