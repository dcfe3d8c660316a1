//! Keeps the focus where it is while a part of the page is made anew. The views of Leptos need none of
//! this: they change the nodes that are there.

use leptos::{prelude::*, wasm_bindgen::JsCast};
use web_sys::{Element, HtmlElement, Node};

/// The element that had the focus, and how to find its successor.
pub(super) struct Focus {
    tag: String,
    /// What tells it from others of its kind.
    label: String,
    /// Which child of its parent each element is, from the outermost within the part to it.
    path: Vec<u32>,
}

impl Focus {
    /// The focus, if it is within a part: between two nodes of a parent.
    pub(super) fn within(start: &Node, end: &Node) -> Option<Self> {
        let focused = document().active_element()?;
        let parent = end.parent_node()?;
        let mut path = Vec::new();
        let mut at: Node = focused.clone().into();
        while at.parent_node().as_ref() != Some(&parent) {
            path.push(elements_before(&at, None));
            at = at.parent_node()?;
        }
        let follows =
            |a: &Node, b: &Node| a.compare_document_position(b) & Node::DOCUMENT_POSITION_FOLLOWING != 0;
        if !follows(start, &at) || !follows(&at, end) {
            return None;
        }
        path.push(elements_before(&at, Some(start)));
        path.reverse();
        Some(Self { tag: focused.tag_name(), label: label(&focused), path })
    }

    /// Gives the focus to the successor within the part; to what is around the part if there is none.
    pub(super) fn restore(&self, start: &Node, end: &Node) {
        let target = self.labelled(start, end).or_else(|| self.placed(start, end));
        let target = target.or_else(|| around(end));
        if let Some(target) = target {
            _ = target.focus();
        }
    }

    /// The element of the same name and label.
    fn labelled(&self, start: &Node, end: &Node) -> Option<HtmlElement> {
        if self.label.is_empty() {
            return None;
        }
        let is_it = |element: &Element| element.tag_name() == self.tag && label(element) == self.label;
        let mut next = start.next_sibling();
        while let Some(node) = next.filter(|node| node != end) {
            if let Some(element) = node.dyn_ref::<Element>() {
                let within = element.query_selector_all(&self.tag).ok();
                let within = within.iter().flat_map(|list| (0..list.length()).filter_map(|at| list.item(at)));
                let mut all = std::iter::once(node.clone()).chain(within);
                let found = all.find_map(|node| node.dyn_into::<Element>().ok().filter(is_it));
                if let Some(found) = found {
                    return found.dyn_into().ok();
                }
            }
            next = node.next_sibling();
        }
        None
    }

    /// The element of the same name in the same place.
    fn placed(&self, start: &Node, end: &Node) -> Option<HtmlElement> {
        let (first, rest) = self.path.split_first()?;
        let mut at = nth(start.next_sibling(), *first, Some(end))?;
        for index in rest {
            at = nth(at.first_child(), *index, None)?;
        }
        (at.tag_name() == self.tag).then(|| at.dyn_into().ok()).flatten()
    }
}

/// What is around a node and can take the focus: the page itself in the end.
pub(super) fn around(node: &Node) -> Option<HtmlElement> {
    let parent = node.parent_element()?;
    parent.closest("[tabindex]").ok().flatten()?.dyn_into().ok()
}

fn label(element: &Element) -> String {
    element.get_attribute("aria-label").or_else(|| element.text_content()).unwrap_or_default()
}

fn elements_before(node: &Node, first: Option<&Node>) -> u32 {
    let mut count = 0;
    let mut before = node.previous_sibling();
    while let Some(node) = before.filter(|before| Some(before) != first) {
        count += u32::from(node.node_type() == Node::ELEMENT_NODE);
        before = node.previous_sibling();
    }
    count
}

fn nth(first: Option<Node>, index: u32, end: Option<&Node>) -> Option<Element> {
    let mut left = index;
    let mut next = first;
    while let Some(node) = next.filter(|node| Some(node) != end) {
        if node.node_type() == Node::ELEMENT_NODE {
            if left == 0 {
                return node.dyn_into().ok();
            }
            left -= 1;
        }
        next = node.next_sibling();
    }
    None
}
