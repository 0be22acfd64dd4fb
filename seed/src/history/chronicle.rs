//! The event hub's view of history: all orders' events in the order in which they happened, with ids and offsets.
//!
//! Events wait in a heap until no earlier one can come any more, so memory holds the open orders' future only.

use std::{cmp::Ordering, collections::BinaryHeap};

use super::{
    payload::{cloud_event, push_number, push_order_number},
    stock::{Movement, Stock},
};
use crate::{
    calendar::HOUR,
    load::rows::{Table, Writer},
    random::{Purpose, Random},
};

/// Partitions of the event hub `orders`.
const PARTITIONS: usize = 4;
/// What an event takes in a partition beside its data, in bytes.
const ENVELOPE: u64 = 312;

/// An event that is still to come.
#[derive(Debug)]
pub(crate) struct Pending {
    pub(crate) at: i64,
    pub(crate) received_at: i64,
    pub(crate) number: u64,
    pub(crate) version: u64,
    pub(crate) kind: &'static str,
    pub(crate) data: String,
    pub(crate) movements: Vec<Movement>,
}

impl Pending {
    fn key(&self) -> (i64, u64, u64) {
        (self.at, self.number, self.version)
    }
}

impl PartialEq for Pending {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Pending {}

impl PartialOrd for Pending {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Pending {
    /// The earliest is the greatest: a heap gives it first.
    fn cmp(&self, other: &Self) -> Ordering {
        other.key().cmp(&self.key())
    }
}

/// The stream of events.
#[derive(Debug)]
pub(crate) struct Chronicle {
    seed: u64,
    end: i64,
    pending: BinaryHeap<Pending>,
    offsets: [u64; PARTITIONS],
    /// The last millisecond in which an id was made, and how many were made in it.
    last: (i64, u64),
    told: u64,
    /// After how many events one that cannot be applied comes along.
    letter_every: u64,
    letters: u64,
}

impl Chronicle {
    /// A stream that ends at `end`.
    pub(crate) fn new(seed: u64, orders: u64, end: i64) -> Self {
        let letter_every = (orders * 7 / (orders / 5_000 + 7)).max(25);
        let offsets = [4_096, 12_288, 8_192, 0];
        Self { seed, end, pending: BinaryHeap::new(), offsets, last: (0, 0), told: 0, letter_every, letters: 0 }
    }

    /// Takes an event that is to come.
    pub(crate) fn expect(&mut self, event: Pending) {
        self.pending.push(event);
    }

    /// Tells everything that happens until `to`.
    pub(crate) fn advance(&mut self, to: i64, stock: &mut Stock, writer: &mut Writer<'_>) {
        while self.pending.peek().is_some_and(|event| event.at <= to) {
            if let Some(event) = self.pending.pop() {
                stock.advance(event.at);
                for movement in &event.movements {
                    stock.apply(movement, event.at);
                }
                self.tell(&event, writer);
            }
        }
        stock.advance(to);
    }

    fn tell(&mut self, event: &Pending, writer: &mut Writer<'_>) {
        let id = self.id(event.at);
        let (partition, offset) = self.place(event.number, event.data.len());
        writer.row(Table::OrderEvents, |row| {
            row.text(&id);
            row.written(|out| push_order_number(out, event.number));
            row.text(event.kind);
            row.number(event.version);
            row.time(event.at);
            row.time(event.received_at);
            row.number(partition as u64);
            row.written(|out| push_number(out, i64::try_from(offset).unwrap_or(0)));
            row.text(&event.data);
        });
        self.told += 1;
        if self.told % self.letter_every == self.letter_every / 2 {
            self.dead_letter(event, writer);
        }
    }

    /// A UUID of version 7 (RFC 9562): milliseconds, a counter within the millisecond, and chance from the seed.
    fn id(&mut self, at: i64) -> String {
        self.last = if self.last.0 == at { (at, self.last.1 + 1) } else { (at, 0) };
        let mut random = Random::of(self.seed, Purpose::Event, self.told ^ (self.letters << 48));
        let milliseconds = u64::try_from(at).unwrap_or(0) & 0xFFFF_FFFF_FFFF;
        // The counter starts anywhere in the lower half, as the RFC advises; it has room for 2,048 in a millisecond.
        let start = Random::of(self.seed, Purpose::Event, milliseconds | 1 << 63).below(2_048);
        let counter = (start + self.last.1).min(0xFFF);
        let tail = random.bits() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000;
        format!(
            "{:08x}-{:04x}-7{:03x}-{:04x}-{:012x}",
            milliseconds >> 16,
            milliseconds & 0xFFFF,
            counter,
            tail >> 48,
            tail & 0xFFFF_FFFF_FFFF
        )
    }

    /// The partition of an order and the next offset in it.
    fn place(&mut self, number: u64, length: usize) -> (usize, u64) {
        // One order's events share a partition; its number decides, spread by a multiplicative hash.
        let partition = usize::try_from(number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 62).unwrap_or(0) % PARTITIONS;
        let offset = self.offsets[partition];
        self.offsets[partition] += (ENVELOPE + length as u64).next_multiple_of(8);
        (partition, offset)
    }

    /// An event that could not be applied, shortly after `near`.
    fn dead_letter(&mut self, near: &Pending, writer: &mut Writer<'_>) {
        self.letters += 1;
        let mut random = Random::of(self.seed, Purpose::DeadLetter, self.letters);
        let received_at = (near.received_at + random.between(400, 90_000)).min(self.end);
        let at = (received_at - random.between(20, 300)).max(near.at);
        let id = Letter::id(&mut random, at);
        let letter = Letter::draw(self.letters, near, &id, at);
        let (partition, offset) = self.place(letter.number, letter.body.len());
        let resolved_at = received_at + random.between(HOUR, 60 * HOUR);
        let resolved = random.chance(450) && resolved_at <= self.end;
        writer.row(Table::DeadLetters, |row| {
            row.number(partition as u64);
            row.written(|out| push_number(out, i64::try_from(offset).unwrap_or(0)));
            row.time(received_at);
            row.text(&letter.reason);
            row.text(&letter.body);
            row.optional(resolved.then_some(resolved_at), super::super::load::rows::Row::time);
        });
    }
}

/// What stands in a dead letter.
struct Letter {
    number: u64,
    reason: String,
    body: String,
}

impl Letter {
    fn id(random: &mut Random, at: i64) -> String {
        let milliseconds = u64::try_from(at).unwrap_or(0) & 0xFFFF_FFFF_FFFF;
        let tail = random.bits() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000;
        let (high, low) = (milliseconds >> 16, milliseconds & 0xFFFF);
        format!("{high:08x}-{low:04x}-7{:03x}-{:04x}-{:012x}", random.below(4_096), tail >> 48, tail & 0xFFFF_FFFF_FFFF)
    }

    /// The `count`-th letter: each kind in turn. `near` is an event of an order that exists.
    fn draw(count: u64, near: &Pending, id: &str, at: i64) -> Self {
        let mut subject = String::new();
        push_order_number(&mut subject, near.number);
        let event = |kind: &str, data: &str| cloud_event(id, kind, &subject, at, data);
        let (reason, body) = match count % 6 {
            1 => (
                "unknown sku `SKU-99999`".to_owned(),
                event(
                    "return.requested",
                    "{\"lines\":[{\"sku\":\"SKU-99999\",\"quantity\":1,\"reason\":\"damaged\",\"refund_amount\":\"19.90\"}]}",
                ),
            ),
            2 => {
                let whole = event("order.paid", "{\"method\":\"card\",\"status\":\"captured\",\"amount\":\"52.88\"}");
                // Cut in the middle, as a sender that died leaves it.
                (
                    "malformed: the body is not JSON: it ends within a string".to_owned(),
                    whole[..whole.len() / 2].to_owned(),
                )
            }
            3 => (
                format!("impossible transition: `order.placed` of `{subject}`, which is there already"),
                event("order.placed", "{\"channel\":\"web\",\"currency\":\"EUR\",\"lines\":[]}"),
            ),
            4 => (
                "sums disagree: paid 0.01, which is not the grand total".to_owned(),
                event("order.paid", "{\"method\":\"paypal\",\"status\":\"captured\",\"amount\":\"0.01\"}"),
            ),
            5 => (
                "version 40 missing".to_owned(),
                event("shipment.updated", "{\"tracking_number\":\"CT999999999\",\"status\":\"in_transit\"}")
                    .replace("\"datacontenttype\"", "\"dataversion\":41,\"datacontenttype\""),
            ),
            _ => (
                "malformed: `quantity` is not a whole number".to_owned(),
                event("order.returned", "{\"lines\":[{\"sku\":\"SKU-00001\",\"quantity\":\"one\"}]}"),
            ),
        };
        Self { number: near.number, reason, body }
    }
}
