//! A list whose items keep their nodes while others come and go.

use leptos::prelude::*;

use super::{Node, focus, follow};

/// What tells one item from another.
pub(crate) type Key = [u64; 2];

/// A view of each item, made once for as long as its key is among them. Every view is an element.
pub(crate) fn each<T: 'static>(
    items: impl Fn() -> Vec<T> + 'static,
    key: impl Fn(&T) -> Key + 'static,
    view: impl Fn(T) -> Node + 'static,
) -> Node {
    let parent = Node::fragment();
    let mut list = List::new(&parent);
    follow(Box::new(move || {
        let mut items: Vec<Option<T>> = items().into_iter().map(Some).collect();
        let keys: Vec<Key> = items.iter().flatten().map(&key).collect();
        let make = &mut |index: usize| items.get_mut(index).and_then(Option::take).map(&view);
        untrack(|| list.update(&keys, make));
    }));
    parent
}

struct Item {
    key: Key,
    node: Node,
    owner: Owner,
}

struct List {
    end: web_sys::Node,
    items: Vec<Item>,
    /// Owns what the views make: it outlives every change of the list.
    owner: Option<Owner>,
    /// Owners of items that went, for those that come: the owner of all remembers each that it
    /// ever had, so that a new one for each item would fill the memory as one scrolls.
    spare: Vec<Owner>,
}

impl List {
    fn new(parent: &Node) -> Self {
        Self { end: parent.marks().1, items: Vec::new(), owner: Owner::current(), spare: Vec::new() }
    }

    fn update(&mut self, keys: &[Key], make: &mut dyn FnMut(usize) -> Option<Node>) {
        let Some(parent) = self.end.parent_node() else { return };
        let mut old: Vec<Option<Item>> = self.items.drain(..).map(Some).collect();
        for (index, key) in keys.iter().enumerate() {
            // There are a few dozen items at most.
            let kept = old.iter_mut().find(|item| item.as_ref().is_some_and(|item| item.key == *key));
            let item = match kept.and_then(Option::take) {
                Some(item) => Some(item),
                None => self.make(*key, index, make),
            };
            self.items.extend(item);
        }
        for item in old.into_iter().flatten() {
            let had_focus = item.node.raw().contains(document().active_element().as_deref());
            _ = parent.remove_child(item.node.raw());
            if had_focus && let Some(around) = focus::around(&self.end) {
                _ = around.focus();
            }
            item.owner.cleanup();
            self.spare.push(item.owner);
        }
        let mut next = self.end.clone();
        for item in self.items.iter().rev() {
            let node = item.node.raw();
            if node.next_sibling().as_ref() != Some(&next) || node.parent_node().is_none() {
                _ = parent.insert_before(node, Some(&next));
            }
            next = node.clone();
        }
    }

    fn make(&mut self, key: Key, index: usize, make: &mut dyn FnMut(usize) -> Option<Node>) -> Option<Item> {
        let owner = self.spare.pop().unwrap_or_else(|| match &self.owner {
            Some(owner) => owner.with(Owner::new),
            None => Owner::new(),
        });
        let node = owner.with(|| make(index))?;
        Some(Item { key, node, owner })
    }
}
