//! Consent: whether a customer may be mailed.

use crate::text_enum;

text_enum! {
    /// Whether a customer may be mailed, from the most to the least permissive.
    ///
    /// The order matters: an import may only move a customer down this list.
    pub enum Consent {
        /// May be mailed.
        Subscribed = "subscribed",
        /// Asked, but never confirmed (double opt-in).
        Unconfirmed = "unconfirmed",
        /// Asked not to be mailed.
        Unsubscribed = "unsubscribed",
        /// The e-mail address bounces.
        Bounced = "bounced",
        /// Reported a mail as spam.
        Complained = "complained",
    }
}

impl Consent {
    /// Merges two consents: the stricter one. Consent never goes up.
    #[must_use]
    pub fn fold(self, other: Self) -> Self {
        self.max(other)
    }
}

#[cfg(test)]
mod tests {
    use super::Consent;

    #[test]
    fn consent_never_goes_up() {
        for before in Consent::ALL {
            for told in Consent::ALL {
                assert!(before.fold(told) >= before);
                assert_eq!(before.fold(told), told.fold(before));
            }
        }
        assert_eq!(Consent::Unsubscribed.fold(Consent::Subscribed), Consent::Unsubscribed);
    }
}
