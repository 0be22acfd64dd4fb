//! What happened in the shop: orders, told as events; the rows are what the events leave behind. No SQL in here.
//!
//! An order is made in steps: [`basket`] fills it, [`fate`] says how it will go, [`payments`], [`parcels`] and
//! [`returns`] tell its events, [`cut`] ends the story where history ends, [`apply`] folds the events into rows by the
//! contract's rules. [`stock`] keeps the warehouses' books meanwhile.

pub(crate) mod apply;
pub(crate) mod basket;
pub(crate) mod chronicle;
pub(crate) mod cut;
pub(crate) mod event;
pub(crate) mod fate;
pub(crate) mod parcels;
pub(crate) mod payload;
pub(crate) mod payments;
pub(crate) mod returns;
pub(crate) mod stock;
pub(crate) mod story;
