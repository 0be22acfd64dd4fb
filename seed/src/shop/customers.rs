//! The register of customers, and who places the next order. Compact: a million orders know a quarter million people.

use super::{
    people::Name,
    places::{COUNTRIES, Country},
};
use crate::{
    calendar::{DAY, MINUTE, OPENING_DAY, OrderTimes},
    random::{Purpose, Random},
};

/// A customer's segment, as in the column `segment`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Segment {
    Consumer,
    Business,
    Vip,
}

impl Segment {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Consumer => "consumer",
            Self::Business => "business",
            Self::Vip => "vip",
        }
    }
}

/// A registered person.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Customer {
    pub(crate) created_at: i64,
    pub(crate) name: Name,
    pub(crate) country: u8,
    pub(crate) city: u8,
    pub(crate) segment: Segment,
    has_phone: bool,
}

impl Customer {
    /// Where the customer lives.
    pub(crate) fn country(&self) -> &'static Country {
        &COUNTRIES[usize::from(self.country)]
    }

    /// The city's name.
    pub(crate) fn city(&self) -> &'static str {
        self.country().cities[usize::from(self.city)].0
    }

    /// The telephone number of customer `id`; a fifth gave none.
    pub(crate) fn phone(&self, seed: u64, id: u64) -> Option<String> {
        let mut random = Random::of(seed, Purpose::Customer, id ^ (1 << 40));
        self.has_phone.then(|| {
            let code = self.country().dialling_code;
            format!("{code} 9{:02} {:03} {:03}", random.below(100), random.below(1000), random.below(1000))
        })
    }
}

/// All customers in the order of their registration; customer `n` has the id `n + 1`.
#[derive(Debug)]
pub(crate) struct Register {
    pub(crate) customers: Vec<Customer>,
    /// The customers that buy, in the order of their first orders: places in `customers`.
    buyers: Vec<u32>,
}

/// Who orders, one order after another; the same every time it is asked.
struct Arrivals {
    random: Random,
    orders: u64,
    newcomers: u64,
}

impl Arrivals {
    fn new(seed: u64, orders: u64) -> Self {
        Self { random: Random::of(seed, Purpose::Buyers, 0), orders, newcomers: buyer_count(orders) }
    }

    /// Whether the next order is the first one of a customer.
    fn next_is_new(&mut self, nobody_yet: bool) -> bool {
        let is_new = self.newcomers > 0 && (nobody_yet || self.random.below(self.orders) < self.newcomers);
        self.newcomers -= u64::from(is_new);
        self.orders = self.orders.saturating_sub(1);
        is_new
    }
}

fn customer_count(orders: u64) -> u64 {
    (orders / 4).max(50)
}

/// Eight in a hundred never order.
fn buyer_count(orders: u64) -> u64 {
    orders.min(customer_count(orders) * 92 / 100)
}

impl Register {
    /// Everybody who registers until `end`.
    pub(crate) fn new(seed: u64, orders: u64, end: i64) -> Self {
        let opening = OPENING_DAY * DAY;
        let mut arrivals = Arrivals::new(seed, orders);
        let lookers = customer_count(orders) - buyer_count(orders);
        // (registered at, place among the buyers or none)
        let mut registered: Vec<(i64, Option<u32>)> = Vec::new();
        let mut buyers = 0;
        let mut looked = 0;
        for (place, placed_at) in OrderTimes::new(seed, orders, end).enumerate() {
            let place = place as u64;
            let mut random = Random::of(seed, Purpose::Customer, place | 1 << 41);
            if arrivals.next_is_new(buyers == 0) {
                let before = if random.chance(700) {
                    random.between(20_000, 40 * MINUTE)
                } else {
                    random.between(DAY, 60 * DAY)
                };
                let created_at = if placed_at - before < opening { placed_at } else { placed_at - before };
                registered.push((created_at, Some(buyers)));
                buyers += 1;
            }
            while looked * orders < lookers * (place + 1) && looked < lookers {
                registered.push(((placed_at - random.between(0, 3 * DAY)).max(opening), None));
                looked += 1;
            }
        }
        for left in looked..lookers {
            let mut random = Random::of(seed, Purpose::Customer, left | 1 << 42);
            registered.push((random.between(opening, end - 1), None));
        }
        registered.sort_unstable();
        let mut register = Self { customers: Vec::with_capacity(registered.len()), buyers: vec![0; buyers as usize] };
        for (place, (created_at, buyer)) in registered.into_iter().enumerate() {
            let customer = register.person(seed, place, created_at);
            register.customers.push(customer);
            if let (Some(buyer), Ok(place)) = (buyer, u32::try_from(place)) {
                register.buyers[buyer as usize] = place;
            }
        }
        register
    }

    fn person(&self, seed: u64, place: usize, created_at: i64) -> Customer {
        let mut random = Random::of(seed, Purpose::Customer, place as u64);
        let weights = COUNTRIES.map(|country| country.weight);
        // Even the smallest shop has customers from everywhere.
        let drawn = random.weighted(&weights);
        let country = if place.is_multiple_of(3) && place / 3 < COUNTRIES.len() { place / 3 } else { drawn };
        let city = random.weighted(&COUNTRIES[country].cities.iter().map(|(_, weight)| *weight).collect::<Vec<_>>());
        let code = u8::try_from(country).unwrap_or(0);
        // Some are called like somebody else: every fortieth bears the name of an earlier customer.
        let name = if place % 40 == 39 { self.customers[place - 17].name } else { Name::draw(&mut random, code) };
        let segment = [Segment::Consumer, Segment::Business, Segment::Vip][random.weighted(&[82, 13, 5])];
        let has_phone = random.chance(810);
        Customer { created_at, name, country: code, city: u8::try_from(city).unwrap_or(0), segment, has_phone }
    }

    /// Who places the orders, one after another.
    pub(crate) fn shoppers(&self, seed: u64, orders: u64) -> Shoppers<'_> {
        let choice = Random::of(seed, Purpose::Buyers, 1);
        Shoppers { register: self, arrivals: Arrivals::new(seed, orders), choice, known: 0 }
    }
}

/// Places in the register, one for each order.
pub(crate) struct Shoppers<'a> {
    register: &'a Register,
    arrivals: Arrivals,
    choice: Random,
    known: usize,
}

impl Iterator for Shoppers<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let buyers = &self.register.buyers;
        if self.arrivals.next_is_new(self.known == 0) {
            self.known += 1;
            return buyers.get(self.known - 1).map(|place| *place as usize);
        }
        // Those who came lately come again more often, and so do good customers.
        for attempt in 0.. {
            let recent = self.known - self.known * 2 / 3;
            let buyer = if self.choice.chance(480) {
                self.known - 1 - self.choice.index(recent)
            } else {
                self.choice.index(self.known)
            };
            let place = *buyers.get(buyer)? as usize;
            let eagerness = match self.register.customers[place].segment {
                Segment::Consumer => 220,
                Segment::Business => 420,
                Segment::Vip => 1000,
            };
            if attempt == 8 || self.choice.chance(eagerness) {
                return Some(place);
            }
        }
        None
    }
}
