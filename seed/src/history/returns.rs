//! Tells what comes back of a delivered order.

use super::{
    event::{Fact, Order, Return, ReturnReason},
    fate::{Fates, ReturnFate},
    parcels::Arrival,
    payments::{self, Payment},
};
use crate::{
    calendar::{DAY, HOUR},
    random::Random,
    shop::{catalogue::Product, wares::CATEGORIES},
};

/// Whether returns come as they come, or must come (soon).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    AsItComes,
    Soon,
}

/// Tells the return of an order delivered at `delivered_at`, if there is one.
pub(crate) fn tell(
    random: &mut Random,
    fates: &mut Fates,
    order: &mut Order,
    products: &[Product],
    (arrival, delivered_at): (Arrival, i64),
    payment: Payment,
    wish: Wish,
) {
    // What never came does not come back: after a loss nothing is sent back.
    let count = order.lines.len() as u64;
    let likely: u64 = order.lines.iter().map(|line| CATEGORIES[products[line.product].category].returned).sum();
    let likely = likely / count.max(1) * if arrival.late { 15 } else { 10 } / 10;
    if arrival.lost_at.is_some() || (wish == Wish::AsItComes && !random.chance(likely)) {
        return;
    }
    let returned = choose(random, fates, order, arrival);
    let fate = if wish == Wish::Soon { ReturnFate::Refunded } else { fates.return_fate.deal() };
    let (requested, received, decided) = match wish {
        Wish::Soon => (random.between(3 * HOUR, 20 * HOUR), random.between(20 * HOUR, 30 * HOUR), 30 * DAY),
        Wish::AsItComes => (
            random.between(4 * HOUR, 20 * DAY).min(random.between(4 * HOUR, 28 * DAY)),
            random.between(2 * DAY, 9 * DAY),
            random.between(2 * HOUR, 5 * DAY),
        ),
    };
    let requested_at = delivered_at + requested;
    order.tell(requested_at, Fact::ReturnRequested(returned.clone()));
    let (kept, rejected) = match fate {
        ReturnFate::Refunded => (returned, Vec::new()),
        ReturnFate::Rejected => (Vec::new(), returned),
        ReturnFate::Mixed => {
            returned.split_first().map_or_else(Default::default, |(first, rest)| (vec![*first], rest.to_vec()))
        }
    };
    if !rejected.is_empty() {
        order.tell(requested_at + random.between(5 * HOUR, 40 * HOUR), Fact::ReturnRejected(rejected.clone()));
    }
    if kept.is_empty() {
        return;
    }
    let received_at = requested_at + received;
    let refunded_at = received_at + decided;
    order.tell(received_at, Fact::ReturnReceived(kept.clone()));
    let all = kept.len() == order.lines.len()
        && kept.iter().all(|place| order.returns[*place].quantity == order.lines[order.returns[*place].line].quantity);
    order.tell(refunded_at, Fact::ReturnRefunded(kept));
    if all {
        payments::refund(order, payment, refunded_at + random.between(2_000, 600_000));
    }
}

/// Adds the lines that come back to the order; their places.
fn choose(random: &mut Random, fates: &mut Fates, order: &mut Order, arrival: Arrival) -> Vec<usize> {
    let first = random.index(order.lines.len());
    let all = order.lines.len() > 1 && random.chance(380);
    let lines: Vec<usize> = if all { (0..order.lines.len()).collect() } else { vec![first] };
    let reason = if arrival.late && random.chance(350) { ReturnReason::Late } else { fates.return_reason.deal() };
    for line in lines {
        let of = &order.lines[line];
        let quantity =
            if of.quantity > 1 && random.chance(450) { random.between(1, of.quantity - 1) } else { of.quantity };
        // A share of the line, rounded down: the whole line gives back exactly what it cost.
        let refund = of.total * quantity / of.quantity;
        order.returns.push(Return { line, quantity, reason, refund });
    }
    (0..order.returns.len()).collect()
}
