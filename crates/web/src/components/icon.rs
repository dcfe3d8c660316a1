//! The icons: line drawings on a 16-pixel grid, in the colour of the text around them.

use leptos::prelude::*;

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Glyph {
    Alert,
    Brand,
    Check,
    ChevronLeft,
    ChevronRight,
    Fans,
    LogOut,
    Menu,
    Search,
    Store,
    UpDown,
}

impl Glyph {
    const fn path(self) -> &'static str {
        match self {
            Self::Alert => "M8 2 1.500 13.500h13zM8 6.500v3M8 11.600v.01",
            Self::Brand => "M5.500 12.500v-9h5.500M5.500 7.800H10",
            Self::Check => "M3 8.500l3.200 3.200L13 5",
            Self::ChevronLeft => "M10 3.500 5.500 8l4.500 4.500",
            Self::ChevronRight => "M6 3.500 10.500 8 6 12.500",
            Self::Fans => {
                "M8.500 5.500a2.500 2.500 0 1 1-5 0 2.500 2.500 0 0 1 5 0zM1.800 13c.4-2.400 2-3.700 4.200-3.700s3.800 1.300 4.200 3.700\
                 M10.500 3.300a2.400 2.400 0 0 1 0 4.500M12 9.600c1.300.5 2 1.700 2.300 3.400"
            }
            Self::LogOut => "M6.500 2.500h-3a1 1 0 0 0-1 1v9a1 1 0 0 0 1 1h3M10.500 11l3-3-3-3M13.500 8h-7",
            Self::Menu => "M2.500 4.500h11M2.500 8h11M2.500 11.500h11",
            Self::Search => "M11.500 7a4.500 4.500 0 1 1-9 0 4.500 4.500 0 0 1 9 0zM10.300 10.300 14 14",
            Self::Store => {
                "M2.500 6.500v7h11v-7M1.800 6.300l1.400-3.800h9.600l1.400 3.800a2 2 0 0 1-4 .2 2.100 2.100 0 0 1-4.200 0 2.100 2.100 0 0 1-4.200-.2z"
            }
            Self::UpDown => "M5 6l3-3 3 3M5 10l3 3 3-3",
        }
    }
}

/// Decorative: the words beside it say what it means.
#[component]
pub(crate) fn Icon(glyph: Glyph) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path d=glyph.path() />
        </svg>
    }
}
