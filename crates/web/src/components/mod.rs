//! Building blocks of the pages: thin, without requests and without knowledge of a page.

mod avatar;
mod badge;
pub(crate) mod chart;
mod copy;
mod dialog;
mod error_panel;
mod field;
mod icon;
mod loaded;
mod page_header;
mod popover;
mod progress;
mod score;
mod side_panel;
mod skeleton;
mod state_panel;
mod tag_list;
mod toaster;

pub(crate) use avatar::Avatar;
pub(crate) use badge::{Badge, ConsentBadge, Tone, TypeBadge};
pub(crate) use copy::{CopyButton, copy};
pub(crate) use dialog::{Dialog, DialogActions};
pub(crate) use error_panel::{ErrorNote, ErrorPanel, Remedy, error_text};
pub(crate) use field::{FormErrors, SelectField, TextArea, TextField};
pub(crate) use icon::{Glyph, Icon};
pub(crate) use loaded::loaded;
pub(crate) use page_header::PageHeader;
pub(crate) use popover::{Popover, unique_id};
pub(crate) use progress::Progress;
pub(crate) use score::Score;
pub(crate) use side_panel::SidePanel;
pub(crate) use skeleton::SkeletonLines;
pub(crate) use state_panel::{Place, StatePanel};
pub(crate) use tag_list::TagList;
pub(crate) use toaster::Toaster;
