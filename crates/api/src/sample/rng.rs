//! A small random number generator whose numbers never change.
//!
//! The sample file has to be the same, byte for byte, on every machine and after every update of
//! a dependency, so the generator is our own: SplitMix64 (Steele, Lea, Flood: "Fast splittable
//! pseudorandom number generators", 2014). Every person and every row has a stream of its own, so
//! that anything about them can be computed again without remembering it.

/// The purpose of a stream. Streams of different purposes share no numbers.
#[derive(Clone, Copy)]
pub enum Purpose {
    /// Fixed tables that depend on the seed only.
    Tables = 1,
    /// The identity of a person: name, e-mail address, consent.
    Person = 2,
    /// The other cells of a person's row.
    Profile = 3,
    /// Choices made for one row of the file.
    Row = 4,
    /// The row at which a quirk is due.
    Schedule = 5,
    /// An account.
    Account = 6,
    /// The purchases of a person.
    Sale = 7,
}

/// A stream of pseudo-random numbers.
pub struct Rng(u64);

impl Rng {
    /// The stream for one purpose and one index.
    pub fn new(seed: u64, purpose: Purpose, index: u64) -> Self {
        Self(mix(mix(seed ^ (purpose as u64).rotate_right(8)).wrapping_add(index)))
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// A number in `0..end`; 0 when `end` is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(end)) >> 64) as u64
    }

    /// True with a probability of `percent` / 100.
    pub fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of the items, all equally likely.
    pub fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len() as u64) as usize]
    }

    /// One of the items, the first ones by far more often, as popular things are.
    pub fn pick_popular<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.skewed(items.len() as u64) as usize]
    }

    /// A number in `0..end`, the small ones by far more often.
    ///
    /// A cube rather than a power function: multiplication gives the same bits on every platform.
    pub fn skewed(&mut self, end: u64) -> u64 {
        let unit = self.unit();
        (unit * unit * unit * end as f64) as u64
    }

    /// A number in `[0, 1)`.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Puts the items in a random order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last as u64 + 1) as usize);
        }
    }
}

/// Scatters the bits of a number; two different numbers stay different.
pub fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}
