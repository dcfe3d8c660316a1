//! Which rows of a long list are in sight: plain geometry.
//!
//! Browsers limit how high an element can be, and a million rows are higher. Beyond [`LIMIT`] the
//! list is drawn lower than it is: dragging the scroll bar moves through all of it in proportion,
//! and a small movement still moves the rows by as many pixels.

use std::ops::Range;

/// The height that every browser can still scroll exactly, in pixels.
const LIMIT: f64 = 8_000_000.0;
/// Rows that are drawn beyond each edge, so that scrolling never shows a gap.
const OVERSCAN: u64 = 6;
/// The most rows that are drawn.
const MOST: u64 = 60;

/// The sizes of a list and of what it is seen through.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Geometry {
    /// How many rows there are.
    pub total: u64,
    /// The height of a row.
    pub row: f64,
    /// The height of the part that rows are seen in.
    pub view: f64,
}

impl Geometry {
    /// How high the rows would be.
    fn full(self) -> f64 {
        self.total as f64 * self.row
    }

    /// How high the element is.
    pub(super) fn height(self) -> f64 {
        self.full().min(LIMIT)
    }

    /// The most rows that are drawn at once.
    pub(super) fn slots(self) -> u64 {
        // One more for a row that is cut at each edge, one since the first row is even.
        ((self.view / self.row).ceil() as u64 + 2 + 2 * OVERSCAN).min(MOST)
    }

    /// How far the rows can be moved.
    fn travel(self) -> f64 {
        (self.full() - self.view).max(0.0)
    }

    /// How far the element can be scrolled.
    fn scroll_travel(self) -> f64 {
        (self.height() - self.view).max(0.0)
    }

    /// Whether the list is drawn lower than it is.
    fn is_scaled(self) -> bool {
        self.full() > LIMIT
    }

    /// How far the rows are moved when the element is scrolled so far.
    fn proportional(self, scroll: f64) -> f64 {
        match self.scroll_travel() {
            travel if !self.is_scaled() => scroll.clamp(0.0, travel),
            0.0 => 0.0,
            travel => (scroll / travel * self.travel()).clamp(0.0, self.travel()),
        }
    }

    /// How far the element is scrolled when the rows are moved so far.
    fn scroll_for(self, moved: f64) -> f64 {
        match self.travel() {
            0.0 => 0.0,
            travel => moved / travel * self.scroll_travel(),
        }
    }
}

/// Where the list is scrolled to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Scroll {
    /// How far the rows are moved, in pixels of their own.
    moved: f64,
    /// How far the element was scrolled then.
    scroll: f64,
}

impl Scroll {
    /// Takes in that the element is scrolled to `scroll`.
    pub(super) fn follow(self, geometry: Geometry, scroll: f64) -> Self {
        let step = scroll - self.scroll;
        let at_an_end = scroll <= 0.0 || scroll >= geometry.scroll_travel();
        let moved = if geometry.is_scaled() && !at_an_end && step.abs() <= geometry.view {
            (self.moved + step).clamp(0.0, geometry.travel())
        } else {
            geometry.proportional(scroll)
        };
        Self { moved, scroll }
    }

    /// Where to scroll the element once it rests, so that the scroll bar tells the truth again
    /// after many small movements; `None` when it does.
    pub(super) fn settle(self, geometry: Geometry) -> Option<Self> {
        let scroll = geometry.scroll_for(self.moved).round();
        (geometry.is_scaled() && (scroll - self.scroll).abs() >= 1.0).then_some(Self { scroll, ..self })
    }

    /// Scrolled as little as it takes to have a row in sight.
    pub(super) fn reveal(self, geometry: Geometry, row: u64) -> Self {
        let top = row as f64 * geometry.row;
        let least = top + geometry.row - geometry.view;
        self.jump(geometry, if self.moved > top { top } else { self.moved.max(least) })
    }

    /// Scrolled so that a row is the first in sight.
    pub(super) fn reveal_first(self, geometry: Geometry, row: u64) -> Self {
        self.jump(geometry, row as f64 * geometry.row)
    }

    /// The same rows in a list that has become longer, shorter or denser.
    pub(super) fn keep(self, before: Geometry, after: Geometry) -> Self {
        self.jump(after, self.moved / before.row * after.row)
    }

    fn jump(self, geometry: Geometry, moved: f64) -> Self {
        let moved = moved.clamp(0.0, geometry.travel());
        Self { moved, scroll: geometry.scroll_for(moved).round() }
    }

    /// How far the element is to be scrolled.
    pub(super) fn top(self) -> f64 {
        self.scroll
    }

    /// The rows in sight, without any beyond the edges.
    pub(super) fn seen(self, geometry: Geometry) -> Range<u64> {
        let first = (self.moved / geometry.row).floor() as u64;
        let last = ((self.moved + geometry.view) / geometry.row).ceil() as u64;
        first.min(geometry.total)..last.min(geometry.total)
    }

    /// What is drawn.
    pub(super) fn sight(self, geometry: Geometry) -> Sight {
        let seen = self.seen(geometry);
        // Whole steps, so that not every row that passes changes what is drawn.
        let first = seen.start.saturating_sub(OVERSCAN) / 2 * 2;
        let last = (seen.end + OVERSCAN).min(first + MOST).min(geometry.total);
        Sight { rows: first..last, offset: (self.scroll - self.moved).round() }
    }
}

/// What is drawn, and where.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Sight {
    /// The rows that are drawn.
    pub rows: Range<u64>,
    /// How much lower than its own place a row is drawn, since the list is drawn lower than it is.
    pub offset: f64,
}

impl Sight {
    /// The first rows of a list of which nothing is known.
    pub(super) fn of_first(rows: u64) -> Self {
        Self { rows: 0..rows, offset: 0.0 }
    }

    /// The row that is drawn in a slot: every row has a slot of its own as long as it is drawn.
    pub(super) fn row_in(&self, slot: u64, slots: u64) -> Option<u64> {
        let first = self.base(slots) + slot;
        let row = if first < self.rows.start { first + slots } else { first };
        (row < self.rows.end).then_some(row)
    }

    /// The row from whose place the tops of rows are counted: it seldom changes, and with it the tops.
    pub(super) fn base(&self, slots: u64) -> u64 {
        self.rows.start / slots.max(1) * slots
    }

    /// Where the base is drawn, from the top of the element.
    pub(super) fn top(&self, slots: u64, row: f64) -> f64 {
        self.base(slots) as f64 * row + self.offset
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Geometry = Geometry { total: 1_000, row: 46.0, view: 690.0 };
    const LARGE: Geometry = Geometry { total: 1_000_000, row: 46.0, view: 690.0 };

    #[test]
    fn every_drawn_row_has_a_slot_that_it_keeps_while_it_is_drawn() {
        let slots = SMALL.slots();
        let mut before: Vec<(u64, u64)> = Vec::new();
        for scroll in (0..40_000).step_by(37) {
            let sight = Scroll::default().follow(SMALL, f64::from(scroll)).sight(SMALL);
            let drawn: Vec<(u64, u64)> =
                (0..slots).filter_map(|slot| Some((sight.row_in(slot, slots)?, slot))).collect();
            let mut rows: Vec<u64> = drawn.iter().map(|(row, _)| *row).collect();
            rows.sort_unstable();
            assert!(rows.into_iter().eq(sight.rows.clone()), "every row once, at {scroll}");
            for (row, slot) in before {
                assert!(!sight.rows.contains(&row) || drawn.contains(&(row, slot)), "{row} at {scroll}");
            }
            let top = sight.top(slots, SMALL.row);
            let first = top + (sight.rows.start - sight.base(slots)) as f64 * SMALL.row;
            assert_eq!(first, sight.rows.start as f64 * SMALL.row + sight.offset);
            before = drawn;
        }
    }

    #[test]
    fn a_list_that_fits_is_scrolled_as_any_other() {
        assert_eq!(SMALL.height(), 46_000.0);
        for scroll in [0.0, 1.0, 460.0, 45_310.0] {
            let at = Scroll::default().follow(SMALL, scroll);
            assert_eq!(at.seen(SMALL).start, (scroll / 46.0) as u64);
            assert_eq!(at.sight(SMALL).offset, 0.0);
            assert_eq!(at.settle(SMALL), None);
        }
    }

    #[test]
    fn dragging_reaches_both_ends_and_everything_between() {
        let drag = |scroll: f64| Scroll::default().follow(LARGE, scroll).seen(LARGE);
        assert_eq!(LARGE.height(), LIMIT);
        assert_eq!(drag(0.0), 0..15);
        assert_eq!(drag(LIMIT - 690.0).end, 1_000_000);
        assert!(drag(LIMIT / 2.0).start.abs_diff(500_000) < 100);
    }

    #[test]
    fn a_small_movement_moves_the_rows_by_as_many_pixels() {
        let start = Scroll::default().follow(LARGE, 4_000_000.0);
        let next = start.follow(LARGE, 4_000_046.0);
        assert_eq!(next.seen(LARGE).start, start.seen(LARGE).start + 1);
        let far = (1..=200).fold(start, |at, i| at.follow(LARGE, 4_000_000.0 + f64::from(i) * 46.0));
        assert_eq!(far.seen(LARGE).start, start.seen(LARGE).start + 200);
        // Where a row is drawn stays the same while the browser moves the picture.
        assert_eq!(start.sight(LARGE).offset, far.sight(LARGE).offset);
    }

    #[test]
    fn at_rest_the_scroll_bar_tells_the_truth_and_the_rows_stay() {
        let start = Scroll::default().follow(LARGE, 4_000_000.0);
        let far = (1..=500).fold(start, |at, i| at.follow(LARGE, 4_000_000.0 + f64::from(i) * 46.0));
        let settled = far.settle(LARGE).unwrap();
        assert_eq!(settled.seen(LARGE), far.seen(LARGE));
        assert!(settled.top() < far.top());
        assert_eq!(settled.settle(LARGE), None);
        // The browser then says that it was scrolled there, which moves nothing.
        assert_eq!(settled.follow(LARGE, settled.top()), settled);
    }

    #[test]
    fn the_end_is_reached_by_small_steps_too() {
        let end = LIMIT - LARGE.view;
        let at = Scroll::default().follow(LARGE, end - 100.0).follow(LARGE, end);
        assert_eq!(at.seen(LARGE).end, 1_000_000);
        let at = Scroll::default().follow(LARGE, 300.0).follow(LARGE, 0.0);
        assert_eq!(at.seen(LARGE).start, 0);
    }

    #[test]
    fn never_more_rows_are_drawn_than_allowed() {
        for (row, view) in [(46.0, 690.0), (34.0, 4_000.0), (34.0, 1_400.0), (46.0, 0.0)] {
            for total in [0, 1, 59, 1_000_000] {
                let geometry = Geometry { total, row, view };
                for scroll in [0.0, 17.0, geometry.height() / 3.0, geometry.height()] {
                    let rows = Scroll::default().follow(geometry, scroll).sight(geometry).rows;
                    assert!(rows.end - rows.start <= MOST && rows.end <= total, "{geometry:?} {rows:?}");
                }
            }
        }
    }

    #[test]
    fn a_row_is_revealed_by_the_least_movement() {
        let at = Scroll::default();
        assert_eq!(at.reveal(SMALL, 3), at);
        assert_eq!(at.reveal(SMALL, 15).seen(SMALL), 1..16);
        assert_eq!(at.reveal(SMALL, 999).seen(SMALL), 985..1_000);
        assert_eq!(at.reveal(SMALL, 999).reveal(SMALL, 2).seen(SMALL).start, 2);
        assert_eq!(at.reveal_first(SMALL, 400).seen(SMALL).start, 400);
        assert_eq!(at.reveal_first(LARGE, 999_999).seen(LARGE).end, 1_000_000);
        assert_eq!(at.reveal(LARGE, 999_999).seen(LARGE).end, 1_000_000);
        let far = at.reveal(LARGE, 500_000);
        assert!(far.seen(LARGE).contains(&500_000));
    }

    #[test]
    fn denser_rows_keep_what_is_in_sight() {
        let dense = Geometry { row: 34.0, ..SMALL };
        let at = Scroll::default().follow(SMALL, 4_600.0).keep(SMALL, dense);
        assert_eq!(at.seen(dense).start, 100);
        let short = Geometry { total: 5, ..SMALL };
        assert_eq!(at.keep(dense, short).seen(short), 0..5);
    }
}
