//! Tells how an order is packed, shipped and brought: one parcel a warehouse.

use super::{
    event::{Fact, Order, Parcel, ParcelStatus},
    fate::{Fates, Punctuality},
};
use crate::{
    calendar::{DAY, HOUR, MINUTE, civil, weekday},
    random::Random,
    shop::places::{CARRIERS, COUNTRIES},
};

/// When an order's parcels came.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arrival {
    /// The last delivery; none where every parcel was lost.
    pub(crate) delivered_at: Option<i64>,
    /// When the carrier gave a parcel up.
    pub(crate) lost_at: Option<i64>,
    pub(crate) late: bool,
}

/// The next time at or after `at` when the warehouses work: Monday to Saturday, 7 to 20 o'clock.
pub(crate) fn working(random: &mut Random, at: i64) -> i64 {
    let day = at.div_euclid(DAY);
    let of_day = at.rem_euclid(DAY);
    let (mut start, waits) = match of_day {
        ..25_200_000 => (day, true),
        72_000_000.. => (day + 1, true),
        _ => (day, weekday(day) == 6),
    };
    if !waits {
        return at;
    }
    if weekday(start) == 6 {
        start += 1;
    }
    start * DAY + 7 * HOUR + random.between(0, 4 * HOUR)
}

/// Groups the lines into parcels. `home` says where a product lies that was in no warehouse when it was ordered.
pub(crate) fn group(random: &mut Random, order: &mut Order, home: impl Fn(usize) -> u8) {
    let carriers = COUNTRIES[usize::from(order.ship_country)].carriers;
    let main = order.lines.iter().find_map(|line| line.reserved);
    for place in 0..order.lines.len() {
        let line = &order.lines[place];
        let warehouse = line.reserved.or(main).unwrap_or_else(|| home(line.product));
        let parcel = order.parcels.iter().position(|parcel| parcel.warehouse == warehouse).unwrap_or_else(|| {
            let carrier = random.weighted(&carriers);
            order.parcels.push(Parcel { id: 0, warehouse, carrier, promised_at: 0 });
            order.parcels.len() - 1
        });
        order.lines[place].parcel = Some(parcel);
    }
}

/// Tells that all parcels leave, the first at `at`, and what becomes of them; `lose`: one of them never comes.
pub(crate) fn ship(
    random: &mut Random,
    fates: &mut Fates,
    order: &mut Order,
    at: i64,
    wanted: Option<Punctuality>,
    lose: bool,
) -> Arrival {
    let mut arrival = Arrival { delivered_at: None, lost_at: None, late: false };
    let lost_one = if lose { order.parcels.len().checked_sub(1) } else { None };
    let mut shipped_at = at;
    // The others of a lost parcel come after it was given up: so the last delivery closes the order.
    let mut not_before = 0;
    for place in (0..order.parcels.len()).rev() {
        let days = COUNTRIES[usize::from(order.ship_country)].days[usize::from(order.parcels[place].warehouse)];
        let shipped_on = shipped_at.div_euclid(DAY);
        let promised_on = after_sunday(shipped_on + days + 1);
        order.parcels[place].promised_at = promised_on * DAY + 20 * HOUR;
        order.tell(shipped_at, Fact::Shipped(place));
        let in_transit = shipped_at + random.between(70 * MINUTE, 8 * HOUR);
        order.tell(in_transit, Fact::Updated(place, ParcelStatus::InTransit));
        if lost_one == Some(place) {
            let alone = order.parcels.len() == 1;
            let trouble = in_transit + random.between(20 * HOUR, if alone { 5 * DAY } else { 30 * HOUR });
            let lost_at =
                trouble + if alone { random.between(5 * DAY, 12 * DAY) } else { random.between(8 * HOUR, 20 * HOUR) };
            order.tell(trouble, Fact::Updated(place, ParcelStatus::Exception));
            order.tell(lost_at, Fact::Updated(place, ParcelStatus::Lost));
            arrival.lost_at = Some(lost_at);
            not_before = lost_at.div_euclid(DAY) + 1;
        } else {
            let punctuality = wanted.unwrap_or_else(|| fates.punctuality.deal());
            let carrier = order.parcels[place].carrier;
            let (delivered_at, troubled) =
                delivery(random, punctuality, carrier, (shipped_on, promised_on, not_before));
            let out = delivered_at.div_euclid(DAY) * DAY + random.between(5 * HOUR + 30 * MINUTE, 8 * HOUR);
            if troubled {
                order.tell(i64::midpoint(in_transit, out), Fact::Updated(place, ParcelStatus::Exception));
            }
            order.tell(out, Fact::Updated(place, ParcelStatus::OutForDelivery));
            order.tell(delivered_at, Fact::Delivered(place));
            arrival.delivered_at = arrival.delivered_at.max(Some(delivered_at));
            arrival.late |= delivered_at > order.parcels[place].promised_at;
        }
        shipped_at += random.between(MINUTE, 18 * MINUTE);
    }
    arrival
}

/// Nobody delivers on Sundays.
fn after_sunday(day: i64) -> i64 {
    if weekday(day) == 6 { day + 1 } else { day }
}

/// When a parcel is delivered, and whether something went wrong on the way.
fn delivery(
    random: &mut Random,
    punctuality: Punctuality,
    carrier: usize,
    (shipped_on, promised_on, not_before): (i64, i64, i64),
) -> (i64, bool) {
    let (_, month, date) = civil(shipped_on);
    let rush = if month == 12 && (8..=24).contains(&date) { 2 } else { 1 };
    let late = match punctuality {
        Punctuality::Usual => random.chance(CARRIERS[carrier].late_per_mille * rush),
        Punctuality::Late => true,
        Punctuality::Troubled => random.chance(600),
        Punctuality::ToTheDot if not_before < promised_on => return (promised_on * DAY + 20 * HOUR, false),
        Punctuality::ToTheDot => false,
    };
    let day = if late {
        let days = random.between(1, 6).min(random.between(1, 8));
        promised_on + days
    } else {
        random.between((shipped_on + 1).max(promised_on - 2), promised_on)
    };
    let day = after_sunday(day.max(not_before));
    let hour = random.between(9 * HOUR, 19 * HOUR + 30 * MINUTE);
    (day * DAY + hour, punctuality == Punctuality::Troubled)
}
