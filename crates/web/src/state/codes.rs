//! Enumerations that have a code, for addresses and for the browser's memory.

/// Defines one; like the domain's `text_enum`, without what only the API needs.
macro_rules! codes {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $code:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) enum $name { $($(#[$variant_meta])* $variant,)* }

        impl $name {
            /// All of them, in their order.
            pub(crate) const ALL: [Self; { [$($code),*].len() }] = [$(Self::$variant),*];

            /// The code.
            pub(crate) const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// Reads the code.
            pub(crate) fn parse(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

pub(crate) use codes;
