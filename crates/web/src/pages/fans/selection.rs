//! Who is selected: some, picked one by one, or everyone who matches.

use std::sync::Arc;

use fanbase_domain::{
    ids::FanId,
    wire::{bulk::MAX_IDS, fans::FanResponse},
};

/// Who is selected.
#[derive(Clone, Debug, Default)]
pub(super) enum Selection {
    /// Nobody.
    #[default]
    Nobody,
    /// These, and the row from which the next range starts.
    Some { fans: Vec<Arc<FanResponse>>, anchor: u64 },
    /// Everyone who matches search and filters.
    All,
}

impl Selection {
    /// Whether a fan is selected.
    pub(super) fn has(&self, id: FanId) -> bool {
        match self {
            Self::Nobody => false,
            Self::Some { fans, .. } => fans.iter().any(|fan| fan.id == id),
            Self::All => true,
        }
    }

    /// Whether anybody is.
    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Self::Nobody)
    }

    /// Whether everyone is.
    pub(super) fn is_all(&self) -> bool {
        matches!(self, Self::All)
    }

    /// How many are picked; everyone is not a number here.
    pub(super) fn picked(&self) -> usize {
        match self {
            Self::Some { fans, .. } => fans.len(),
            Self::Nobody | Self::All => 0,
        }
    }

    /// The row from which a range starts.
    pub(super) fn anchor(&self) -> Option<u64> {
        match self {
            Self::Some { anchor, .. } => Some(*anchor),
            Self::Nobody | Self::All => None,
        }
    }

    /// Selects a fan, or no longer. Who picks one after all picks only that one.
    pub(super) fn toggle(&mut self, index: u64, fan: &Arc<FanResponse>) {
        let Self::Some { fans, anchor } = self else {
            *self = Self::Some { fans: vec![Arc::clone(fan)], anchor: index };
            return;
        };
        *anchor = index;
        let before = fans.len();
        fans.retain(|other| other.id != fan.id);
        if fans.len() == before && before < MAX_IDS {
            fans.push(Arc::clone(fan));
        }
        if fans.is_empty() {
            *self = Self::Nobody;
        }
    }

    /// Selects these as well; whether there was room for all of them.
    pub(super) fn add<'a>(&mut self, to: u64, rows: impl IntoIterator<Item = &'a Arc<FanResponse>>) -> bool {
        let (mut fans, anchor) = match std::mem::take(self) {
            Self::Some { fans, anchor } => (fans, anchor),
            Self::Nobody | Self::All => (Vec::new(), to),
        };
        let mut fits = true;
        for fan in rows {
            if fans.iter().any(|other| other.id == fan.id) {
                continue;
            }
            if fans.len() >= MAX_IDS {
                fits = false;
                break;
            }
            fans.push(Arc::clone(fan));
        }
        *self = if fans.is_empty() { Self::Nobody } else { Self::Some { fans, anchor } };
        fits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fan(n: u32) -> Arc<FanResponse> {
        let json = format!(
            r#"{{"id":"0199f1c2-6a35-7c2e-9a57-3c1d{n:08x}","type":"lead","email":"a@b.org","name":null,
            "alias":null,"avatar_url":null,"has_account":false,"user_id":null,"source":"api","source_detail":null,
            "consent":null,"status":null,"tags":[],"attributes":{{}},"total_spent":null,"score":null,
            "created_at":"2026-01-01T00:00:00.000Z","last_activity_at":null}}"#
        );
        Arc::new(serde_json::from_str(&json).unwrap())
    }

    #[test]
    fn picking_twice_is_not_picking() {
        let mut selection = Selection::default();
        selection.toggle(3, &fan(1));
        selection.toggle(5, &fan(2));
        assert!(selection.has(fan(1).id) && selection.picked() == 2 && selection.anchor() == Some(5));
        selection.toggle(3, &fan(1));
        selection.toggle(5, &fan(2));
        assert!(selection.is_empty());
    }

    #[test]
    fn who_picks_one_of_everyone_picks_that_one() {
        let mut selection = Selection::All;
        assert!(selection.has(fan(9).id));
        selection.toggle(0, &fan(1));
        assert!(selection.has(fan(1).id) && !selection.has(fan(9).id));
    }

    #[test]
    fn a_range_is_added_up_to_the_most_that_can_be_picked() {
        let mut selection = Selection::default();
        let some: Vec<_> = (0..10).map(fan).collect();
        assert!(selection.add(0, &some));
        assert!(selection.add(9, &some));
        assert_eq!(selection.picked(), 10);
        let many: Vec<_> = (0..1_200).map(fan).collect();
        assert!(!selection.add(0, &many));
        assert_eq!(selection.picked(), MAX_IDS);
    }
}
