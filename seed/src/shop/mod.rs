//! What the shop is before anybody orders: places, people, products, stock rooms. No history and no SQL in here.

pub(crate) mod catalogue;
pub(crate) mod customers;
pub(crate) mod people;
pub(crate) mod places;
pub(crate) mod wares;
