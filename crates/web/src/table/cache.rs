//! The rows that are held: a few blocks around what is in sight, so that memory stays constant
//! however far one scrolls.

use std::ops::Range;

use super::Row;

/// Rows in a block, which is what a request fetches.
pub(super) const BLOCK: u64 = 50;
/// Blocks that are held.
const HELD: usize = 24;
/// Blocks that are fetched ahead, in the direction of reading.
const AHEAD: u64 = 2;

/// The rows that are held.
#[derive(Default)]
pub(super) struct Cache {
    /// A few dozen with their numbers, in no order.
    blocks: Vec<(u64, Block)>,
}

/// What a request fetched.
pub(crate) struct Block {
    /// The rows, in their order.
    pub rows: Vec<Row>,
    /// The cursor that leads to the next block; `None` after the last.
    pub next: Option<String>,
}

impl Cache {
    /// A row, if it is held.
    pub(super) fn get(&self, index: u64) -> Option<&Row> {
        self.block(index / BLOCK)?.rows.get((index % BLOCK) as usize)
    }

    fn block(&self, number: u64) -> Option<&Block> {
        self.blocks.iter().find(|(other, _)| *other == number).map(|(_, block)| block)
    }

    /// Takes in a block; those furthest from it give way.
    pub(super) fn insert(&mut self, number: u64, block: Block) {
        self.blocks.retain(|(other, _)| *other != number);
        self.blocks.push((number, block));
        if self.blocks.len() > HELD {
            let furthest = self.blocks.iter().map(|(other, _)| other.abs_diff(number)).max();
            self.blocks.retain(|(other, _)| Some(other.abs_diff(number)) != furthest);
        }
    }

    /// Where a row is, if it is held.
    pub(super) fn position(&self, id: u128) -> Option<u64> {
        self.blocks.iter().find_map(|(number, block)| {
            let at = block.rows.iter().position(|row| row.id == id)?;
            Some(number * BLOCK + at as u64)
        })
    }

    /// The cursor that leads to a block, when the block before it is held.
    pub(super) fn cursor(&self, block: u64) -> Option<&str> {
        self.block(block.checked_sub(1)?)?.next.as_deref()
    }

    /// How many rows the list has, when its end is held.
    pub(super) fn end(&self) -> Option<u64> {
        let last = self.blocks.iter().filter(|(_, block)| block.next.is_none());
        last.map(|(number, block)| number * BLOCK + block.rows.len() as u64).min()
    }

    /// The blocks that are missing, the most urgent first: what is in sight, then what follows in
    /// the direction of reading, then what precedes.
    pub(super) fn missing(&self, seen: &Range<u64>, forward: bool, total: u64) -> Vec<u64> {
        // Before they are counted, the end of the list may be there already.
        let total = if total == u64::MAX { self.end().unwrap_or(total) } else { total };
        let Some(last) = total.checked_sub(1) else { return Vec::new() };
        let last = last / BLOCK;
        let from = (seen.start / BLOCK).min(last);
        let to = (seen.end.saturating_sub(1) / BLOCK).clamp(from, last);
        let after = to + 1..=(to + if forward { AHEAD } else { 1 });
        let before = (1..=if forward { 1 } else { AHEAD }).filter_map(|step| from.checked_sub(step));
        let around: Vec<u64> = match forward {
            true => after.chain(before).collect(),
            false => before.chain(after).collect(),
        };
        (from..=to).chain(around).filter(|block| *block <= last && self.block(*block).is_none()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(rows: usize, next: bool) -> Block {
        let next = next.then(|| "c".to_owned());
        Block { rows: vec![Row::new(1, String::new(), ()); rows], next }
    }

    #[test]
    fn what_is_in_sight_is_fetched_before_what_follows() {
        let mut cache = Cache::default();
        assert_eq!(cache.missing(&(0..20), true, 1_000), [0, 1, 2]);
        assert_eq!(cache.missing(&(490..510), true, 1_000), [9, 10, 11, 12, 8]);
        assert_eq!(cache.missing(&(490..510), false, 1_000), [9, 10, 8, 7, 11]);
        assert_eq!(cache.missing(&(990..1_000), true, 1_000), [19, 18]);
        cache.insert(9, page(50, true));
        assert_eq!(cache.missing(&(490..510), true, 1_000), [10, 11, 12, 8]);
        assert!(cache.missing(&(0..0), true, 0).is_empty());
        assert_eq!(cache.missing(&(5_000..5_020), true, 60), [1, 0]);
    }

    #[test]
    fn memory_is_constant_and_what_is_near_stays() {
        let mut cache = Cache::default();
        for block in 0..1_000 {
            cache.insert(block, page(50, true));
        }
        assert_eq!(cache.blocks.len(), HELD);
        assert!(cache.get(999 * BLOCK).is_some() && cache.get(0).is_none());
        cache.insert(3, page(50, true));
        assert!(cache.get(3 * BLOCK).is_some());
        assert_eq!(cache.blocks.len(), HELD);
    }

    #[test]
    fn neighbours_are_led_to_by_cursor() {
        let mut cache = Cache::default();
        cache.insert(4, page(50, true));
        assert_eq!(cache.cursor(5), Some("c"));
        assert_eq!((cache.cursor(4), cache.cursor(0)), (None, None));
    }

    #[test]
    fn the_end_is_known_when_it_is_held() {
        let mut cache = Cache::default();
        assert_eq!(cache.end(), None);
        cache.insert(0, page(50, true));
        assert_eq!(cache.end(), None);
        cache.insert(1, page(7, false));
        assert_eq!(cache.end(), Some(57));
        assert!(cache.missing(&(0..0), true, u64::MAX).is_empty());
        cache.insert(2, page(0, false));
        assert_eq!(cache.end(), Some(57));
        assert_eq!((40..60).filter_map(|index| cache.get(index)).count(), 17);
    }
}
