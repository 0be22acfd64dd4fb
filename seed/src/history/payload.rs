//! Writes events as the contract's JSON: `data` of each type, and whole `CloudEvents` for letters that nobody could
//! apply. No names of the shop need escaping in JSON (tested below).

use super::event::{Fact, Order};
use crate::{
    calendar::push_time,
    shop::{
        customers::Customer,
        places::{CARRIERS, COUNTRIES, WAREHOUSES},
    },
};

/// Appends cents as `19.90`.
pub(crate) fn push_money(out: &mut String, cents: i64) {
    push_number(out, cents / 100);
    out.push('.');
    let rest = cents % 100;
    if rest < 10 {
        out.push('0');
    }
    push_number(out, rest);
}

/// Appends a whole number that is not negative.
pub(crate) fn push_number(out: &mut String, number: i64) {
    if number >= 10 {
        push_number(out, number / 10);
    }
    out.push(char::from(b'0' + u8::try_from(number % 10).unwrap_or(0)));
}

/// Appends the zeros that make a number so many digits long.
fn push_zeros(out: &mut String, number: u64, width: u32) {
    for _ in number.checked_ilog10().unwrap_or(0) + 1..width {
        out.push('0');
    }
}

/// Appends `SKU-00042`.
pub(crate) fn push_sku(out: &mut String, product: usize) {
    let id = product as u64 + 1;
    out.push_str("SKU-");
    push_zeros(out, id, 5);
    push_number(out, i64::try_from(id).unwrap_or(i64::MAX));
}

/// Appends `ORD-0000042`.
pub(crate) fn push_order_number(out: &mut String, number: u64) {
    out.push_str("ORD-");
    push_zeros(out, number, 7);
    push_number(out, i64::try_from(number).unwrap_or(i64::MAX));
}

/// Appends `2025-11-03T14:05:09.123Z`.
pub(crate) fn push_instant(out: &mut String, at: i64) {
    push_time(out, at, 'T');
    out.push('Z');
}

/// Who is told of in the payload of `order.placed`.
pub(crate) struct Person<'a> {
    pub(crate) customer: &'a Customer,
    pub(crate) email: &'a str,
    pub(crate) phone: Option<&'a str>,
}

/// The `data` of an event.
pub(crate) fn data(order: &Order, fact: &Fact, person: &Person<'_>) -> String {
    let mut out = String::with_capacity(96);
    match fact {
        Fact::Placed => placed(&mut out, order, person),
        Fact::Paid(method, status, failure) => {
            push_all(
                &mut out,
                &["{\"method\":\"", method.text(), "\",\"status\":\"", status.text(), "\",\"amount\":\""],
            );
            push_money(&mut out, order.grand_total());
            if let Some(failure) = failure {
                push_all(&mut out, &["\",\"failure_reason\":\"", failure.text()]);
            }
            out.push_str("\"}");
        }
        Fact::Captured(method) | Fact::Refunded(method) => {
            push_all(&mut out, &["{\"method\":\"", method.text(), "\",\"amount\":\""]);
            push_money(&mut out, order.grand_total());
            out.push_str("\"}");
        }
        Fact::Packed(warehouse) => {
            push_all(&mut out, &["{\"warehouse\":\"", WAREHOUSES[usize::from(*warehouse)].code, "\"}"]);
        }
        Fact::Shipped(place) => shipped(&mut out, order, *place),
        Fact::Updated(place, status) => {
            tracking(&mut out, order, *place);
            push_all(&mut out, &[",\"status\":\"", status.text(), "\"}"]);
        }
        Fact::Delivered(place) => {
            tracking(&mut out, order, *place);
            out.push('}');
        }
        Fact::Cancelled(reason) => push_all(&mut out, &["{\"reason\":\"", reason.text(), "\"}"]),
        Fact::ReturnRequested(places) => list(&mut out, places, |out, place| {
            let one = &order.returns[place];
            sku(out, order, one.line);
            out.push_str(",\"quantity\":");
            push_number(out, one.quantity);
            push_all(out, &[",\"reason\":\"", one.reason.text(), "\",\"refund_amount\":\""]);
            push_money(out, one.refund);
            out.push_str("\"}");
        }),
        Fact::ReturnReceived(places) => list(&mut out, places, |out, place| {
            sku(out, order, order.returns[place].line);
            out.push_str(",\"quantity\":");
            push_number(out, order.returns[place].quantity);
            out.push('}');
        }),
        Fact::ReturnRefunded(places) | Fact::ReturnRejected(places) => list(&mut out, places, |out, place| {
            sku(out, order, order.returns[place].line);
            out.push('}');
        }),
    }
    out
}

fn push_all(out: &mut String, parts: &[&str]) {
    for part in parts {
        out.push_str(part);
    }
}

/// `{"lines":[..]}`, each element written by `element`.
fn list(out: &mut String, places: &[usize], element: impl Fn(&mut String, usize)) {
    out.push_str("{\"lines\":[");
    for (count, place) in places.iter().enumerate() {
        if count > 0 {
            out.push(',');
        }
        element(out, *place);
    }
    out.push_str("]}");
}

/// The beginning of an object: `{"sku":"SKU-00042"`.
fn sku(out: &mut String, order: &Order, line: usize) {
    out.push_str("{\"sku\":\"");
    push_sku(out, order.lines[line].product);
    out.push('"');
}

/// The beginning of an object: `{"tracking_number":"CT000000042"`.
fn tracking(out: &mut String, order: &Order, place: usize) {
    push_all(out, &["{\"tracking_number\":\"", &order.parcels[place].tracking_number(), "\""]);
}

fn placed(out: &mut String, order: &Order, person: &Person<'_>) {
    let customer = person.customer;
    let (first, last) = customer.name.parts();
    push_all(out, &["{\"channel\":\"", order.channel.text(), "\",\"currency\":\"EUR\",\"customer\":{\"full_name\":\""]);
    push_all(out, &[first, " ", last, "\",\"email\":\"", person.email, "\",\"phone\":"]);
    match person.phone {
        Some(phone) => push_all(out, &["\"", phone, "\""]),
        None => out.push_str("null"),
    }
    push_all(out, &[",\"city\":\"", customer.city(), "\",\"country\":\"", customer.country().code]);
    let country = &COUNTRIES[usize::from(order.ship_country)];
    let city = country.cities[usize::from(order.ship_city)].0;
    push_all(out, &["\"},\"ship_to\":{\"city\":\"", city, "\",\"country\":\"", country.code, "\"},\"lines\":["]);
    for (place, line) in order.lines.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        sku(out, order, place);
        out.push_str(",\"quantity\":");
        push_number(out, line.quantity);
        out.push_str(",\"unit_price\":\"");
        push_money(out, line.unit_price);
        out.push_str("\",\"discount\":\"");
        push_money(out, line.discount);
        out.push_str("\"}");
    }
    out.push_str("],\"shipping_fee\":\"");
    push_money(out, order.shipping_fee);
    out.push_str("\",\"tax_total\":\"");
    push_money(out, order.tax_total);
    out.push_str("\"}");
}

fn shipped(out: &mut String, order: &Order, place: usize) {
    let parcel = &order.parcels[place];
    push_all(out, &["{\"warehouse\":\"", WAREHOUSES[usize::from(parcel.warehouse)].code]);
    push_all(out, &["\",\"carrier\":\"", CARRIERS[parcel.carrier].name]);
    push_all(out, &["\",\"tracking_number\":\"", &parcel.tracking_number(), "\",\"promised_at\":\""]);
    push_instant(out, parcel.promised_at);
    out.push_str("\",\"lines\":[");
    let mut lines = order.lines.iter().filter(|line| line.parcel == Some(place)).peekable();
    while let Some(line) = lines.next() {
        out.push('"');
        push_sku(out, line.product);
        out.push('"');
        if lines.peek().is_some() {
            out.push(',');
        }
    }
    out.push_str("]}");
}

/// Who sends events of a type.
pub(crate) fn source(kind: &str) -> &'static str {
    match kind {
        "order.placed" | "order.cancelled" => "/oms/intake",
        "order.paid" | "payment.captured" | "payment.refunded" => "/oms/payments",
        "order.packed" | "order.shipped" => "/oms/warehouse",
        "shipment.updated" | "order.delivered" => "/oms/carriers",
        _ => "/oms/returns",
    }
}

/// A whole event in structured JSON mode.
pub(crate) fn cloud_event(id: &str, kind: &str, subject: &str, at: i64, data: &str) -> String {
    let mut out = String::with_capacity(320);
    push_all(&mut out, &["{\"specversion\":\"1.0\",\"id\":\"", id, "\",\"source\":\"", source(kind)]);
    push_all(&mut out, &["\",\"type\":\"", kind, "\",\"subject\":\"", subject, "\",\"time\":\""]);
    push_instant(&mut out, at);
    push_all(&mut out, &["\",\"datacontenttype\":\"application/json\",\"data\":", data, "}"]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shop::wares::CATEGORIES;

    #[test]
    fn numbers_and_money_are_written_as_the_contract_has_them() {
        let written = |write: &dyn Fn(&mut String)| {
            let mut out = String::new();
            write(&mut out);
            out
        };
        assert_eq!(written(&|out| push_money(out, 1990)), "19.90");
        assert_eq!(written(&|out| push_money(out, 5)), "0.05");
        assert_eq!(written(&|out| push_order_number(out, 42)), "ORD-0000042");
        assert_eq!(written(&|out| push_order_number(out, 12_345_678)), "ORD-12345678");
        assert_eq!(written(&|out| push_sku(out, 41)), "SKU-00042");
        assert_eq!(written(&|out| push_instant(out, 1_768_392_000_000)), "2026-01-14T12:00:00.000Z");
    }

    #[test]
    fn no_name_needs_escaping() {
        let cities = COUNTRIES.iter().flat_map(|country| country.cities.iter().map(|(city, _)| *city));
        let brands = CATEGORIES.iter().flat_map(|one| one.brands.iter().copied());
        for name in cities.chain(brands) {
            assert!(!name.contains(['"', '\\']), "{name}");
        }
    }
}
