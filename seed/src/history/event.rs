//! The typed events of one order and the words of the contract's enumerations.

use crate::shop::places::CARRIERS;

/// Words of an enumeration as they stand in the tables.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum $name { $($variant),+ }

        impl $name {
            /// As it stands in the tables.
            pub(crate) fn text(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }
    };
}

words!(
    /// `orders.status`
    OrderStatus {
        Placed = "placed", Paid = "paid", Packed = "packed", Shipped = "shipped", Delivered = "delivered",
        Cancelled = "cancelled", Returned = "returned",
    }
);
words!(
    /// `orders.channel`
    Channel { Web = "web", Mobile = "mobile", Marketplace = "marketplace" }
);
words!(
    /// `orders.cancel_reason`
    CancelReason {
        CustomerRequest = "customer_request", PaymentFailed = "payment_failed", OutOfStock = "out_of_stock",
        FraudSuspected = "fraud_suspected",
    }
);
words!(
    /// `payments.method`
    Method { Card = "card", PayPal = "paypal", BankTransfer = "bank_transfer", GiftCard = "gift_card" }
);
words!(
    /// `payments.status`
    PaymentStatus { Authorized = "authorized", Captured = "captured", Failed = "failed", Refunded = "refunded" }
);
words!(
    /// `payments.failure_reason`
    Failure {
        InsufficientFunds = "insufficient_funds", CardDeclined = "card_declined", ExpiredCard = "expired_card",
        FraudCheck = "fraud_check", Timeout = "timeout",
    }
);
words!(
    /// `shipments.status`
    ParcelStatus {
        LabelCreated = "label_created", InTransit = "in_transit", OutForDelivery = "out_for_delivery",
        Delivered = "delivered", Exception = "exception", Lost = "lost",
    }
);
words!(
    /// `returns.reason`
    ReturnReason {
        Damaged = "damaged", WrongItem = "wrong_item", NotAsDescribed = "not_as_described",
        NoLongerNeeded = "no_longer_needed", Late = "late",
    }
);
words!(
    /// `returns.status`
    ReturnStatus { Requested = "requested", Received = "received", Refunded = "refunded", Rejected = "rejected" }
);

/// What happened, with places in the order's own lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fact {
    Placed,
    /// An attempt to pay: it is authorized, captured or failed.
    Paid(Method, PaymentStatus, Option<Failure>),
    Captured(Method),
    Refunded(Method),
    Packed(u8),
    Shipped(usize),
    Updated(usize, ParcelStatus),
    Delivered(usize),
    Cancelled(CancelReason),
    ReturnRequested(Vec<usize>),
    ReturnReceived(Vec<usize>),
    ReturnRefunded(Vec<usize>),
    ReturnRejected(Vec<usize>),
}

impl Fact {
    /// The type of its event.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Placed => "order.placed",
            Self::Paid(..) => "order.paid",
            Self::Captured(_) => "payment.captured",
            Self::Refunded(_) => "payment.refunded",
            Self::Packed(_) => "order.packed",
            Self::Shipped(_) => "order.shipped",
            Self::Updated(..) => "shipment.updated",
            Self::Delivered(_) => "order.delivered",
            Self::Cancelled(_) => "order.cancelled",
            Self::ReturnRequested(_) => "return.requested",
            Self::ReturnReceived(_) => "order.returned",
            Self::ReturnRefunded(_) => "return.refunded",
            Self::ReturnRejected(_) => "return.rejected",
        }
    }
}

/// One event: when it happened, and what.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) at: i64,
    pub(crate) fact: Fact,
}

/// A line of an order; money in cents.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) product: usize,
    pub(crate) quantity: i64,
    pub(crate) unit_price: i64,
    pub(crate) unit_cost: i64,
    pub(crate) discount: i64,
    /// quantity * `unit_price` - discount
    pub(crate) total: i64,
    /// Where it was reserved when the order was placed; none: back order.
    pub(crate) reserved: Option<u8>,
    /// Its parcel, if the order gets so far.
    pub(crate) parcel: Option<usize>,
}

/// A parcel of an order.
#[derive(Debug, Clone)]
pub(crate) struct Parcel {
    pub(crate) id: u64,
    pub(crate) warehouse: u8,
    pub(crate) carrier: usize,
    pub(crate) promised_at: i64,
}

impl Parcel {
    /// `CT000000042`
    pub(crate) fn tracking_number(&self) -> String {
        format!("{}{:09}", CARRIERS[self.carrier].prefix, self.id)
    }
}

/// A line that comes back.
#[derive(Debug, Clone)]
pub(crate) struct Return {
    pub(crate) line: usize,
    pub(crate) quantity: i64,
    pub(crate) reason: ReturnReason,
    pub(crate) refund: i64,
}

/// An order as it was placed, with all that will happen to it.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) number: u64,
    /// Place in the register.
    pub(crate) customer: usize,
    pub(crate) channel: Channel,
    pub(crate) ship_country: u8,
    pub(crate) ship_city: u8,
    pub(crate) placed_at: i64,
    pub(crate) lines: Vec<Line>,
    pub(crate) items_total: i64,
    pub(crate) shipping_fee: i64,
    pub(crate) tax_total: i64,
    pub(crate) parcels: Vec<Parcel>,
    pub(crate) returns: Vec<Return>,
    pub(crate) events: Vec<Event>,
}

impl Order {
    /// What the customer is charged.
    pub(crate) fn grand_total(&self) -> i64 {
        self.items_total + self.shipping_fee + self.tax_total
    }

    /// Adds an event.
    pub(crate) fn tell(&mut self, at: i64, fact: Fact) {
        self.events.push(Event { at, fact });
    }

    /// Whether a line waits for goods.
    pub(crate) fn waits_for_goods(&self) -> bool {
        self.lines.iter().any(|line| line.reserved.is_none())
    }
}
