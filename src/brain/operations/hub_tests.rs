//! What is a question about the hub's metrics and set-up, or about why something changed.

use super::{Understanding, understand};

/// The tool that a sentence goes to.
fn tool(text: &str) -> Option<String> {
    match understand(text, chrono::DateTime::UNIX_EPOCH.naive_utc()) {
        Some(Understanding::Call { tool, .. }) => Some(tool),
        _ => None,
    }
}

/// The arguments of the call that a sentence is.
fn arguments(text: &str) -> serde_json::Value {
    let now =
        chrono::NaiveDate::from_ymd_opt(2026, 1, 14).and_then(|day| day.and_hms_opt(12, 0, 0)).unwrap_or_default();
    match understand(text, now) {
        Some(Understanding::Call { arguments, .. }) => arguments,
        _ => serde_json::Value::Null,
    }
}

#[test]
fn metrics_are_asked_for_in_several_wordings() {
    use serde_json::json;
    for (text, metrics, show) in [
        ("incoming messages over the last hour", json!(["IncomingMessages"]), "course"),
        ("How many messages came in the last hour?", json!(["IncomingMessages"]), "course"),
        ("show me a chart of incoming messages by hub today", json!(["IncomingMessages"]), "course"),
        ("were we throttled yesterday?", json!(["ThrottledRequests"]), "whether"),
        ("did we get throttled last week", json!(["ThrottledRequests"]), "whether"),
        ("were we throttled last night", json!(["ThrottledRequests"]), "whether"),
        ("how many messages came in overnight?", json!(["IncomingMessages"]), "course"),
        ("any throttling this week?", json!(["ThrottledRequests"]), "whether"),
        ("were there server errors yesterday", json!(["ServerErrors"]), "whether"),
        ("any errors in the event hub today?", json!(["ServerErrors", "UserErrors", "QuotaExceededErrors"]), "whether"),
        ("peak per minute of the hub this week", json!(["IncomingMessages"]), "peak"),
        ("peak of incoming messages per minute this week", json!(["IncomingMessages"]), "peak"),
        ("busiest minute of the event hub yesterday", json!(["IncomingMessages"]), "peak"),
        ("incoming and outgoing messages today", json!(["OutgoingMessages"]), "course"),
        ("incoming messages and outgoing messages today", json!(["IncomingMessages", "OutgoingMessages"]), "course"),
        ("how many active connections are there", json!(["ActiveConnections"]), "course"),
        ("capture backlog of the last 3 hours", json!(["CaptureBacklog"]), "course"),
        ("event hub metrics", json!([]), "course"),
        ("show the metrics of the namespace for yesterday", json!([]), "course"),
    ] {
        if text.starts_with("incoming and") {
            assert_eq!(tool(text), None, "`incoming` alone names no metric: the sentence is not wholly understood");
            continue;
        }
        assert_eq!(tool(text).as_deref(), Some("eventhub_metrics"), "{text}");
        let arguments = arguments(text);
        assert_eq!((&arguments["metrics"], &arguments["show"]), (&metrics, &json!(show)), "{text}");
    }
    let hour = arguments("incoming messages over the last hour");
    assert_eq!(
        (&hour["time"]["from"], &hour["time"]["label"]),
        (&json!("2026-01-14T11:00:00"), &json!("the last hour"))
    );
    let night = arguments("Were we throttled last night?");
    assert_eq!(
        (&night["time"]["from"], &night["time"]["to"], &night["time"]["label"]),
        (&json!("2026-01-13T20:00:00"), &json!("2026-01-14T06:00:00"), &json!("last night"))
    );
    assert_eq!(tool("were we throttled last night last week"), None);
    assert_eq!(arguments("peak per minute of the hub this week")["grain"], "1m");
    assert_eq!(arguments("incoming bytes by hub today")["by_hub"], true);
    for text in ["incoming messages of the payments hub today", "incoming messages of hub payments today"] {
        assert_eq!(arguments(text)["hubs"], json!(["payments"]), "{text}");
    }
}

#[test]
fn the_set_up_is_asked_for_in_several_wordings() {
    use serde_json::json;
    for (text, about, hub) in [
        ("how many partitions does the orders hub have?", "partitions", json!("orders")),
        ("partitions of the event hub", "partitions", json!(null)),
        ("which consumer groups are there", "consumer_groups", json!(null)),
        ("what tier is the namespace?", "throughput", json!(null)),
        ("how many throughput units do we have", "throughput", json!(null)),
        ("is auto-inflate on?", "throughput", json!(null)),
        ("is capture on?", "capture", json!(null)),
        ("where does capture write to", "capture", json!(null)),
        ("how long are events kept in the hub?", "retention", json!(null)),
        ("how is the event hub set up?", "everything", json!(null)),
        ("event hub status", "everything", json!(null)),
        ("list the event hubs", "everything", json!(null)),
        ("which namespaces are there in azure", "everything", json!(null)),
    ] {
        assert_eq!(tool(text).as_deref(), Some("eventhub_status"), "{text}");
        let arguments = arguments(text);
        assert_eq!((&arguments["about"], &arguments["hub"]), (&json!(about), &hub), "{text}");
    }
    assert_eq!(arguments("which namespaces are there in azure")["every_namespace"], true);
}

#[test]
fn why_questions_name_a_moment_and_what_changed() {
    use serde_json::json;
    for (text, subject, change, at, scale) in [
        ("why did orders drop at 14:00?", "orders", "fell", "2026-01-13T14:00:00", "hours"),
        ("Why did orders drop at 9:30", "orders", "fell", "2026-01-14T09:30:00", "hours"),
        ("why did the number of orders fall around 2 pm yesterday", "orders", "fell", "2026-01-13T14:00:00", "hours"),
        ("why did orders go down at 2pm on 5 January?", "orders", "fell", "2026-01-05T14:00:00", "hours"),
        ("why did failed payments spike at 08:00", "failed_payments", "rose", "2026-01-14T08:00:00", "hours"),
        ("why did incoming messages stop at 11:15?", "incoming_messages", "fell", "2026-01-14T11:15:00", "hours"),
        ("what happened to orders at 10:00", "orders", "changed", "2026-01-14T10:00:00", "hours"),
        ("why did orders drop yesterday?", "orders", "fell", "2026-01-13T00:00:00", "days"),
        ("why did orders drop last night?", "orders", "fell", "2026-01-13T22:00:00", "hours"),
        ("why did orders drop at 3am last night", "orders", "fell", "2026-01-14T03:00:00", "hours"),
    ] {
        let arguments = arguments(text);
        let found = (&arguments["subject"], &arguments["change"], &arguments["at"], &arguments["scale"]);
        assert_eq!(found, (&json!(subject), &json!(change), &json!(at), &json!(scale)), "{text}");
    }
    for text in [
        "why did orders drop?",
        "why did orders from Spain drop at 14:00?",
        "why do payments fail",
        "why did orders drop last month",
    ] {
        assert_ne!(tool(text).as_deref(), Some("why"), "{text}");
    }
}

#[test]
fn questions_about_orders_are_not_taken_for_metrics() {
    for text in [
        "how many orders yesterday",
        "return requests by reason last month",
        "failed payments by reason in 2025",
        "customer retention this year",
        "captured payments yesterday",
        "units sold per day this week",
        "peak hour of orders last month",
        "top 5 products by units sold",
        "orders per hour yesterday",
        "how many messages did customers write about orders",
        "size of the average basket",
        "events of ORD-0000042",
        "why did orders drop at 14:00?",
        "which orders were captured yesterday",
        "what is the status of ORD-0000042",
        "how many units do we have in stock",
    ] {
        let taken = tool(text).filter(|tool| tool.starts_with("eventhub_"));
        assert_eq!(taken, None, "{text}");
    }
}
