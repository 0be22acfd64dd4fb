//! Chance, made from the seed: the same numbers on every machine.
//!
//! Integers only (floating point differs in its last bits between machines and compilers), and no shared stream: each
//! purpose and each row draws from a stream of its own, so that a change in one place leaves the others as they were.

/// What a stream of numbers is for: streams of different purposes have nothing to do with each other.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Purpose {
    Days = 1,
    Times = 2,
    Buyers = 3,
    Customer = 4,
    Product = 5,
    Order = 6,
    Deck = 7,
    Event = 8,
    Stock = 9,
    DeadLetter = 10,
}

/// A stream of numbers: `SplitMix64` (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

impl Random {
    /// The stream of this seed for the `index`-th thing of a purpose.
    pub(crate) fn of(seed: u64, purpose: Purpose, index: u64) -> Self {
        let seed = mix(seed.wrapping_add(GOLDEN));
        let purpose = mix(seed ^ (purpose as u64).wrapping_mul(GOLDEN));
        Self(mix(purpose ^ index.wrapping_mul(0xD1B5_4A32_D192_ED03)))
    }

    /// 64 bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        mix(self.0)
    }

    /// A number in `0..bound`; 0 where the bound is 0.
    #[allow(clippy::cast_possible_truncation)] // the upper half of a product of two u64 fits
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(bound)) >> 64) as u64
    }

    /// A place in a list of this length.
    #[allow(clippy::cast_possible_truncation)] // below a usize
    pub(crate) fn index(&mut self, length: usize) -> usize {
        self.below(length as u64) as usize
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        low.saturating_add_unsigned(self.below(high.abs_diff(low).saturating_add(1)))
    }

    /// True this often in a thousand.
    pub(crate) fn chance(&mut self, per_mille: u64) -> bool {
        self.below(1000) < per_mille
    }

    /// One of a list that is not empty.
    pub(crate) fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.index(list.len())]
    }

    /// A place in a list of weights, in proportion to them.
    pub(crate) fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (place, weight) in weights.iter().enumerate() {
            if left < *weight {
                return place;
            }
            left -= weight;
        }
        0
    }
}

/// A shuffled deck of cards, dealt to its end and shuffled again: rare things come in their share even in a small shop.
#[derive(Debug)]
pub(crate) struct Deck<T> {
    cards: Vec<T>,
    dealt: usize,
    random: Random,
}

impl<T: Copy> Deck<T> {
    /// A deck with so many cards of each kind; it needs at least one card.
    pub(crate) fn new(seed: u64, index: u64, kinds: &[(T, usize)]) -> Self {
        let cards: Vec<T> = kinds.iter().flat_map(|(card, count)| std::iter::repeat_n(*card, *count)).collect();
        Self { dealt: cards.len(), cards, random: Random::of(seed, Purpose::Deck, index) }
    }

    /// The next card.
    pub(crate) fn deal(&mut self) -> T {
        if self.dealt >= self.cards.len() {
            for place in (1..self.cards.len()).rev() {
                let other = self.random.index(place + 1);
                self.cards.swap(place, other);
            }
            self.dealt = 0;
        }
        self.dealt += 1;
        self.cards[self.dealt - 1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_the_same_everywhere() {
        let mut random = Random::of(1, Purpose::Order, 7);
        let numbers: Vec<u64> = (0..4).map(|_| random.below(1_000_000)).collect();
        let mut again = Random::of(1, Purpose::Order, 7);
        assert_eq!(numbers, (0..4).map(|_| again.below(1_000_000)).collect::<Vec<_>>());
        assert_ne!(Random::of(1, Purpose::Order, 8).bits(), Random::of(1, Purpose::Order, 7).bits());
        assert_ne!(Random::of(2, Purpose::Order, 7).bits(), Random::of(1, Purpose::Order, 7).bits());
        assert_ne!(Random::of(1, Purpose::Customer, 7).bits(), Random::of(1, Purpose::Order, 7).bits());
    }

    #[test]
    fn bounds_hold() {
        let mut random = Random::of(3, Purpose::Days, 0);
        for _ in 0..10_000 {
            assert!(random.below(7) < 7);
            assert!((-3..=3).contains(&random.between(-3, 3)));
        }
        assert_eq!(random.below(0), 0);
        assert_eq!(random.weighted(&[0, 5, 0]), 1);
    }

    #[test]
    fn a_deck_deals_each_card_once_a_round() {
        let mut deck = Deck::new(1, 0, &[('a', 3), ('b', 1)]);
        for _ in 0..5 {
            let mut round: Vec<char> = (0..4).map(|_| deck.deal()).collect();
            round.sort_unstable();
            assert_eq!(round, ['a', 'a', 'a', 'b']);
        }
    }
}
