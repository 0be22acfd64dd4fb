//! The products: what they cost when, how well they sell, where they lie. Made once; no stock levels in here.

use super::wares::{CATEGORIES, LINES};
use crate::{
    calendar::{DAY, OPENING_DAY, day_of},
    random::{Purpose, Random},
};

/// A product; money in cents, days since 1970-01-01.
#[derive(Debug, Clone)]
pub(crate) struct Product {
    pub(crate) category: usize,
    pub(crate) brand: &'static str,
    pub(crate) name: String,
    /// List price at the end of history.
    pub(crate) price: i64,
    /// Unit cost at the end of history.
    pub(crate) cost: i64,
    pub(crate) active: bool,
    pub(crate) launched: i64,
    /// First day on which it is no longer sold.
    pub(crate) withdrawn: i64,
    /// How well it sells; 0: never sold.
    pub(crate) weight: u64,
    /// The warehouse that mostly holds it.
    pub(crate) home: u8,
    /// Whether any warehouse has ever held it.
    pub(crate) stocked: bool,
    /// From this day on the supplier delivers nothing and what lay there was called back.
    pub(crate) recalled: i64,
    /// The day of the latest change of price; each change before it lies a year earlier.
    repriced: i64,
    /// Change of price a year, in a thousandth.
    raise: i64,
}

/// Days before the end at which the recalled products were called back.
pub(crate) const RECALL_DAYS: i64 = 18;

/// All products, and who is drawn how often.
#[derive(Debug)]
pub(crate) struct Catalogue {
    pub(crate) products: Vec<Product>,
    /// For each category: running sums of the weights, and the product.
    shelves: Vec<Vec<(u64, usize)>>,
    /// Sellers among the best that were called back lately: out of stock, with orders waiting for them.
    pub(crate) recalled: Vec<usize>,
}

/// How many products a shop with so many orders sells: about 600 with 50,000.
fn size(orders: u64) -> usize {
    let count =
        if orders <= 50_000 { 120 + orders * 480 / 50_000 } else { 600 + ((orders - 50_000) / 4_000).min(1_400) };
    usize::try_from(count).unwrap_or(2_000)
}

/// A price as shops write them: ...0.99, 19.90, 7.49.
fn shop_price(cents: i64, random: &mut Random) -> i64 {
    let euros = cents / 100;
    if euros >= 100 {
        return (euros / 10 * 10 + 9) * 100 + if random.chance(500) { 0 } else { 90 };
    }
    euros * 100 + *random.pick(&[90, 99, 99, 50, 49, 95])
}

impl Catalogue {
    /// The products of a shop whose history ends on day `end`.
    pub(crate) fn new(seed: u64, orders: u64, end: i64) -> Self {
        let count = size(orders);
        let mut products: Vec<Product> = (0..count).map(|place| product(seed, place, end)).collect();
        let shelves = (0..CATEGORIES.len())
            .map(|category| {
                let mut sum = 0;
                let of_category =
                    products.iter().enumerate().filter(|(_, one)| one.category == category && one.weight > 0);
                of_category.map(|(place, one)| (sum += one.weight, (sum, place)).1).collect()
            })
            .collect();
        let mut sellers: Vec<usize> =
            (0..count).filter(|place| products[*place].active && products[*place].launched < OPENING_DAY).collect();
        sellers.sort_by_key(|place| (std::cmp::Reverse(products[*place].weight), *place));
        let recalled: Vec<usize> = [3, 8, 14].iter().filter_map(|rank| sellers.get(*rank).copied()).collect();
        for place in &recalled {
            products[*place].recalled = end - RECALL_DAYS;
        }
        Self { products, shelves, recalled }
    }

    /// A category, by how well it sells in this month (1 to 12).
    pub(crate) fn draw_category(random: &mut Random, month: u32) -> usize {
        const SHARES: [u64; 12] = [9, 9, 9, 6, 8, 14, 4, 6, 13, 7, 9, 7];
        let month = usize::try_from(month).unwrap_or(1).clamp(1, 12) - 1;
        let mut weights = [0; 12];
        for (place, weight) in weights.iter_mut().enumerate() {
            *weight = SHARES[place] * CATEGORIES[place].months[month];
        }
        random.weighted(&weights)
    }

    /// A product of a category that is sold on this day.
    pub(crate) fn draw(&self, random: &mut Random, category: usize, day: i64) -> Option<usize> {
        let goods = &self.shelves[category];
        let (total, _) = goods.last()?;
        for _ in 0..8 {
            let ticket = random.below(*total);
            let place = goods.partition_point(|(sum, _)| *sum <= ticket);
            let product = goods[place].1;
            if self.products[product].launched <= day && day < self.products[product].withdrawn {
                return Some(product);
            }
        }
        None
    }

    /// The sum of all weights.
    pub(crate) fn weight(&self) -> u64 {
        self.shelves.iter().filter_map(|shelf| shelf.last()).map(|(sum, _)| *sum).sum()
    }
}

impl Product {
    /// Price and cost of a piece on a day, in cents.
    pub(crate) fn price_on(&self, day: i64) -> (i64, i64) {
        if day >= self.repriced {
            return (self.price, self.cost);
        }
        let changes = (self.repriced - day - 1) / 365 + 1;
        let thousandths = 1000 - self.raise * changes;
        let price = self.price * thousandths / 1000;
        // Past prices end like today's: on the same last digit.
        ((price / 10 * 10 + self.price % 10).max(99), (self.cost * thousandths / 1000).max(1))
    }
}

fn product(seed: u64, place: usize, end: i64) -> Product {
    let mut random = Random::of(seed, Purpose::Product, place as u64);
    let category = place % CATEGORIES.len();
    let within = place / CATEGORIES.len();
    let wares = &CATEGORIES[category];
    let kind = &wares.kinds[within % wares.kinds.len()];
    let brand_place = random.index(wares.brands.len());
    let line = LINES[(within * 7 + category * 5 + within / LINES.len()) % LINES.len()];
    let name = if within < LINES.len() {
        format!("{line} {}", kind.0)
    } else {
        format!("{line} {} Mark {}", kind.0, within / LINES.len() + 1)
    };
    // Brands have levels: the first of a category is the cheapest.
    let steps = i64::try_from(wares.brands.len()).unwrap_or(1);
    let level = i64::try_from(brand_place).unwrap_or(0) * 100 / steps;
    let position = i64::midpoint(level, random.between(0, 100));
    let price = shop_price((kind.1 + (kind.2 - kind.1) * position / 100) * 100, &mut random);
    let cost = (price * (100 - wares.margin + random.between(-5, 5)) / 100).max(1);
    // The first products of a category are its staples: always sold, since before the shop opened.
    let staple = within < 5;
    // Every sixtieth is in the catalogue but has not come in yet.
    let announced = within >= 5 && place % 60 == 11;
    let launched = if staple || random.chance(620) {
        day_of(2019, 3, 1) + random.between(0, 1200)
    } else {
        random.between(OPENING_DAY, (end - 40).max(OPENING_DAY))
    };
    let withdrawn = if !staple && !announced && (place % 37 == 36 || random.chance(50)) {
        (launched + 200).max(end - random.between(10, 600))
    } else {
        i64::MAX
    };
    let active = withdrawn > end;
    let slow = announced || (!staple && random.chance(60));
    // A few well-known products and a long tail.
    let rank = random.below(100) + 4;
    let weight = if slow { 0 } else { 40_000 / rank };
    let home = if random.chance(860) { wares.home } else { u8::try_from(random.below(4)).unwrap_or(0) };
    Product {
        category,
        brand: wares.brands[brand_place],
        name,
        price,
        cost,
        active,
        launched,
        withdrawn,
        weight,
        home,
        stocked: !(announced || slow && random.chance(250)),
        recalled: i64::MAX,
        repriced: end - random.between(5, 369),
        raise: random.between(-25, 45),
    }
}

/// The instant at which a recall takes effect.
pub(crate) fn recall_instant(end_day: i64) -> i64 {
    (end_day - RECALL_DAYS) * DAY
}
