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
    Close,
    Columns,
    Copy,
    Customers,
    Download,
    Edit,
    Events,
    Fans,
    Import,
    Link,
    List,
    LogOut,
    Menu,
    #[cfg_attr(not(debug_assertions), expect(dead_code, reason = "on the design page only"))]
    More,
    Offline,
    Overview,
    Plus,
    Search,
    Settings,
    SortDown,
    SortUp,
    Store,
    Tag,
    Theme,
    Trash,
    Untag,
    UpDown,
    Views,
}

impl Glyph {
    const fn path(self) -> &'static str {
        match self {
            Self::Alert => "M8 2 1.500 13.500h13zM8 6.500v3M8 11.600v.01",
            Self::Brand => "M5.500 12.500v-9h5.500M5.500 7.800H10",
            Self::Check => "M3 8.500l3.200 3.200L13 5",
            Self::Close => "M4 4l8 8M12 4l-8 8",
            Self::Columns => "M2.500 3h11v10h-11zM6.200 3v10M9.800 3v10",
            Self::Copy => "M6 6h7.500v7.500H6zM3.500 10h-1V2.500H10v1",
            Self::Customers => {
                "M3.500 5.500h9l.800 8h-10.600zM5.500 7.500v-2.500a2.500 2.500 0 0 1 5 0v2.500"
            }
            Self::Download => "M8 2.500v7.500M4.800 7 8 10.200 11.200 7M2.500 13.500h11",
            Self::Edit => "M10.800 2.800l2.400 2.400L5.500 13H3v-2.500zM9.300 4.300l2.400 2.400",
            Self::Events => "M9 1.800 3.500 9H8l-1 5.200L12.500 7H8z",
            Self::Link => {
                "M6.500 9.500 9.500 6.500M7 4.500l1.300-1.300a3 3 0 0 1 4.500 4.500L11.500 9M9 11.500l-1.300 1.300a3 3 0 0 1-4.500-4.500L4.500 7"
            }
            Self::List => "M5.500 4h8M5.500 8h8M5.500 12h8M2.500 4v.01M2.500 8v.01M2.500 12v.01",
            Self::Import => "M8 10.500V3M4.800 6 8 2.800 11.200 6M2.500 13.500h11",
            Self::More => "M3.500 8v.01M8 8v.01M12.500 8v.01",
            Self::Offline => {
                "M2 2l12 12M4 7.300A6 6 0 0 1 6.600 6M9.500 6A6 6 0 0 1 12 7.300M6 10a3 3 0 0 1 3.600-.300M8 12.500v.01M1.800 5A9 9 0 0 1 4 3.600M8 2.900a9 9 0 0 1 6.200 2.100"
            }
            Self::Overview => "M2.500 12.500 6 8l2.500 2.500L13.500 4M10.300 4h3.200v3.200",
            Self::Plus => "M8 3v10M3 8h10",
            Self::Settings => {
                "M10 8a2 2 0 1 1-4 0 2 2 0 0 1 4 0zM8 1.500v2M8 12.500v2M1.500 8h2M12.500 8h2M3.400 3.400l1.400 1.400M11.200 11.200l1.400 1.400M3.400 12.600l1.400-1.400M11.200 4.800l1.400-1.400"
            }
            Self::SortDown => "M8 3.500v9M4.500 9 8 12.500 11.500 9",
            Self::SortUp => "M8 12.500v-9M4.500 7 8 3.500 11.500 7",
            Self::Tag => "M2.500 2.500h5l6 6-5 5-6-6zM5.300 5.300v.01",
            Self::Theme => "M8 2.500a5.500 5.500 0 1 0 0 11zM8 2.500a5.500 5.500 0 0 1 0 11",
            Self::Trash => "M2.500 4.500h11M6 4.500v-2h4v2M4 4.500l.600 9h6.800l.600-9M6.700 7v4M9.300 7v4",
            Self::Views => "M4 2.500h8v11l-4-3-4 3z",
            Self::ChevronLeft => "M10 3.500 5.500 8 10 12.500",
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
            Self::Untag => "M5.500 2.500h2l6 6-2.500 2.500M9.500 12.500l-1 1-6-6v-4M2 2l12 12",
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
