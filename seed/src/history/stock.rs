//! The warehouses' books while history goes on: reserve, release, ship, take back, reorder. The contract's stock rules.

use std::{cmp::Reverse, collections::BinaryHeap};

use crate::{
    calendar::{DAY, HOUR},
    random::{Purpose, Random},
    shop::{
        catalogue::{Catalogue, Product, recall_instant},
        places::WAREHOUSES,
    },
};

/// A change of stock that an event brings.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Movement {
    pub(crate) kind: MovementKind,
    pub(crate) product: usize,
    pub(crate) warehouse: u8,
    pub(crate) quantity: i64,
}

/// What a movement does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MovementKind {
    /// A cancelled order's pieces are free again.
    Release,
    /// Pieces leave: on hand and reserved fall together.
    Ship,
    /// Pieces that were waited for come in and go out at once.
    PassThrough,
    /// Pieces come back.
    TakeBack,
}

/// One product in one warehouse.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cell {
    pub(crate) on_hand: i64,
    pub(crate) reserved: i64,
    pub(crate) reorder_level: i64,
    pub(crate) updated_at: i64,
    /// Whether the warehouse holds the product at all.
    pub(crate) held: bool,
    lot: i64,
    ordered: bool,
    orders: u64,
}

/// All cells, product by product.
#[derive(Debug)]
pub(crate) struct Stock {
    pub(crate) cells: Vec<Cell>,
    seed: u64,
    /// The last instant at which the supplier of a product ships, in days.
    supply_ends: Vec<i64>,
    arrivals: BinaryHeap<Reverse<(i64, usize)>>,
    recall: Option<(i64, Vec<usize>)>,
}

const ROOMS: usize = WAREHOUSES.len();

impl Stock {
    /// The stock with which the shop opens.
    pub(crate) fn new(seed: u64, catalogue: &Catalogue, orders: u64, opening: i64, end_day: i64) -> Self {
        let total = catalogue.weight().max(1);
        let days = u64::try_from(end_day - opening.div_euclid(DAY)).unwrap_or(0) + 1;
        let mut cells = Vec::with_capacity(catalogue.products.len() * ROOMS);
        for (place, product) in catalogue.products.iter().enumerate() {
            let mut random = Random::of(seed, Purpose::Stock, place as u64);
            // Pieces a day, in thousandths: 2.4 an order in the last, busiest year.
            let daily = i64::try_from(orders * 2_400 * product.weight / total / days).unwrap_or(0);
            let empty = product.weight == 0 && random.chance(300);
            for room in 0..ROOMS {
                let home = usize::from(product.home) == room;
                cells.push(cell(&mut random, product, daily, home, opening, empty));
            }
        }
        let supply_ends = catalogue.products.iter().map(|one| (one.withdrawn - 60).min(one.recalled)).collect();
        let recall = Some((recall_instant(end_day), catalogue.recalled.clone()));
        Self { cells, seed, supply_ends, arrivals: BinaryHeap::new(), recall }
    }

    /// Lets the time go on: deliveries of suppliers arrive, the recall happens.
    pub(crate) fn advance(&mut self, to: i64) {
        while let Some(Reverse((at, place))) = self.arrivals.peek().copied().filter(|next| next.0.0 <= to) {
            self.call_back(at);
            self.arrivals.pop();
            let cell = &mut self.cells[place];
            cell.ordered = false;
            cell.on_hand += cell.lot;
            cell.updated_at = at;
            self.reorder(place, at);
        }
        self.call_back(to);
    }

    /// The recall: everything free of the recalled products leaves the shelves.
    fn call_back(&mut self, now: i64) {
        let due = self.recall.take_if(|(at, _)| *at <= now);
        for product in due.iter().flat_map(|(_, products)| products) {
            for cell in &mut self.cells[product * ROOMS..(product + 1) * ROOMS] {
                cell.on_hand = cell.reserved;
                cell.updated_at = due.as_ref().map_or(cell.updated_at, |(at, _)| *at);
            }
        }
    }

    /// Reserves in the warehouse with most available; none has so many: back order.
    pub(crate) fn reserve(&mut self, product: usize, quantity: i64, at: i64) -> Option<u8> {
        let first = product * ROOMS;
        let most = (first..first + ROOMS).max_by_key(|place| {
            let cell = &self.cells[*place];
            (cell.on_hand - cell.reserved, Reverse(*place))
        })?;
        let cell = &mut self.cells[most];
        if cell.on_hand - cell.reserved < quantity {
            self.reorder(most, at);
            return None;
        }
        cell.reserved += quantity;
        cell.updated_at = at;
        self.reorder(most, at);
        u8::try_from(most - first).ok()
    }

    /// Does what an event brings.
    pub(crate) fn apply(&mut self, movement: &Movement, at: i64) {
        let place = movement.product * ROOMS + usize::from(movement.warehouse);
        let cell = &mut self.cells[place];
        match movement.kind {
            MovementKind::Release => cell.reserved -= movement.quantity,
            MovementKind::Ship => {
                cell.reserved -= movement.quantity;
                cell.on_hand -= movement.quantity;
            }
            MovementKind::PassThrough => cell.held = true,
            MovementKind::TakeBack => {
                cell.on_hand += movement.quantity;
                cell.held = true;
            }
        }
        cell.updated_at = at;
    }

    /// Orders a lot from the supplier where little is left; it comes after days, sometimes weeks.
    fn reorder(&mut self, place: usize, at: i64) {
        let cell = &mut self.cells[place];
        let product = place / ROOMS;
        if !cell.held || cell.ordered || cell.on_hand - cell.reserved >= cell.reorder_level {
            return;
        }
        let mut random = Random::of(self.seed, Purpose::Stock, place as u64 | cell.orders << 32 | 1 << 60);
        let wait =
            if random.chance(120) { random.between(15 * DAY, 30 * DAY) } else { random.between(2 * DAY, 11 * DAY) };
        let arrives = (at + wait).div_euclid(HOUR) * HOUR;
        if arrives.div_euclid(DAY) >= self.supply_ends[product] {
            return;
        }
        cell.ordered = true;
        cell.orders += 1;
        self.arrivals.push(Reverse((arrives, place)));
    }
}

fn cell(random: &mut Random, product: &Product, daily: i64, home: bool, opening: i64, empty: bool) -> Cell {
    let held = product.stocked && (home || random.chance(720));
    let reorder_level = if home { daily * 9 / 1000 + 4 } else { daily * 2 / 1000 + 2 };
    let lot = if home { reorder_level * 2 + 14 } else { reorder_level + 6 };
    let on_hand = if !held || empty { 0 } else { reorder_level + lot * random.between(40, 120) / 100 };
    Cell { on_hand, reserved: 0, reorder_level, updated_at: opening, held, lot, ordered: empty, orders: 0 }
}
