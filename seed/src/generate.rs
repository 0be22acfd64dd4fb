//! Makes the whole shop, row by row, in one pass over its orders. The same options give the same bytes.
//!
//! Memory holds the catalogue, the register of customers, and the future of open orders; never all rows.

use crate::{
    calendar::{DAY, HOUR, OPENING_DAY, OrderTimes},
    history::{
        apply::{self, State},
        basket,
        chronicle::{Chronicle, Pending},
        cut,
        event::{Event, Fact, Line, Order, Return},
        fate::{Fates, Stage},
        payload::{self, Person, push_order_number, push_sku},
        stock::{Movement, MovementKind, Stock},
        story,
    },
    load::rows::{Sink, Table, Writer},
    random::{Purpose, Random},
    shop::{
        catalogue::{Catalogue, RECALL_DAYS},
        customers::Register,
        places::{CARRIERS, COUNTRIES, WAREHOUSES},
        wares::CATEGORIES,
    },
};

/// What to make.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings {
    pub(crate) orders: u64,
    pub(crate) seed: u64,
    /// Unix milliseconds; the last order is placed before it.
    pub(crate) end: i64,
}

/// Makes all rows, in statements of at most `limit` bytes; the rows of each table.
pub(crate) fn generate(settings: Settings, limit: usize, sink: &mut Sink<'_>) -> Vec<(&'static str, u64)> {
    let Settings { orders, seed, end } = settings;
    let end_day = end.div_euclid(DAY);
    let catalogue = Catalogue::new(seed, orders, end_day);
    let register = Register::new(seed, orders, end);
    let mut writer = Writer::new(limit, sink);
    write_catalogue(&catalogue, &mut writer);
    write_customers(seed, &register, &mut writer);
    let opening = OPENING_DAY * DAY;
    let mut maker = Maker {
        settings,
        stock: Stock::new(seed, &catalogue, orders, opening, end_day),
        chronicle: Chronicle::new(seed, orders, end),
        fates: Fates::new(seed),
        late_orders: LateOrders::count(settings),
        catalogue: &catalogue,
        register: &register,
        ids: Ids::default(),
    };
    let times = OrderTimes::new(seed, orders, end);
    for ((number, placed_at), customer) in (1..).zip(times).zip(register.shoppers(seed, orders)) {
        if writer.stopped {
            break;
        }
        maker.order(number, placed_at, customer, &mut writer);
        writer.orders = number;
    }
    maker.chronicle.advance(end, &mut maker.stock, &mut writer);
    write_inventory(&maker.stock, &mut writer);
    writer.finish()
}

/// The lately placed orders, some of which stand still so that every open state is there.
#[derive(Debug, Clone, Copy)]
struct LateOrders {
    /// The number of the first one.
    from: u64,
    /// How many of them stand still, in a thousand.
    per_mille: u64,
}

impl LateOrders {
    fn count(settings: Settings) -> Self {
        let since = settings.end - 24 * DAY;
        let count =
            OrderTimes::new(settings.seed, settings.orders, settings.end).filter(|at| *at >= since).count() as u64;
        let (count, per_mille) =
            if count < 40 { ((settings.orders / 4).min(40), 500) } else { (count, (24_000 / count).max(12)) };
        Self { from: settings.orders - count + 1, per_mille }
    }
}

/// The last ids given.
#[derive(Debug, Default)]
struct Ids {
    payment: u64,
    parcel: u64,
    item: u64,
    returned: u64,
}

struct Maker<'a> {
    settings: Settings,
    catalogue: &'a Catalogue,
    register: &'a Register,
    stock: Stock,
    chronicle: Chronicle,
    fates: Fates,
    late_orders: LateOrders,
    ids: Ids,
}

impl Maker<'_> {
    /// Makes one order: its rows now, its events when their time comes.
    fn order(&mut self, number: u64, placed_at: i64, place: usize, writer: &mut Writer<'_>) {
        let mut random = Random::of(self.settings.seed, Purpose::Order, number);
        let Some(customer) = self.register.customers.get(place) else { return };
        self.chronicle.advance(placed_at, &mut self.stock, writer);
        let stands_at = self.stage(&mut random, number, placed_at);
        let first = self.waits_for(&mut random, stands_at, placed_at);
        let mut order = basket::fill(&mut random, self.catalogue, number, (place, customer), placed_at, first);
        for line in &mut order.lines {
            line.reserved = self.stock.reserve(line.product, line.quantity, placed_at);
        }
        story::tell(&mut random, &mut self.fates, &mut order, &self.catalogue.products, stands_at);
        cut::cut(&mut order, self.settings.end, stands_at);
        let state = apply::apply(&order);
        self.write(&mut order, &state, writer);
        self.expect(&mut random, &order);
    }

    /// Where the order will stand still, if it does.
    fn stage(&mut self, random: &mut Random, number: u64, placed_at: i64) -> Option<Stage> {
        let age = (self.settings.end - placed_at) / HOUR;
        if number >= self.late_orders.from {
            let stands = random.chance(self.late_orders.per_mille);
            return stands.then(|| self.fates.stage(age)).flatten();
        }
        // Two in a thousand have been forgotten for long.
        let forgotten = [Stage::Placed, Stage::Captured, Stage::Packed, Stage::InTransit, Stage::Exception];
        random.chance(2).then(|| *random.pick(&forgotten))
    }

    /// A product that was called back, for an order that shall wait for it.
    fn waits_for(&self, random: &mut Random, stage: Option<Stage>, placed_at: i64) -> Option<usize> {
        let called_back = placed_at >= (self.settings.end.div_euclid(DAY) - RECALL_DAYS) * DAY;
        let waits = match stage {
            Some(Stage::Waiting) => true,
            Some(Stage::Placed | Stage::Captured) => random.chance(300),
            _ => false,
        };
        (called_back && waits && !self.catalogue.recalled.is_empty()).then(|| *random.pick(&self.catalogue.recalled))
    }

    fn write(&mut self, order: &mut Order, state: &State, writer: &mut Writer<'_>) {
        for (parcel, shipment) in order.parcels.iter_mut().zip(&state.shipments) {
            if shipment.is_some() {
                self.ids.parcel += 1;
                parcel.id = self.ids.parcel;
            }
        }
        write_order(order, state, writer);
        let number = order.number;
        for attempt in &state.attempts {
            self.ids.payment += 1;
            writer.row(Table::Payments, |row| {
                row.number(self.ids.payment);
                row.number(number);
                row.text(attempt.method.text());
                row.text(attempt.status.text());
                row.money(order.grand_total());
                row.optional(attempt.failure, |row, failure| row.text(failure.text()));
                row.time(attempt.at);
            });
        }
        write_shipments(order, state, writer);
        let first_item = self.ids.item + 1;
        for line in &order.lines {
            self.ids.item += 1;
            // A line that waits for goods gets its warehouse with its parcel.
            let parcel =
                line.parcel.filter(|place| state.shipments[*place].is_some()).map(|place| &order.parcels[place]);
            let warehouse = parcel.map(|parcel| parcel.warehouse).or(line.reserved);
            writer.row(Table::OrderItems, |row| {
                row.number(self.ids.item);
                row.number(number);
                row.number(line.product as u64 + 1);
                row.number(line.quantity.unsigned_abs());
                row.money(line.unit_price);
                row.money(line.unit_cost);
                row.money(line.discount);
                row.money(line.total);
                row.optional(warehouse, |row, warehouse| row.number(u64::from(warehouse) + 1));
                row.optional(parcel, |row, parcel| row.number(parcel.id));
            });
        }
        for (one, now) in order.returns.iter().zip(&state.returns) {
            let Some((status, requested_at)) = now else { continue };
            self.ids.returned += 1;
            writer.row(Table::Returns, |row| {
                row.number(self.ids.returned);
                row.number(first_item + one.line as u64);
                row.number(one.quantity.unsigned_abs());
                row.text(one.reason.text());
                row.text(status.text());
                row.money(one.refund);
                row.time(*requested_at);
            });
        }
    }

    /// Hands the events of an order to the chronicle.
    fn expect(&mut self, random: &mut Random, order: &Order) {
        let id = order.customer as u64 + 1;
        let customer = &self.register.customers[order.customer];
        let phone = customer.phone(self.settings.seed, id);
        let person = Person { customer, email: &customer.name.email(id), phone: phone.as_deref() };
        let mut received = 0;
        for (version, Event { at, fact }) in (1..).zip(&order.events) {
            let delay = if random.chance(25) { random.between(1_000, 40_000) } else { random.between(18, 900) };
            received = (at + delay).max(received + 1).min(self.settings.end);
            self.chronicle.expect(Pending {
                at: *at,
                received_at: received,
                number: order.number,
                version,
                kind: fact.kind(),
                data: payload::data(order, fact, &person),
                movements: movements(order, fact),
            });
        }
    }
}

/// What an event does to the stock.
fn movements(order: &Order, fact: &Fact) -> Vec<Movement> {
    let leaves_from = |line: &Line| line.parcel.map(|place| order.parcels[place].warehouse);
    let release = |line: &Line| {
        let kind = MovementKind::Release;
        line.reserved.map(|warehouse| Movement { kind, product: line.product, warehouse, quantity: line.quantity })
    };
    let ship = |line: &Line| {
        let kind = if line.reserved.is_some() { MovementKind::Ship } else { MovementKind::PassThrough };
        leaves_from(line).map(|warehouse| Movement { kind, product: line.product, warehouse, quantity: line.quantity })
    };
    let take_back = |one: &Return| {
        let (kind, line) = (MovementKind::TakeBack, &order.lines[one.line]);
        leaves_from(line).map(|warehouse| Movement { kind, product: line.product, warehouse, quantity: one.quantity })
    };
    match fact {
        Fact::Cancelled(_) => order.lines.iter().filter_map(release).collect(),
        Fact::Shipped(parcel) => {
            order.lines.iter().filter(|line| line.parcel == Some(*parcel)).filter_map(ship).collect()
        }
        Fact::ReturnReceived(places) => places.iter().filter_map(|place| take_back(&order.returns[*place])).collect(),
        _ => Vec::new(),
    }
}

fn write_order(order: &Order, state: &State, writer: &mut Writer<'_>) {
    let country = &COUNTRIES[usize::from(order.ship_country)];
    writer.row(Table::Orders, |row| {
        row.number(order.number);
        row.written(|out| push_order_number(out, order.number));
        row.number(order.customer as u64 + 1);
        row.text(state.status.text());
        row.text(order.channel.text());
        row.money(order.items_total);
        row.money(order.shipping_fee);
        row.money(order.tax_total);
        row.money(order.grand_total());
        row.text(country.cities[usize::from(order.ship_city)].0);
        row.text(country.code);
        row.time(order.placed_at);
        row.time(state.updated_at);
        row.optional(state.cancel_reason, |row, reason| row.text(reason.text()));
    });
}

fn write_shipments(order: &Order, state: &State, writer: &mut Writer<'_>) {
    for (parcel, shipment) in order.parcels.iter().zip(&state.shipments) {
        let Some(shipment) = shipment else { continue };
        writer.row(Table::Shipments, |row| {
            row.number(parcel.id);
            row.number(order.number);
            row.number(u64::from(parcel.warehouse) + 1);
            row.text(CARRIERS[parcel.carrier].name);
            row.text(&parcel.tracking_number());
            row.text(shipment.status.text());
            row.time(shipment.shipped_at);
            row.time(parcel.promised_at);
            row.optional(shipment.delivered_at, super::load::rows::Row::time);
        });
    }
}

fn write_catalogue(catalogue: &Catalogue, writer: &mut Writer<'_>) {
    for (id, category) in (1..).zip(&CATEGORIES) {
        writer.row(Table::Categories, |row| {
            row.number(id);
            row.text(category.name);
        });
    }
    for (id, warehouse) in (1..).zip(&WAREHOUSES) {
        writer.row(Table::Warehouses, |row| {
            row.number(id);
            row.text(warehouse.code);
            row.text(warehouse.city);
            row.text(warehouse.country);
        });
    }
    for (place, product) in catalogue.products.iter().enumerate() {
        writer.row(Table::Products, |row| {
            row.number(place as u64 + 1);
            row.written(|out| push_sku(out, place));
            row.text(&product.name);
            row.text(product.brand);
            row.number(product.category as u64 + 1);
            row.money(product.price);
            row.money(product.cost);
            row.number(u64::from(product.active));
            row.date(product.launched);
        });
    }
}

fn write_customers(seed: u64, register: &Register, writer: &mut Writer<'_>) {
    for (id, customer) in (1..).zip(&register.customers) {
        if writer.stopped {
            return;
        }
        let (first, last) = customer.name.parts();
        writer.row(Table::Customers, |row| {
            row.number(id);
            row.text(&format!("{first} {last}"));
            row.text(&customer.name.email(id));
            row.optional(customer.phone(seed, id), |row, phone| row.text(&phone));
            row.text(customer.city());
            row.text(customer.country().code);
            row.text(customer.segment.text());
            row.time(customer.created_at);
        });
    }
}

fn write_inventory(stock: &Stock, writer: &mut Writer<'_>) {
    let rooms = WAREHOUSES.len();
    for (place, cell) in stock.cells.iter().enumerate().filter(|(_, cell)| cell.held) {
        writer.row(Table::Inventory, |row| {
            row.number((place / rooms) as u64 + 1);
            row.number((place % rooms) as u64 + 1);
            row.number(cell.on_hand.unsigned_abs());
            row.number(cell.reserved.unsigned_abs());
            row.number(cell.reorder_level.unsigned_abs());
            row.time(cell.updated_at);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::rows::Batch;

    /// FNV-1a over all statements of a shop.
    fn fingerprint(settings: Settings) -> u64 {
        let mut hash = 0xCBF2_9CE4_8422_2325_u64;
        let mut sink = |batch: Batch| {
            for byte in batch.statement.bytes() {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3);
            }
            true
        };
        generate(settings, 1 << 20, &mut sink);
        hash
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        let settings = Settings { orders: 3_000, seed: 1, end: crate::AS_OF };
        assert_eq!(fingerprint(settings), fingerprint(settings));
        assert_ne!(fingerprint(settings), fingerprint(Settings { seed: 2, ..settings }));
    }

    #[test]
    fn any_size_and_any_end_can_be_made() {
        for orders in [0, 1, 2, 3, 10, 49, 50, 51, 333] {
            for end in [OPENING_DAY * DAY + DAY, crate::AS_OF, crate::AS_OF + 1_000 * DAY + 7] {
                let mut sink = |_: Batch| true;
                let rows = generate(Settings { orders, seed: orders, end }, 1 << 20, &mut sink);
                assert!(rows.contains(&("orders", orders)), "{orders} orders until {end}: {rows:?}");
            }
        }
    }

    #[test]
    fn a_sink_that_wants_no_more_ends_it() {
        let mut batches = 0;
        let mut sink = |_: Batch| {
            batches += 1;
            batches < 3
        };
        generate(Settings { orders: 5_000, seed: 1, end: crate::AS_OF }, 16 * 1024, &mut sink);
        assert_eq!(batches, 3);
    }
}
