//! Building blocks of the pages: thin, without requests and without knowledge of a page.

mod avatar;
mod badge;
mod error_panel;
mod icon;
mod score;
mod state_panel;
mod tag_list;

pub(crate) use avatar::Avatar;
pub(crate) use badge::TypeBadge;
pub(crate) use error_panel::{ErrorPanel, Remedy, error_text};
pub(crate) use icon::{Glyph, Icon};
pub(crate) use score::Score;
pub(crate) use state_panel::{Place, StatePanel};
pub(crate) use tag_list::TagList;
