//! Metrics as they are told, from a stand-in of Azure Monitor whose figures can be computed by hand.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use chrono::NaiveDateTime;
use serde_json::json;

use super::{EventhubMetrics, EventhubMetricsArguments, Grain, Metric, Show};
use crate::azure::stand_in::AzureStandIn;
use crate::azure::tests::{FakeAz, client};
use crate::orders::semantic::query::TimeRange;
use crate::{Failure, Told};

struct Room {
    stand_in: AzureStandIn,
    tool: EventhubMetrics,
    _az: FakeAz,
}

impl Room {
    async fn new() -> Self {
        Self::over(AzureStandIn::start().await)
    }

    fn over(stand_in: AzureStandIn) -> Self {
        let az = FakeAz::signed_in();
        let tool = EventhubMetrics::new(client(&stand_in, &az));
        Self { stand_in, tool, _az: az }
    }

    async fn ask(&self, arguments: &EventhubMetricsArguments) -> Result<Told, Failure> {
        self.tool.read(arguments, at("2026-01-14 12:00:37")).await.map(|report| report.told())
    }

    fn asked(&self) -> usize {
        self.stand_in.asked("Microsoft.Insights/metrics")
    }
}

fn at(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").unwrap()
}

fn of(metric: Metric) -> EventhubMetricsArguments {
    EventhubMetricsArguments { metrics: vec![metric], ..Default::default() }
}

fn over(from: &str, to: &str, label: &str) -> TimeRange {
    let (from, to) = (Some(at(&format!("{from} 00:00:00"))), Some(at(&format!("{to} 00:00:00"))));
    TimeRange { from, to, label: label.to_owned(), unit: None, running: false }
}

#[tokio::test]
async fn incoming_messages_over_the_last_hour() {
    let room = Room::new().await;
    let told = room.ask(&of(Metric::IncomingMessages)).await.unwrap();
    // A minute of three hubs is 30 + 20 + 10 and three times the minute modulo 5: 60 to 72, 66 on average.
    insta::assert_snapshot!(told.answer, @"Incoming messages, last hour: 3,960 in all, 66 per minute on average, at most 72 at 11:04 (2026-01-14 11:00 to 12:00 UTC, by minute; namespace `oms-prod`).");
    let table = told.table.unwrap();
    assert_eq!((table.rows.len(), table.columns.len()), (12, 3));
    assert_eq!(serde_json::to_value(&table.rows[0]).unwrap(), json!(["2026-01-14T11:00:00.000Z", 330, 72]));
    let chart = told.chart.unwrap();
    assert_eq!((chart.series.len(), chart.series[0].values.len(), chart.step), (1, 60, 60));
    assert_eq!(told.data["series"][0]["total"], json!(3960.0));
    assert!(told.notes.is_empty(), "{:?}", told.notes);
}

#[tokio::test]
async fn were_we_throttled_yesterday() {
    let room = Room::new().await;
    let ask = |metric, from, to, label| EventhubMetricsArguments {
        time: Some(over(from, to, label)),
        show: Show::Whether,
        ..of(metric)
    };
    let yes = room.ask(&ask(Metric::ThrottledRequests, "2026-01-13", "2026-01-14", "yesterday")).await.unwrap();
    let no = room.ask(&ask(Metric::ThrottledRequests, "2026-01-12", "2026-01-13", "12 January")).await.unwrap();
    let errors = room.ask(&ask(Metric::ServerErrors, "2026-01-13", "2026-01-14", "yesterday")).await.unwrap();
    insta::assert_snapshot!([yes.answer, no.answer, errors.answer].join("\n"), @r"
    Yes: 60 throttled requests, yesterday: in 5 of 1,440 minutes, first at 14:00, last at 14:04, at most 14 at 14:04 (2026-01-13 00:00 to 2026-01-14 00:00 UTC, by minute; namespace `oms-prod`).
    No: no throttled requests, 12 January (2026-01-12 00:00 to 2026-01-13 00:00 UTC, by minute; namespace `oms-prod`).
    No: no server errors, yesterday (2026-01-13 00:00 to 2026-01-14 00:00 UTC, by minute; namespace `oms-prod`).
    ");
    assert!(no.notes.is_empty() && errors.notes.is_empty(), "missing points of error counters are zero, not gaps");
}

#[tokio::test]
async fn peak_per_minute_this_week() {
    let room = Room::new().await;
    let time = Some(over("2026-01-12", "2026-01-15", "this week"));
    let arguments =
        EventhubMetricsArguments { time, grain: Some(Grain::Minute), show: Show::Peak, ..of(Metric::IncomingMessages) };
    let told = room.ask(&arguments).await.unwrap();
    // 812 at the first hub, 20 + 3 and 10 + 3 at the others.
    insta::assert_snapshot!(told.answer, @"Peak of incoming messages per minute, this week: 848 at 2026-01-12 14:03 (2026-01-12 00:00 to 2026-01-14 12:00 UTC, by minute; namespace `oms-prod`).");
    let most = EventhubMetricsArguments { show: Show::Peak, ..of(Metric::ActiveConnections) };
    room.ask(&most).await.unwrap();
    assert_eq!(room.stand_in.asked("aggregation=maximum"), 1, "a peak is of the most, not of averages");
}

#[tokio::test]
async fn missing_points_are_gaps_and_said_to_be() {
    let room = Room::new().await;
    let told = room.ask(&of(Metric::OutgoingMessages)).await.unwrap();
    assert_eq!(told.notes, ["1 of 60 points of outgoing messages have no value; they are gaps, not zeros"]);
    assert_eq!(told.chart.unwrap().series[0].values[30], None);
    assert_eq!(told.data["series"][0]["values"][30], json!(null));
}

#[tokio::test]
async fn split_by_hub_and_one_hub_alone() {
    let room = Room::new().await;
    let split = room.ask(&EventhubMetricsArguments { by_hub: true, ..of(Metric::IncomingMessages) }).await.unwrap();
    insta::assert_snapshot!(split.answer, @"Incoming messages by hub, last hour: 3,960 in all; `orders` 1,920, `payments` 1,320, `returns` 720 (2026-01-14 11:00 to 12:00 UTC, by minute; namespace `oms-prod`).");
    assert_eq!(split.chart.unwrap().series.len(), 3);
    let one = EventhubMetricsArguments { hubs: vec!["Payments".into()], ..of(Metric::IncomingBytes) };
    insta::assert_snapshot!(room.ask(&one).await.unwrap().answer, @"Incoming bytes, last hour: 1.3 MB in all, 22 kB per minute on average, at most 24 kB at 11:04 (2026-01-14 11:00 to 12:00 UTC, by minute; hub `payments` of namespace `oms-prod`).");
    let silent = EventhubMetricsArguments { by_hub: true, ..of(Metric::ServerErrors) };
    let told = room.ask(&silent).await.unwrap();
    assert_eq!(told.table.unwrap().rows.len(), 3, "a hub without a series is one of zeros");
    let whole = EventhubMetricsArguments { by_hub: true, ..of(Metric::ActiveConnections) };
    let told = room.ask(&whole).await.unwrap();
    assert!(told.notes[0].contains("for the whole namespace, not by hub"), "{:?}", told.notes);
}

#[tokio::test]
async fn more_hubs_than_a_request_gives_unasked_are_all_there() {
    let names: Vec<String> = (0..32).map(|number| format!("hub-{number:02}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let room = Room::over(AzureStandIn::with_hubs(&names).await);
    let told = room.ask(&EventhubMetricsArguments { by_hub: true, ..of(Metric::IncomingMessages) }).await.unwrap();
    assert_eq!(told.table.unwrap().rows.len(), 32);
    assert!(told.answer.contains("and 27 more in the table"), "{}", told.answer);
    assert_eq!(told.chart.unwrap().series.len(), 32);
}

#[tokio::test]
async fn the_overview_has_one_figure_for_each_metric() {
    let room = Room::new().await;
    let told = room.ask(&EventhubMetricsArguments::default()).await.unwrap();
    insta::assert_snapshot!(told.answer, @"Last hour: incoming messages 3,960; outgoing messages 3,900; throttled requests 0; server errors 0 (2026-01-14 11:00 to 12:00 UTC, by minute; namespace `oms-prod`).");
    assert!(!told.chart.unwrap().one_scale);
}

#[tokio::test]
async fn one_metric_s_failure_is_told_beside_the_others() {
    let room = Room::new().await;
    room.stand_in.state.failing.lock().unwrap().push("CaptureBacklog".to_owned());
    let arguments = EventhubMetricsArguments {
        metrics: vec![Metric::IncomingMessages, Metric::CaptureBacklog, Metric::NamespaceCpuUsage],
        ..Default::default()
    };
    let told = room.ask(&arguments).await.unwrap();
    insta::assert_snapshot!(told.notes.join("\n"), @r"
    `CaptureBacklog` could not be read: the metric store did not answer
    `NamespaceCpuUsage` could not be read: it exists in the Premium tier alone, or the sign-in may not read it
    ");
    assert_eq!(told.data["failed"].as_array().unwrap().len(), 2);
    let alone = room.ask(&of(Metric::CaptureBacklog)).await.unwrap_err();
    assert!(alone.message.contains("the metric store did not answer"), "{alone}");
}

#[tokio::test]
async fn a_conversation_does_not_hammer_the_interface() {
    let room = Room::new().await;
    let arguments = EventhubMetricsArguments { by_hub: true, ..of(Metric::IncomingMessages) };
    let first = room.ask(&arguments).await.unwrap();
    for _ in 0..5 {
        assert_eq!(room.ask(&arguments).await.unwrap().answer, first.answer);
    }
    assert_eq!((room.asked(), room.stand_in.asked("/eventhubs?")), (1, 2));
    // The same minute asked a little later is the same question.
    let later = room.tool.read(&arguments, at("2026-01-14 12:00:59")).await.unwrap();
    assert_eq!((later.told().answer, room.asked()), (first.answer, 1));
    room.tool.read(&arguments, at("2026-01-14 12:01:00")).await.unwrap();
    assert_eq!(room.asked(), 2);
}

#[tokio::test]
async fn both_error_envelopes_and_what_is_no_answer_are_told() {
    let room = Room::new().await;
    for body in [
        json!({"code": "BadRequest", "message": "Failed to find metric configuration"}),
        json!({"error": {"code": "BadRequest", "message": "Failed to find metric configuration"}}),
    ] {
        room.stand_in.refuse("Microsoft.Insights", 400, None, body);
        let failure = room.ask(&of(Metric::Size)).await.unwrap_err();
        assert!(
            failure.message.ends_with("Azure refuses the request: Failed to find metric configuration"),
            "{failure}"
        );
    }
    for body in [json!("busy"), json!({"value": "no list"}), json!(null)] {
        room.stand_in.refuse("Microsoft.Insights", 200, None, body);
        let failure = room.ask(&of(Metric::Size)).await.unwrap_err();
        assert!(failure.message.contains("is not understood"), "{failure}");
    }
    room.stand_in.refuse("Microsoft.Insights", 500, None, json!({"error": {"code": "InternalServerError"}}));
    let failure = room.ask(&of(Metric::Size)).await.unwrap_err();
    assert!(failure.message.ends_with("status 500 (`InternalServerError`)"), "{failure}");
    room.stand_in.refuse("Microsoft.Insights", 429, Some("0"), json!({}));
    assert!(room.ask(&of(Metric::Size)).await.is_ok());
}

#[tokio::test]
async fn an_unknown_hub_is_told_with_the_nearest_and_nothing_is_measured() {
    let room = Room::new().await;
    let arguments = EventhubMetricsArguments { hubs: vec!["oders".into()], ..of(Metric::Size) };
    let failure = room.ask(&arguments).await.unwrap_err();
    assert_eq!(failure.to_string(), "no hub named `oders` in namespace `oms-prod`\nhint: did you mean `orders`?");
    assert_eq!(room.asked(), 0);
}

#[tokio::test]
async fn a_range_of_several_requests_is_one_series() {
    let room = Room::new().await;
    let time = Some(over("2025-11-01", "2026-01-14", "since November"));
    let told = room.ask(&EventhubMetricsArguments { time, ..of(Metric::IncomingMessages) }).await.unwrap();
    assert_eq!(room.asked(), 3);
    let chart = told.chart.unwrap();
    assert!(chart.series[0].values.iter().all(Option::is_some), "no seam between the requests");
    assert!(told.notes.is_empty());
}
