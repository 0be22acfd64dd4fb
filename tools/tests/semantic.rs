//! The semantic layer without a database: the catalogue, what is refused, and what is not.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test that cannot go on ends

use oms_tools::orders::semantic::{Catalog, catalog::DimensionKind};

/// The measures of the glossary, with the verbs with a time.
const MEASURES: &str = "orders revenue billed_amount average_order_value units_sold gross_profit gross_margin discounts \
    average_discount buyers customers new_customers repeat_buyers repeat_rate cancelled_orders cancellation_rate open_orders \
    stuck_orders returned_units returns_count return_rate refunds payment_attempts payment_failure_rate transit_time \
    fulfilment_time order_to_door_time shipments on_time_rate late_shipments stock available_stock low_stock out_of_stock \
    stock_value orders_paid orders_packed orders_shipped orders_delivered orders_returned";
const DIMENSIONS: &str = "hour day week month quarter year weekday hour_of_day order_status channel country city ship_country \
    ship_city customer customer_segment customer_country customer_city product sku brand category warehouse warehouse_city \
    warehouse_country carrier shipment_status payment_method payment_status failure_reason return_reason return_status \
    cancel_reason order_value price days_since_placed";

#[test]
fn the_catalogue_has_every_word_of_the_glossary() {
    let catalog = Catalog::load().unwrap_or_else(|failure| panic!("{failure}"));
    let measures: Vec<&str> = catalog.measures.iter().map(|measure| measure.name.as_str()).collect();
    assert_eq!(measures, MEASURES.split_whitespace().collect::<Vec<_>>());
    let dimensions: Vec<&str> = catalog.dimensions.iter().map(|dimension| dimension.name.as_str()).collect();
    assert_eq!(dimensions, DIMENSIONS.split_whitespace().collect::<Vec<_>>());
    let entities: Vec<&str> = catalog.entities.iter().map(|entity| entity.name.as_str()).collect();
    assert_eq!(
        entities,
        ["orders", "order_items", "customers", "products", "payments", "shipments", "returns", "inventory"]
    );
    for measure in &catalog.measures {
        let is_stock = ["stock", "available_stock", "low_stock", "out_of_stock", "stock_value"];
        assert_eq!(measure.has_time, !is_stock.contains(&measure.name.as_str()), "{}", measure.name);
        assert!(!measure.definition.is_empty() && !measure.title.is_empty());
    }
    for entity in &catalog.entities {
        assert!(!entity.columns.is_empty());
        assert!(!entity.columns.iter().any(|column| column == "email" || column == "phone"), "{}", entity.name);
    }
    assert!(catalog.dimensions.iter().filter(|dimension| dimension.kind == DimensionKind::Time).count() == 8);
}

#[test]
fn a_catalogue_that_is_wrong_names_the_file_and_the_line() {
    let check = |file: &str, from: &str, to: &str, message: &str, hint: &str| {
        let path = format!("{}/../prompts/orders/{file}", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        assert!(text.contains(from), "{from}");
        let failure = Catalog::load_from(&[(file.to_owned(), text.replacen(from, to, 1))]).unwrap_err();
        assert!(failure.message.contains(message), "{failure}");
        assert!(failure.hints.iter().any(|line| line.contains(hint)), "{failure}");
    };
    check("measures.yaml", "rows: order_items", "rows: order_item", "no rows named `order_item`", "`order_items`");
    check("measures.yaml", "to: kept_orders", "to: kept_order", "no figure named `kept_order`", "`kept_orders`");
    check("measures.yaml", "unit: euro", "unit: euros", "cannot read `measures.yaml` line", "built in");
    check(
        "measures.yaml",
        "{dimension: order_status",
        "{dimension: order_state",
        "no dimension named `order_state`",
        "`order_status`",
    );
    check("dimensions.yaml", "at: customers", "at: customer", "`dimensions.yaml` line", "`customers`");
    check(
        "tables.yaml",
        "to: customers",
        "to: costumers",
        "cannot use `tables.yaml` line 8: `orders`: no rows named `costumers`",
        "`customers`",
    );
    check("entities.yaml", "sql: orders.order_number", "colour: red", "cannot read `entities.yaml` line", "");
    check("values.yaml", "countries:", "contries:", "`values.yaml`", "");
}
