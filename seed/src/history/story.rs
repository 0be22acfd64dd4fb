//! Tells an order's whole story, from placing to the end that fate has for it.

use super::{
    event::{CancelReason, Fact, Order, PaymentStatus},
    fate::{Fate, Fates, Punctuality, Stage},
    parcels, payments,
    returns::{self, Wish},
};
use crate::{
    calendar::{DAY, HOUR, MINUTE, civil},
    random::Random,
    shop::catalogue::Product,
};

/// Tells the story of an order that has just been placed and whose lines are reserved.
///
/// `stage`: where it will stand still, for orders that must; it is then told so that it comes there soon.
pub(crate) fn tell(
    random: &mut Random,
    fates: &mut Fates,
    order: &mut Order,
    products: &[Product],
    stage: Option<Stage>,
) {
    order.tell(order.placed_at, Fact::Placed);
    let waits = order.waits_for_goods();
    let fate = match stage {
        Some(_) => Fate::Arrives,
        None if waits && random.chance(350) => Fate::Cancelled(CancelReason::OutOfStock),
        None => fates.fate.deal(),
    };
    match fate {
        Fate::Cancelled(reason) => cancel(random, fates, order, reason),
        Fate::Arrives | Fate::ParcelLost => deliver(random, fates, order, products, stage, fate),
    }
}

fn cancel(random: &mut Random, fates: &mut Fates, order: &mut Order, reason: CancelReason) {
    let cancelled = Fact::Cancelled(reason);
    if reason == CancelReason::PaymentFailed {
        let failed_at = payments::fail(random, fates, order);
        order.tell(failed_at + random.between(HOUR, 30 * HOUR), cancelled);
        return;
    }
    if reason == CancelReason::CustomerRequest && random.chance(250) {
        order.tell(order.placed_at + random.between(5 * MINUTE, 20 * HOUR), cancelled);
        return;
    }
    let wanted = (reason == CancelReason::FraudSuspected).then_some(PaymentStatus::Authorized);
    let mut payment = payments::pay(random, fates, order, wanted);
    let mut at = payment.at;
    match reason {
        CancelReason::FraudSuspected => at += random.between(20 * MINUTE, 20 * HOUR),
        CancelReason::OutOfStock => at += random.between(DAY, 6 * DAY),
        _ if random.chance(300) && !order.waits_for_goods() => {
            let handling = random.between(4 * HOUR, 30 * HOUR);
            let packed_at = parcels::working(random, at + handling);
            pack(random, order, packed_at);
            payments::capture(order, &mut payment, packed_at + random.between(MINUTE, 9 * MINUTE));
            at = packed_at + random.between(20 * MINUTE, 6 * HOUR);
        }
        _ => at += random.between(10 * MINUTE, 20 * HOUR),
    }
    order.tell(at, cancelled);
    payments::refund(order, payment, at + random.between(5 * MINUTE, 2 * DAY));
}

fn pack(random: &mut Random, order: &mut Order, at: i64) {
    let warehouse =
        order.lines.iter().find_map(|line| line.reserved).or(order.parcels.first().map(|one| one.warehouse));
    order.tell(at, Fact::Packed(warehouse.unwrap_or_else(|| u8::try_from(random.below(4)).unwrap_or(0))));
}

fn deliver(
    random: &mut Random,
    fates: &mut Fates,
    order: &mut Order,
    products: &[Product],
    stage: Option<Stage>,
    fate: Fate,
) {
    let wanted = stage.map(|stage| match stage {
        Stage::Authorized => PaymentStatus::Authorized,
        _ => PaymentStatus::Captured,
    });
    let mut payment = payments::pay(random, fates, order, wanted);
    let placed_on = order.placed_at.div_euclid(DAY);
    let called_back = |place: usize| products[place].recalled <= placed_on;
    if order.lines.iter().any(|line| line.reserved.is_none() && called_back(line.product)) {
        // The supplier has named no date: the order waits.
        return;
    }
    parcels::group(random, order, |product| products[product].home);
    let (_, month, date) = civil(placed_on);
    let rush = if (month == 12 && date < 24) || (month == 11 && date > 22) { 20 * HOUR } else { 0 };
    let waits = order.waits_for_goods();
    let handling = match (waits, stage) {
        (true, _) => random.between(4 * DAY, 13 * DAY),
        (false, Some(_)) => random.between(2 * HOUR, 8 * HOUR),
        (false, None) => random.between(2 * HOUR, 32 * HOUR + rush),
    };
    let packed_at = parcels::working(random, payment.at + handling);
    pack(random, order, packed_at);
    payments::capture(order, &mut payment, packed_at + random.between(MINUTE, 9 * MINUTE));
    let resting = if waits { random.between(40 * MINUTE, 2 * HOUR) } else { random.between(40 * MINUTE, 9 * HOUR) };
    let shipped_at = parcels::working(random, packed_at + resting);
    let wanted = stage.map(|stage| if stage == Stage::Exception { Punctuality::Troubled } else { Punctuality::Usual });
    let arrival = parcels::ship(random, fates, order, shipped_at, wanted, fate == Fate::ParcelLost);
    if let Some(delivered_at) = arrival.delivered_at {
        let wish = match stage {
            Some(Stage::ReturnRequested | Stage::ReturnReceived) => Wish::Soon,
            _ => Wish::AsItComes,
        };
        returns::tell(random, fates, order, products, (arrival, delivered_at), payment, wish);
    } else {
        let lost_at = arrival.lost_at.unwrap_or(shipped_at);
        payments::refund(order, payment, lost_at + random.between(2 * HOUR, 3 * DAY));
    }
}
