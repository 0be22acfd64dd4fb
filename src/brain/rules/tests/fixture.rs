//! The catalogue's names and a few values of a shop.

use std::sync::{Arc, LazyLock};

use chrono::NaiveDateTime;
use oms_tools::Unit;
use oms_tools::orders::semantic::catalog::{Catalog, Dimension, DimensionKind, Entity, Measure};
use oms_tools::orders::values::{KnownValue, KnownValues};

use crate::brain::rules::Rules;

const MEASURES: &str = "revenue:e orders:c billed_amount:e average_order_value:e units_sold:c gross_profit:e gross_margin:p discounts:e \
    average_discount:p buyers:c customers:c new_customers:c repeat_buyers:c repeat_rate:p cancelled_orders:c cancellation_rate:p \
    open_orders:c stuck_orders:c returned_units:c returns_count:c return_rate:p refunds:e payment_attempts:c payment_failure_rate:p \
    transit_time:d fulfilment_time:h order_to_door_time:d shipments:c on_time_rate:p late_shipments:c stock:c available_stock:c \
    low_stock:c out_of_stock:c stock_value:e orders_paid:c orders_packed:c orders_shipped:c orders_delivered:c orders_returned:c \
    late_rate:p average_refund:e payment_amounts:e average_payment:e products:c average_price:e shipping_fees:e taxes:e \
    cost_of_goods:e units_ordered:c order_lines:c parcels_delivered:c reserved_stock:c average_billed_amount:e average_days_late:d";
const TIMES: &str = "hour day week month quarter year weekday day_type hour_of_day";
const TEXTS: &str = "order_status channel country city ship_country ship_city customer customer_segment customer_country customer_city \
    order product sku brand category active warehouse carrier shipment_status payment_method payment_status failure_reason return_reason \
    return_status cancel_reason parcel_late back_order discounted order_sequence";

fn catalog() -> Catalog {
    let measures = MEASURES
        .split_whitespace()
        .map(|entry| {
            let (name, unit) = entry.split_once(':').unwrap();
            let unit = match unit {
                "e" => Unit::Euro,
                "p" => Unit::Percent,
                "d" => Unit::Days,
                "h" => Unit::Hours,
                _ => Unit::Count,
            };
            let has_time = !matches!(
                name,
                "products"
                    | "average_price"
                    | "stock"
                    | "available_stock"
                    | "low_stock"
                    | "out_of_stock"
                    | "stock_value"
                    | "reserved_stock"
            );
            Measure {
                name: name.into(),
                title: name.replace('_', " "),
                synonyms: vec![],
                definition: String::new(),
                unit,
                has_time,
                rules_only: matches!(name, "reserved_stock" | "average_billed_amount" | "average_days_late"),
            }
        })
        .collect();
    let dimension = |name: &str, kind| Dimension {
        name: name.into(),
        title: name.replace('_', " "),
        synonyms: vec![],
        kind,
        rules_only: [
            "day_type",
            "order_sequence",
            "parcel_late",
            "back_order",
            "discounted",
            "parcel_days",
            "hours_to_leave",
        ]
        .contains(&name),
    };
    let mut dimensions: Vec<Dimension> =
        TIMES.split_whitespace().map(|name| dimension(name, DimensionKind::Time)).collect();
    dimensions.extend(TEXTS.split_whitespace().map(|name| dimension(name, DimensionKind::Text)));
    dimensions.extend(
        ["order_value", "price", "grand_total", "payment_amount", "refund_amount", "parcel_days", "hours_to_leave"]
            .map(|name| dimension(name, DimensionKind::Number)),
    );
    let entities = ["orders", "order_items", "customers", "products", "payments", "shipments", "returns", "inventory"]
        .map(|name| {
            let (usual, more) = match name {
                "orders" => {
                    ("order_number placed_at order_status customer ship_country", "cancel_reason customer_segment")
                }
                "shipments" => ("order_number carrier shipment_status promised_at", "ship_country customer"),
                _ => ("", ""),
            };
            let columns: Vec<String> = format!("{usual} {more}").split_whitespace().map(str::to_owned).collect();
            Entity { name: name.into(), synonyms: vec![], columns, usual: usual.split_whitespace().count() }
        });
    Catalog { measures, dimensions, entities: entities.into() }
}

fn values() -> KnownValues {
    let mut values = Vec::new();
    let mut put = |dimensions: &[&str], value: &str, words: &[&str]| {
        for dimension in dimensions {
            let words = words.iter().map(|word| (*word).to_owned()).collect();
            values.push(KnownValue { dimension: (*dimension).to_owned(), value: value.to_owned(), words });
        }
    };
    for (code, words) in [
        ("ES", ["Spain", "Spanish"]),
        ("PT", ["Portugal", "Portuguese"]),
        ("DE", ["Germany", "German"]),
        ("FR", ["France", "French"]),
        ("IT", ["Italy", "Italian"]),
        ("IE", ["Ireland", "Irish"]),
    ] {
        put(&["ship_country", "customer_country"], code, &words);
    }
    for city in ["Lisbon", "Porto", "Madrid", "Barcelona", "Berlin", "São Paulo"] {
        put(&["ship_city", "customer_city"], city, &[]);
    }
    for brand in ["Nordvik", "Acme", "Lumina"] {
        put(&["brand"], brand, &[]);
    }
    for category in ["Home & Kitchen", "Toys", "Electronics", "Garden"] {
        put(&["category"], category, &[]);
    }
    for carrier in ["DHL Express", "UPS", "Correos"] {
        put(&["carrier"], carrier, &[]);
    }
    for product in ["Nordvik Kettle 2L", "Lumina Desk Lamp", "Garden Gnome"] {
        put(&["product"], product, &[]);
    }
    for person in ["Maria Silva", "John O'Brien"] {
        put(&["customer"], person, &[]);
    }
    put(&["warehouse"], "LIS-1", &[]);
    KnownValues { values }
}

pub(super) static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::new(Arc::new(catalog()), Arc::new(values())));

/// The seeded shop's now.
pub(super) fn now() -> NaiveDateTime {
    at("2026-01-14T12:00:00")
}

pub(super) fn at(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}
