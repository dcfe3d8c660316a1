//! What there is to say. Each area of the app has its file, in which the English words stand
//! beside what they are for; another language is another value of the same structures.

mod admin;
mod audit;
mod components;
mod errors;
mod events;
mod fan;
mod fans;
mod frame;
mod imports;
mod members;
mod overview;
mod settings;
mod stats;
mod table;
mod value;
mod welcome;
mod words;

pub(crate) use admin::AdminTexts;
pub(crate) use audit::AuditTexts;
pub(crate) use components::ComponentTexts;
pub(crate) use errors::ErrorTexts;
pub(crate) use events::EventTexts;
pub(crate) use fan::FanTexts;
pub(crate) use fans::FansTexts;
pub(crate) use frame::{FrameTexts, LoginTexts, NowhereTexts};
pub(crate) use imports::ImportTexts;
pub(crate) use members::MemberTexts;
pub(crate) use overview::OverviewTexts;
pub(crate) use settings::SettingsTexts;
pub(crate) use stats::StatsTexts;
pub(crate) use table::TableTexts;
pub(crate) use value::ValueTexts;
pub(crate) use welcome::WelcomeTexts;
pub(crate) use words::WordTexts;

/// The type of a text: words, unless it is said otherwise.
macro_rules! text_type {
    () => { &'static str };
    ($type:ty) => { $type };
}

/// Defines the texts of an area together with their English words.
macro_rules! texts {
    ($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident $(: $type:ty)? = $text:expr,)* }) => {
        $(#[$meta])*
        pub(crate) struct $name {
            $($(#[$field_meta])* pub $field: $crate::i18n::texts::text_type!($($type)?),)*
        }

        impl $name {
            /// In English.
            pub(in crate::i18n) const ENGLISH: Self = Self { $($field: $text,)* };
        }
    };
}

pub(in crate::i18n) use {text_type, texts};

/// All texts of one language.
pub(crate) struct Texts {
    pub admin: AdminTexts,
    pub audit: AuditTexts,
    pub components: ComponentTexts,
    pub errors: ErrorTexts,
    pub events: EventTexts,
    pub fan: FanTexts,
    pub fans: FansTexts,
    pub frame: FrameTexts,
    pub imports: ImportTexts,
    pub login: LoginTexts,
    pub members: MemberTexts,
    pub nowhere: NowhereTexts,
    pub overview: OverviewTexts,
    pub settings: SettingsTexts,
    pub stats: StatsTexts,
    pub table: TableTexts,
    pub value: ValueTexts,
    pub welcome: WelcomeTexts,
    pub words: WordTexts,
}

impl Texts {
    /// English.
    pub(super) const ENGLISH: Self = Self {
        admin: AdminTexts::ENGLISH,
        audit: AuditTexts::ENGLISH,
        components: ComponentTexts::ENGLISH,
        errors: ErrorTexts::ENGLISH,
        events: EventTexts::ENGLISH,
        fan: FanTexts::ENGLISH,
        fans: FansTexts::ENGLISH,
        frame: FrameTexts::ENGLISH,
        imports: ImportTexts::ENGLISH,
        login: LoginTexts::ENGLISH,
        members: MemberTexts::ENGLISH,
        nowhere: NowhereTexts::ENGLISH,
        overview: OverviewTexts::ENGLISH,
        settings: SettingsTexts::ENGLISH,
        stats: StatsTexts::ENGLISH,
        table: TableTexts::ENGLISH,
        value: ValueTexts::ENGLISH,
        welcome: WelcomeTexts::ENGLISH,
        words: WordTexts::ENGLISH,
    };
}
