//! Tells how an order is paid: failed attempts, the one that works, capture and refund.

use super::{
    event::{Fact, Failure, Method, Order, PaymentStatus},
    fate::Fates,
};
use crate::{
    calendar::{DAY, HOUR, MINUTE, SECOND},
    random::Random,
    shop::places::COUNTRIES,
};

/// A payment that did not fail.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Payment {
    pub(crate) method: Method,
    pub(crate) status: PaymentStatus,
    pub(crate) at: i64,
}

/// How a customer there likes to pay.
pub(crate) fn method(random: &mut Random, order: &Order) -> Method {
    let weights = match COUNTRIES[usize::from(order.ship_country)].code {
        "DE" => [38, 38, 17, 7],
        "NL" => [48, 24, 21, 7],
        "PT" => [64, 16, 13, 7],
        _ => [66, 23, 5, 6],
    };
    [Method::Card, Method::PayPal, Method::BankTransfer, Method::GiftCard][random.weighted(&weights)]
}

/// Tells the payment of an order, with failed attempts before it now and then.
pub(crate) fn pay(random: &mut Random, fates: &mut Fates, order: &mut Order, wanted: Option<PaymentStatus>) -> Payment {
    let mut method = match wanted {
        Some(PaymentStatus::Authorized) => Method::Card,
        Some(_) => *random.pick(&[Method::Card, Method::PayPal]),
        None => method(random, order),
    };
    let mut at = order.placed_at + random.between(2 * SECOND, 50 * SECOND);
    if fates.failed_first.deal() {
        for _ in 0..random.between(1, 2) {
            method = if method == Method::BankTransfer { Method::Card } else { method };
            order.tell(at, Fact::Paid(method, PaymentStatus::Failed, Some(failure(fates, method))));
            at += random.between(30 * SECOND, 25 * MINUTE);
        }
        if wanted != Some(PaymentStatus::Authorized) && random.chance(400) {
            method = *random.pick(&[Method::Card, Method::PayPal]);
        }
    }
    if method == Method::BankTransfer {
        at += random.between(9 * HOUR, 3 * DAY);
    }
    let status = wanted.unwrap_or_else(|| {
        let later = method == Method::Card && random.chance(450);
        if later { PaymentStatus::Authorized } else { PaymentStatus::Captured }
    });
    order.tell(at, Fact::Paid(method, status, None));
    Payment { method, status, at }
}

/// Tells attempts that all fail; the time of the last one.
pub(crate) fn fail(random: &mut Random, fates: &mut Fates, order: &mut Order) -> i64 {
    let mut at = order.placed_at + random.between(3 * SECOND, 60 * SECOND);
    let mut last = at;
    for _ in 0..random.between(1, 4) {
        let method = *random.pick(&[Method::Card, Method::Card, Method::PayPal, Method::GiftCard]);
        order.tell(at, Fact::Paid(method, PaymentStatus::Failed, Some(failure(fates, method))));
        last = at;
        at += random.between(MINUTE, 5 * HOUR);
    }
    last
}

/// Only cards expire and are declined.
fn failure(fates: &mut Fates, method: Method) -> Failure {
    match fates.failure.deal() {
        Failure::CardDeclined | Failure::ExpiredCard if method != Method::Card => Failure::InsufficientFunds,
        failure => failure,
    }
}

/// Tells the capture of an authorized payment.
pub(crate) fn capture(order: &mut Order, payment: &mut Payment, at: i64) {
    if payment.status == PaymentStatus::Authorized {
        order.tell(at, Fact::Captured(payment.method));
        payment.status = PaymentStatus::Captured;
    }
}

/// Tells the refund of a captured payment; one that is only authorized lapses by itself.
pub(crate) fn refund(order: &mut Order, payment: Payment, at: i64) {
    if payment.status == PaymentStatus::Captured {
        order.tell(at, Fact::Refunded(payment.method));
    }
}
