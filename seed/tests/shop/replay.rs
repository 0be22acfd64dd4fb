//! Replays every order's events by the rules of the contract, on its own, and compares with what the tables say.

use std::collections::BTreeMap;

use oms_seed::{ShopOptions, seed};
use serde_json::Value;
use sqlx::ConnectOptions;

use crate::server::{PrivateServer, texts};

/// What the rows of an order say, or what its events say: lines of text that are compared.
#[derive(Debug, Default, PartialEq, Eq)]
struct Story {
    order: String,
    items: Vec<String>,
    payments: Vec<String>,
    shipments: BTreeMap<String, String>,
    returns: BTreeMap<String, String>,
}

/// The state while events are replayed.
#[derive(Debug, Default)]
struct Replay {
    status: String,
    updated: String,
    reason: String,
    head: String,
    /// By sku.
    items: BTreeMap<String, Item>,
    fee: i64,
    tax: i64,
    /// method, status, amount, failure, time
    payments: Vec<[String; 5]>,
    /// tracking number: warehouse, carrier, status, shipped, promised, delivered
    shipments: BTreeMap<String, [String; 6]>,
    /// sku: quantity, reason, refund, status, requested
    returns: BTreeMap<String, [String; 5]>,
}

/// Quantity, price, discount; warehouse and tracking number of its parcel.
type Item = (i64, i64, i64, Option<(String, String)>);

fn cents(text: &str) -> i64 {
    let (euros, rest) = text.split_once('.').unwrap();
    assert_eq!(rest.len(), 2, "{text}");
    euros.parse::<i64>().unwrap() * 100 + rest.parse::<i64>().unwrap()
}

fn money(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_else(|| panic!("no text `{key}` in {value}")).to_owned()
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

impl Replay {
    fn grand_total(&self) -> i64 {
        self.items.values().map(|(quantity, price, discount, _)| quantity * price - discount).sum::<i64>()
            + self.fee
            + self.tax
    }

    fn step(&mut self, from: &[&str], to: &str) {
        assert!(from.contains(&self.status.as_str()), "from `{}` to `{to}`", self.status);
        to.clone_into(&mut self.status);
    }

    fn settle(&mut self, data: &Value, from: &str, to: &str) {
        assert_eq!(keys(data), ["method", "amount"]);
        let method = text(data, "method");
        let attempt =
            self.payments.iter_mut().rev().find(|one| one[0] == method && one[1] == from).expect("such an attempt");
        assert_eq!(attempt[2], text(data, "amount"));
        to.clone_into(&mut attempt[1]);
    }

    fn apply(&mut self, kind: &str, at: &str, data: &Value) {
        at.clone_into(&mut self.updated);
        match kind {
            "order.placed" => self.place(data),
            "order.paid" => {
                let status = text(data, "status");
                let failure = if status == "failed" { text(data, "failure_reason") } else { String::new() };
                assert_eq!(keys(data).len(), if status == "failed" { 4 } else { 3 });
                assert_eq!(cents(&text(data, "amount")), self.grand_total());
                if status != "failed" {
                    self.step(&["placed"], "paid");
                }
                self.payments.push([text(data, "method"), status, text(data, "amount"), failure, at.to_owned()]);
            }
            "payment.captured" => self.settle(data, "authorized", "captured"),
            "payment.refunded" => self.settle(data, "captured", "refunded"),
            "order.packed" => {
                assert_eq!(keys(data), ["warehouse"]);
                self.step(&["paid"], "packed");
            }
            "order.shipped" => self.ship(at, data),
            "shipment.updated" => {
                assert_eq!(keys(data), ["tracking_number", "status"]);
                self.parcel(data)[2] = text(data, "status");
            }
            "order.delivered" => {
                assert_eq!(keys(data), ["tracking_number"]);
                let parcel = self.parcel(data);
                "delivered".clone_into(&mut parcel[2]);
                at.clone_into(&mut parcel[5]);
                if self.shipments.values().all(|parcel| ["delivered", "lost"].contains(&parcel[2].as_str())) {
                    self.step(&["shipped"], "delivered");
                }
            }
            "order.cancelled" => {
                self.step(&["placed", "paid", "packed"], "cancelled");
                self.reason = text(data, "reason");
            }
            "return.requested" => {
                assert_eq!(self.status, "delivered");
                for line in data["lines"].as_array().unwrap() {
                    let quantity = line["quantity"].as_i64().unwrap().to_string();
                    let request = [
                        quantity,
                        text(line, "reason"),
                        text(line, "refund_amount"),
                        "requested".to_owned(),
                        at.to_owned(),
                    ];
                    assert!(self.returns.insert(text(line, "sku"), request).is_none());
                }
            }
            "order.returned" => {
                for line in data["lines"].as_array().unwrap() {
                    assert_eq!(self.returns[&text(line, "sku")][0], line["quantity"].as_i64().unwrap().to_string());
                }
                self.decide(data, &["requested"], "received");
                self.step(&["delivered"], "returned");
            }
            "return.refunded" => self.decide(data, &["received"], "refunded"),
            "return.rejected" => self.decide(data, &["requested"], "rejected"),
            _ => panic!("unknown type {kind}"),
        }
    }

    fn place(&mut self, data: &Value) {
        assert_eq!(keys(data), ["channel", "currency", "customer", "ship_to", "lines", "shipping_fee", "tax_total"]);
        assert_eq!(keys(&data["customer"]), ["full_name", "email", "phone", "city", "country"]);
        "placed".clone_into(&mut self.status);
        let (customer, to) = (&data["customer"], &data["ship_to"]);
        self.head = format!(
            "{} {} {} {} {} {} {} {} {} {}",
            text(data, "channel"),
            text(data, "currency"),
            text(customer, "full_name"),
            text(customer, "email"),
            customer["phone"].as_str().unwrap_or_default(),
            text(customer, "city"),
            text(customer, "country"),
            text(to, "city"),
            text(to, "country"),
            self.updated
        );
        for line in data["lines"].as_array().unwrap() {
            assert_eq!(keys(line), ["sku", "quantity", "unit_price", "discount"]);
            let item = (
                line["quantity"].as_i64().unwrap(),
                cents(&text(line, "unit_price")),
                cents(&text(line, "discount")),
                None,
            );
            assert!(self.items.insert(text(line, "sku"), item).is_none(), "a sku stands once in an order");
        }
        self.fee = cents(&text(data, "shipping_fee"));
        self.tax = cents(&text(data, "tax_total"));
    }

    fn ship(&mut self, at: &str, data: &Value) {
        assert_eq!(keys(data), ["warehouse", "carrier", "tracking_number", "promised_at", "lines"]);
        if self.shipments.is_empty() {
            self.step(&["packed"], "shipped");
        }
        let promised = text(data, "promised_at").replace('T', " ").trim_end_matches('Z').to_owned();
        let parcel = [
            text(data, "warehouse"),
            text(data, "carrier"),
            "label_created".to_owned(),
            at.to_owned(),
            promised,
            String::new(),
        ];
        let tracking = text(data, "tracking_number");
        for sku in data["lines"].as_array().unwrap() {
            let item = self.items.get_mut(sku.as_str().unwrap()).expect("a line of the order");
            assert!(item.3.replace((text(data, "warehouse"), tracking.clone())).is_none());
        }
        assert!(self.shipments.insert(tracking, parcel).is_none());
    }

    fn parcel(&mut self, data: &Value) -> &mut [String; 6] {
        let parcel = self.shipments.get_mut(&text(data, "tracking_number")).expect("a parcel of the order");
        assert!(!["delivered", "lost"].contains(&parcel[2].as_str()), "nothing follows the end of a parcel");
        parcel
    }

    fn decide(&mut self, data: &Value, from: &[&str], to: &str) {
        for line in data["lines"].as_array().unwrap() {
            let request = self.returns.get_mut(&text(line, "sku")).expect("a requested return");
            assert!(from.contains(&request[3].as_str()), "from `{}` to `{to}`", request[3]);
            to.clone_into(&mut request[3]);
        }
    }

    fn story(self) -> Story {
        let items_total: i64 =
            self.items.values().map(|(quantity, price, discount, _)| quantity * price - discount).sum();
        let order = format!(
            "{} {} {} {} {} {} {} {}",
            self.status,
            self.head,
            self.updated,
            self.reason,
            money(items_total),
            money(self.fee),
            money(self.tax),
            money(self.grand_total())
        );
        let items = self.items.iter().map(|(sku, (quantity, price, discount, parcel))| {
            let (warehouse, tracking) = parcel.clone().unwrap_or_default();
            format!("{sku} {quantity} {} {} {warehouse} {tracking}", money(*price), money(*discount))
        });
        Story {
            order,
            items: items.collect(),
            payments: self.payments.iter().map(|one| one.join(" ")).collect(),
            shipments: self.shipments.into_iter().map(|(tracking, parcel)| (tracking, parcel.join(" "))).collect(),
            returns: self.returns.into_iter().map(|(sku, request)| (sku, request.join(" "))).collect(),
        }
    }
}

/// Queries that give (order number, key, line of text); what has not left has neither warehouse nor parcel in the events.
const ORDERS: &str = "SELECT order_number, '', CONCAT_WS(' ', o.status, channel, currency, full_name, email, COALESCE(phone, ''), \
     c.city, c.country, ship_city, ship_country, placed_at, updated_at, COALESCE(cancel_reason, ''), items_total, shipping_fee, \
     tax_total, grand_total) FROM orders o JOIN customers c ON c.id = o.customer_id";
const ITEMS: &str = "SELECT order_number, '', CONCAT_WS(' ', sku, quantity, unit_price, discount, IF(s.id IS NULL, '', code), \
     COALESCE(tracking_number, '')) FROM order_items i JOIN orders o ON o.id = i.order_id JOIN products p ON p.id = i.product_id \
     LEFT JOIN shipments s ON s.id = i.shipment_id LEFT JOIN warehouses w ON w.id = i.warehouse_id ORDER BY order_number, sku";
const PAYMENTS: &str = "SELECT order_number, '', CONCAT_WS(' ', method, p.status, amount, COALESCE(failure_reason, ''), attempted_at) \
     FROM payments p JOIN orders o ON o.id = p.order_id ORDER BY p.id";
const SHIPMENTS: &str = "SELECT order_number, tracking_number, CONCAT_WS(' ', code, carrier, s.status, shipped_at, promised_at, \
     COALESCE(delivered_at, '')) FROM shipments s JOIN orders o ON o.id = s.order_id JOIN warehouses w ON w.id = s.warehouse_id";
const RETURNS: &str = "SELECT order_number, sku, CONCAT_WS(' ', r.quantity, reason, refund_amount, r.status, requested_at) \
     FROM returns r JOIN order_items i ON i.id = r.order_item_id JOIN orders o ON o.id = i.order_id \
     JOIN products p ON p.id = i.product_id";
const EVENTS: &str = "SELECT order_number, CONCAT(type, ' ', occurred_at), CONVERT(payload USING utf8mb4) FROM order_events \
     ORDER BY order_number, version";

#[tokio::test]
async fn events_say_what_the_rows_say() {
    let server = PrivateServer::shared().await;
    let options = server.database("replay").await;
    seed(options.clone(), &ShopOptions { orders: 2_000, seed: 3, live_until: None }, |_| {}).await.unwrap();
    let mut connection = options.connect().await.unwrap();
    let mut rows: BTreeMap<String, Story> = BTreeMap::new();
    for (place, query) in [ORDERS, ITEMS, PAYMENTS, SHIPMENTS, RETURNS].into_iter().enumerate() {
        for row in texts(&mut connection, query).await {
            let [number, key, line] = <[Option<String>; 3]>::try_from(row).unwrap().map(Option::unwrap);
            let story = rows.entry(number).or_default();
            match place {
                0 => story.order = line,
                1 => story.items.push(line),
                2 => story.payments.push(line),
                3 => assert!(story.shipments.insert(key, line).is_none()),
                _ => assert!(story.returns.insert(key, line).is_none()),
            }
        }
    }
    let mut replays: BTreeMap<String, Replay> = BTreeMap::new();
    for row in texts(&mut connection, EVENTS).await {
        let [number, head, data] = <[Option<String>; 3]>::try_from(row).unwrap().map(Option::unwrap);
        let (kind, at) = head.split_once(' ').unwrap();
        replays.entry(number).or_default().apply(kind, at, &serde_json::from_str(&data).unwrap());
    }
    assert_eq!(rows.len(), 2_000);
    assert_eq!(replays.len(), 2_000);
    for ((number, story), replay) in rows.iter().zip(replays.into_values()) {
        assert_eq!(*story, replay.story(), "{number}");
    }
}
