//! E-mail engagement of a customer: opens and clicks.

use crate::{
    customer::{AttributeValue, Attributes},
    text,
};

/// The attribute that states whether the customer opens e-mails, as in ActiveCampaign's exports.
pub const OPENS: &str = "opens_email";
/// The attribute that states whether the customer follows links in e-mails.
pub const CLICKS: &str = "clicks_links";

/// Whether a customer opens e-mails and follows links in them; `None` if unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Engagement {
    /// Opens e-mails.
    pub opens: Option<bool>,
    /// Follows links in e-mails.
    pub clicks: Option<bool>,
}

impl Engagement {
    /// Reads the engagement from a customer's attributes. Following a link implies opening the e-mail.
    #[must_use]
    pub fn of(attributes: &Attributes) -> Self {
        let told = |key: &str| match attributes.get(key) {
            Some(AttributeValue::Text(cell)) => text::yes_or_no(cell),
            _ => None,
        };
        let (opens, clicks) = (told(OPENS), told(CLICKS));
        Self { opens: if clicks == Some(true) { Some(true) } else { opens }, clicks }
    }

    /// Whether the attribute is covered by this engagement.
    #[must_use]
    pub fn is_told_by(self, key: &str) -> bool {
        key == OPENS && self.opens.is_some() || key == CLICKS && self.clicks.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exports_tell_yes_and_no_in_several_ways() {
        let of = |opens: &str, clicks: &str| {
            let cells = [(OPENS, opens), (CLICKS, clicks)].map(|(key, cell)| {
                let value = AttributeValue::Text(cell.to_owned());
                (key.to_owned(), value)
            });
            let engagement = Engagement::of(&Attributes::from(cells));
            let Engagement { opens, clicks } = engagement;
            assert_eq!(engagement.is_told_by(OPENS), opens.is_some());
            assert_eq!(engagement.is_told_by(CLICKS), clicks.is_some());
            assert!(!engagement.is_told_by("daw"));
            (opens, clicks)
        };
        assert_eq!(of("1", "0"), (Some(true), Some(false)));
        assert_eq!(of(" Yes ", "FALSE"), (Some(true), Some(false)));
        assert_eq!(of("no", "true"), (Some(true), Some(true)), "nobody clicks what is closed");
        assert_eq!(of("often", ""), (None, None));
        assert_eq!(Engagement::of(&Attributes::new()), Engagement::default());
    }
}
