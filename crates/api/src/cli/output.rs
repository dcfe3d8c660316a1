//! What commands print: sentences for people, or JSON for scripts.

use std::io::Write as _;

use super::Failure;

/// Standard output in either form.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    json: bool,
}

impl Output {
    /// For people unless `json`.
    #[must_use]
    pub fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether a script reads it.
    #[must_use]
    pub fn is_json(self) -> bool {
        self.json
    }

    /// Prints a sentence for people; scripts get it with the result.
    ///
    /// # Errors
    /// When standard output is closed.
    pub fn say(self, sentence: &str) -> Result<(), Failure> {
        if self.json { Ok(()) } else { self.text(sentence) }
    }

    /// Prints a value as JSON, or a text for people.
    ///
    /// # Errors
    /// When standard output is closed.
    pub fn result(self, value: &impl serde::Serialize, text: &str) -> Result<(), Failure> {
        if self.json {
            let json = serde_json::to_string(value).map_err(|error| Failure::new(error.to_string()))?;
            self.text(&json)
        } else {
            self.text(text)
        }
    }

    /// Prints a text as it is.
    ///
    /// # Errors
    /// When standard output is closed.
    pub fn text(self, text: &str) -> Result<(), Failure> {
        Ok(writeln!(std::io::stdout(), "{text}")?)
    }
}
