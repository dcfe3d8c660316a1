//! What can stand between tags: texts, nodes, none or many of them, and closures, whose part of
//! the page is made anew when what they read changes.

use super::{Node, Signal, focus::Focus, follow};

/// Something that can be put into a node.
pub(crate) trait Child {
    /// Puts it at the end.
    fn attach(self, parent: &Node);

    /// A node of it alone.
    fn node(self) -> Node
    where
        Self: Sized,
    {
        let node = Node::fragment();
        self.attach(&node);
        node
    }
}

/// A node of anything that can be put into one.
pub(crate) trait IntoAny {
    fn into_any(self) -> Node;
}

impl<C: Child> IntoAny for C {
    fn into_any(self) -> Node {
        self.node()
    }
}

impl Child for () {
    fn attach(self, _: &Node) {}
}

impl Child for Node {
    fn attach(self, parent: &Node) {
        parent.append(self);
    }

    fn node(self) -> Node {
        self
    }
}

impl Child for &str {
    fn attach(self, parent: &Node) {
        parent.text(self);
    }
}

impl Child for String {
    fn attach(self, parent: &Node) {
        parent.text(&self);
    }
}

impl<C: Child> Child for Option<C> {
    fn attach(self, parent: &Node) {
        if let Some(child) = self {
            child.attach(parent);
        }
    }
}

impl<C: Child> Child for Vec<C> {
    fn attach(self, parent: &Node) {
        for child in self {
            child.attach(parent);
        }
    }
}

impl<A: Child, B: Child> Child for (A, B) {
    fn attach(self, parent: &Node) {
        self.0.attach(parent);
        self.1.attach(parent);
    }
}

impl Child for Signal<String> {
    fn attach(self, parent: &Node) {
        (move || self.get()).attach(parent);
    }
}

impl<F, C> Child for F
where
    F: FnMut() -> C + 'static,
    C: Child,
{
    fn attach(mut self, parent: &Node) {
        changing(parent, Box::new(move || self().into_any()));
    }
}

/// A part that is made anew whenever what it reads changes.
fn changing(parent: &Node, mut make: Box<dyn FnMut() -> Node>) {
    let (start, end) = parent.marks();
    follow(Box::new(move || {
        let made = make();
        // Where the part stands by now: it may have been moved with what is around it.
        let Some(parent) = end.parent_node() else { return };
        let focus = Focus::within(&start, &end);
        while let Some(old) = start.next_sibling().filter(|old| *old != end) {
            _ = parent.remove_child(&old);
        }
        _ = parent.insert_before(made.raw(), Some(&end));
        if let Some(focus) = focus {
            focus.restore(&start, &end);
        }
    }));
}
