//! Light, dark, or as the system has it. `start.js` applies what is remembered before anything
//! is drawn; the name of the entry is the same there.

use leptos::prelude::*;

use super::{codes::codes, memory};

/// The entry in the browser's memory, and the attribute of the page.
const NAME: &str = "theme";

codes! {
    /// What the pages look like.
    Theme {
        /// As the system has it.
        System = "system",
        /// Dark on light.
        Light = "light",
        /// Light on dark.
        Dark = "dark",
    }
}

/// The theme that the person chose, a context of the whole app.
#[derive(Clone, Copy)]
pub(crate) struct ThemeChoice(RwSignal<Theme>);

impl ThemeChoice {
    /// What is remembered.
    pub(crate) fn start() -> Self {
        let remembered = memory::recall(NAME).and_then(|name| Theme::parse(&name));
        Self(RwSignal::new(remembered.unwrap_or(Theme::System)))
    }

    /// The theme, reactively.
    pub(crate) fn get(self) -> Theme {
        self.0.get()
    }

    /// Chooses another, at once and for the next visits.
    pub(crate) fn choose(self, theme: Theme) {
        memory::remember(NAME, theme.as_str());
        if let Some(root) = document().document_element() {
            // Refused only for names that are none.
            _ = match theme {
                Theme::System => root.remove_attribute("data-theme"),
                Theme::Light | Theme::Dark => root.set_attribute("data-theme", theme.as_str()),
            };
        }
        self.0.set(theme);
    }
}
