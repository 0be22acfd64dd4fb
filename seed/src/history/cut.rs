//! Ends an order's story: at the end of history, or at the stage where it stands still. Adds nothing to it.

use super::{
    event::{Fact, Order, ParcelStatus, PaymentStatus},
    fate::Stage,
};

/// Puts the events in order and drops those after `end` (Unix milliseconds) and after `stage`.
///
/// Parcels of one order leave within minutes: the cut never falls between them. An order that waited for goods is
/// packed and shipped in one go too.
pub(crate) fn cut(order: &mut Order, end: i64, stage: Option<Stage>) {
    order.events.sort_by_key(|event| event.at);
    let mut before = i64::MIN;
    for event in &mut order.events {
        event.at = event.at.max(before.saturating_add(1));
        before = event.at;
    }
    let mut keep = order.events.iter().take_while(|event| event.at <= end).count();
    if let Some(stage) = stage {
        keep = keep.min(reached(order, stage));
    }
    let shipped = |event: &super::event::Event| matches!(event.fact, Fact::Shipped(_));
    let packed = order.events.iter().position(|event| matches!(event.fact, Fact::Packed(_)));
    let first = order.events.iter().position(shipped);
    let last = order.events.iter().rposition(shipped);
    if let (Some(packed), Some(first), Some(last)) = (packed, first, last) {
        let start = if order.waits_for_goods() { packed } else { first };
        if (start + 1..=last).contains(&keep) {
            keep = start;
        }
    }
    order.events.truncate(keep);
}

/// How many events lead to a stage.
fn reached(order: &Order, stage: Stage) -> usize {
    let is_there = |fact: &Fact| match stage {
        Stage::Placed => matches!(fact, Fact::Placed),
        Stage::Waiting | Stage::Authorized | Stage::Captured => {
            matches!(fact, Fact::Paid(_, PaymentStatus::Authorized | PaymentStatus::Captured, _))
        }
        Stage::Packed => matches!(fact, Fact::Packed(_)),
        Stage::LabelCreated => matches!(fact, Fact::Shipped(0)),
        Stage::InTransit => matches!(fact, Fact::Updated(_, ParcelStatus::InTransit)),
        Stage::OutForDelivery => matches!(fact, Fact::Updated(_, ParcelStatus::OutForDelivery)),
        Stage::Exception => matches!(fact, Fact::Updated(_, ParcelStatus::Exception)),
        Stage::ReturnRequested => matches!(fact, Fact::ReturnRequested(_)),
        Stage::ReturnReceived => matches!(fact, Fact::ReturnReceived(_)),
    };
    order.events.iter().position(|event| is_there(&event.fact)).map_or(usize::MAX, |place| place + 1)
}
