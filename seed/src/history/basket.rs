//! Fills an order: channel, address, lines, discounts, fees and tax. Nothing happens to it yet.

use super::event::{Channel, Line, Order};
use crate::{
    calendar::{DAY, civil, to_black_friday},
    random::Random,
    shop::{
        catalogue::Catalogue,
        customers::{Customer, Segment},
        places::{COUNTRIES, FREE_SHIPPING_FROM},
    },
};

/// An order of a customer at this time; `first` is a product that it must hold.
pub(crate) fn fill(
    random: &mut Random,
    catalogue: &Catalogue,
    number: u64,
    (place, customer): (usize, &Customer),
    placed_at: i64,
    first: Option<usize>,
) -> Order {
    let (ship_country, ship_city) = address(random, customer);
    let channel = [Channel::Web, Channel::Mobile, Channel::Marketplace][random.weighted(&channels(placed_at))];
    let lines = lines(random, catalogue, customer, placed_at, first);
    let items_total = lines.iter().map(|line| line.total).sum();
    let country = &COUNTRIES[usize::from(ship_country)];
    let shipping_fee = if items_total >= FREE_SHIPPING_FROM { 0 } else { country.shipping_fee };
    Order {
        number,
        customer: place,
        channel,
        ship_country,
        ship_city,
        placed_at,
        lines,
        items_total,
        shipping_fee,
        tax_total: tax(items_total + shipping_fee, country.tax_percent),
        parcels: Vec::new(),
        returns: Vec::new(),
        events: Vec::new(),
    }
}

/// Tax on net cents, rounded half up.
fn tax(net: i64, percent: i64) -> i64 {
    (net * percent + 50) / 100
}

/// Telephones gain on the web over the years.
fn channels(placed_at: i64) -> [u64; 3] {
    let (year, month, _) = civil(placed_at.div_euclid(DAY));
    let quarters = u64::try_from((year - 2023) * 4).unwrap_or(0) + u64::from((month - 1) / 3);
    let mobile = (28 + quarters).min(46);
    [84 - mobile, mobile, 16]
}

/// Mostly the customer's own city; sometimes another one, rarely abroad.
fn address(random: &mut Random, customer: &Customer) -> (u8, u8) {
    let country = if random.chance(12) { random.index(COUNTRIES.len()) } else { usize::from(customer.country) };
    if country == usize::from(customer.country) && !random.chance(60) {
        return (customer.country, customer.city);
    }
    let city = random.index(COUNTRIES[country].cities.len());
    (u8::try_from(country).unwrap_or(0), u8::try_from(city).unwrap_or(0))
}

fn lines(
    random: &mut Random,
    catalogue: &Catalogue,
    customer: &Customer,
    placed_at: i64,
    first: Option<usize>,
) -> Vec<Line> {
    let day = placed_at.div_euclid(DAY);
    let month = civil(day).1;
    let weights = if customer.segment == Segment::Consumer { [62, 23, 10, 4, 1] } else { [46, 27, 15, 8, 4] };
    let wanted = random.weighted(&weights) + 1;
    let mut category = Catalogue::draw_category(random, month);
    let mut lines: Vec<Line> = Vec::with_capacity(wanted);
    let mut attempts = 0;
    while lines.len() < wanted && attempts < 24 {
        attempts += 1;
        if !lines.is_empty() && random.chance(450) {
            category = Catalogue::draw_category(random, month);
        }
        let forced = first.filter(|_| lines.is_empty());
        let Some(product) = forced.or_else(|| catalogue.draw(random, category, day)) else {
            category = Catalogue::draw_category(random, month);
            continue;
        };
        if lines.iter().any(|line| line.product == product) {
            continue;
        }
        let (unit_price, unit_cost) = catalogue.products[product].price_on(day);
        let quantity = quantity(random, customer.segment, unit_price);
        let gross = unit_price * quantity;
        let discount = gross * discount_percent(random, customer.segment, to_black_friday(day), quantity) / 100;
        lines.push(Line {
            product,
            quantity,
            unit_price,
            unit_cost,
            discount,
            total: gross - discount,
            reserved: None,
            parcel: None,
        });
    }
    lines
}

/// Dear things are bought singly, business buys more.
fn quantity(random: &mut Random, segment: Segment, unit_price: i64) -> i64 {
    let most = match (segment, unit_price) {
        (Segment::Business, ..20_000) => 8,
        (Segment::Business, _) | (_, ..3_000) => 4,
        (_, ..20_000) => 2,
        _ => 1,
    };
    let single = if segment == Segment::Business { 480 } else { 820 };
    if random.chance(single) { 1 } else { random.between(1, most) }
}

fn discount_percent(random: &mut Random, segment: Segment, to_black_friday: i64, quantity: i64) -> i64 {
    let sale = match to_black_friday {
        0 => 620,
        -3..=6 => 480,
        _ => 110,
    };
    let of_the_day = match (random.chance(sale), sale) {
        (false, _) => 0,
        (true, 110) => *random.pick(&[5, 5, 10, 10, 15, 20]),
        (true, _) => *random.pick(&[10, 15, 20, 20, 25, 30, 40]),
    };
    let loyal = if segment == Segment::Vip && random.chance(350) { 5 } else { 0 };
    let bulk = if quantity >= 5 { 5 } else { 0 };
    of_the_day + loyal + bulk
}
