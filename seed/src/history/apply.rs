//! Folds an order's events into what the tables say of it, by the contract's rules: the rows can only say what the
//! events say.

use super::event::{
    CancelReason, Fact, Failure, Method, Order, OrderStatus, ParcelStatus, PaymentStatus, ReturnStatus,
};

/// An attempt to pay.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attempt {
    pub(crate) method: Method,
    pub(crate) status: PaymentStatus,
    pub(crate) failure: Option<Failure>,
    pub(crate) at: i64,
}

/// What became of a parcel that was shipped.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shipment {
    pub(crate) status: ParcelStatus,
    pub(crate) shipped_at: i64,
    pub(crate) delivered_at: Option<i64>,
}

/// The state of an order after its events.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) status: OrderStatus,
    pub(crate) updated_at: i64,
    pub(crate) cancel_reason: Option<CancelReason>,
    pub(crate) attempts: Vec<Attempt>,
    /// For each of the order's parcels: none while it has not left.
    pub(crate) shipments: Vec<Option<Shipment>>,
    /// For each of the order's returns: none while nobody asked.
    pub(crate) returns: Vec<Option<(ReturnStatus, i64)>>,
}

/// Applies all events of an order.
pub(crate) fn apply(order: &Order) -> State {
    let mut state = State {
        status: OrderStatus::Placed,
        updated_at: order.placed_at,
        cancel_reason: None,
        attempts: Vec::new(),
        shipments: vec![None; order.parcels.len()],
        returns: vec![None; order.returns.len()],
    };
    for event in &order.events {
        state.updated_at = event.at;
        state.apply(event.at, &event.fact);
    }
    state
}

impl State {
    fn apply(&mut self, at: i64, fact: &Fact) {
        match fact {
            Fact::Placed => {}
            Fact::Paid(method, status, failure) => {
                self.attempts.push(Attempt { method: *method, status: *status, failure: *failure, at });
                if *status != PaymentStatus::Failed && self.status == OrderStatus::Placed {
                    self.status = OrderStatus::Paid;
                }
            }
            Fact::Captured(method) => self.settle(*method, PaymentStatus::Authorized, PaymentStatus::Captured),
            Fact::Refunded(method) => self.settle(*method, PaymentStatus::Captured, PaymentStatus::Refunded),
            Fact::Packed(_) => self.status = OrderStatus::Packed,
            Fact::Shipped(parcel) => {
                self.shipments[*parcel] =
                    Some(Shipment { status: ParcelStatus::LabelCreated, shipped_at: at, delivered_at: None });
                if self.status == OrderStatus::Packed {
                    self.status = OrderStatus::Shipped;
                }
            }
            Fact::Updated(parcel, status) => {
                if let Some(shipment) = &mut self.shipments[*parcel] {
                    shipment.status = *status;
                }
            }
            Fact::Delivered(parcel) => {
                if let Some(shipment) = &mut self.shipments[*parcel] {
                    shipment.status = ParcelStatus::Delivered;
                    shipment.delivered_at = Some(at);
                }
                let here = |one: &Shipment| matches!(one.status, ParcelStatus::Delivered | ParcelStatus::Lost);
                if self.status == OrderStatus::Shipped && self.shipments.iter().flatten().all(here) {
                    self.status = OrderStatus::Delivered;
                }
            }
            Fact::Cancelled(reason) => {
                self.status = OrderStatus::Cancelled;
                self.cancel_reason = Some(*reason);
            }
            Fact::ReturnRequested(places) => {
                for place in places {
                    self.returns[*place] = Some((ReturnStatus::Requested, at));
                }
            }
            Fact::ReturnReceived(places) => {
                self.decide(places, ReturnStatus::Received);
                if self.status == OrderStatus::Delivered {
                    self.status = OrderStatus::Returned;
                }
            }
            Fact::ReturnRefunded(places) => self.decide(places, ReturnStatus::Refunded),
            Fact::ReturnRejected(places) => self.decide(places, ReturnStatus::Rejected),
        }
    }

    /// Moves the latest attempt by this method from one status to the next.
    fn settle(&mut self, method: Method, from: PaymentStatus, to: PaymentStatus) {
        let attempt = self.attempts.iter_mut().rev().find(|one| one.method == method && one.status == from);
        if let Some(attempt) = attempt {
            attempt.status = to;
        }
    }

    fn decide(&mut self, places: &[usize], status: ReturnStatus) {
        for place in places {
            if let Some((now, _)) = &mut self.returns[*place] {
                *now = status;
            }
        }
    }
}
