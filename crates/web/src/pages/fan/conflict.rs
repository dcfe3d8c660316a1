//! Two people changed the same customer: what clashes, and what comes of both.

use super::draft::{Draft, Field};

/// A field that both changed, differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Clash {
    pub field: Field,
    pub theirs: String,
    pub mine: String,
}

/// What clashes between what I made of `base` and what they made of it.
pub(super) fn clashes(base: &Draft, mine: &Draft, theirs: &Draft) -> Vec<Clash> {
    let changed_by_them = base.changed(theirs);
    base.changed(mine)
        .into_iter()
        .filter(|field| changed_by_them.contains(field) && mine.get(field).trim() != theirs.get(field).trim())
        .map(|field| Clash {
            theirs: theirs.get(&field).to_owned(),
            mine: mine.get(&field).to_owned(),
            field,
        })
        .collect()
}

/// Theirs with my changes, but for the fields in which theirs is to stay.
pub(super) fn merged(base: &Draft, mine: &Draft, theirs: &Draft, keep_theirs: &[Field]) -> Draft {
    let mut merged = theirs.clone();
    for field in base.changed(mine) {
        if !keep_theirs.contains(&field) {
            let text = mine.get(&field).to_owned();
            merged.set(field, text);
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::{super::draft::tests::customer, *};

    fn drafts() -> (Draft, Draft, Draft) {
        let base = Draft::of(&customer());
        let (mut mine, mut theirs) = (base.clone(), base.clone());
        for (draft, first, last, phone) in [(&mut mine, "Eva", "Lind", "1"), (&mut theirs, "Iva", "Lind", "")]
        {
            draft.set(Field::FirstName, first.to_owned());
            draft.set(Field::LastName, last.to_owned());
            draft.set(Field::Phone, phone.to_owned());
        }
        theirs.set(Field::Alias, "DJ".to_owned());
        (base, mine, theirs)
    }

    #[test]
    fn only_what_both_changed_differently_clashes() {
        let (base, mine, theirs) = drafts();
        let clash = Clash { field: Field::FirstName, theirs: "Iva".to_owned(), mine: "Eva".to_owned() };
        assert_eq!(clashes(&base, &mine, &theirs), [clash]);
        assert_eq!(clashes(&base, &base, &theirs), []);
    }

    #[test]
    fn nothing_of_either_is_lost() {
        let (base, mine, theirs) = drafts();
        for (keep, first) in [(vec![], "Eva"), (vec![Field::FirstName], "Iva")] {
            let merged = merged(&base, &mine, &theirs, &keep);
            assert_eq!(merged.get(&Field::FirstName), first);
            assert_eq!((merged.get(&Field::Phone), merged.get(&Field::Alias)), ("1", "DJ"));
        }
    }
}
