//! How long a day of all metrics of 32 hubs by the minute takes from its arrival to the screen, and how much memory. No
//! network: the answers are made here, one at a time, as they would arrive. Prints one JSON object.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::cast_precision_loss)] // a measurement for people

use std::fmt::Write;
use std::time::{Duration, Instant};

use chrono::{NaiveDate, NaiveDateTime};
use oms::reply::chart::course;
use oms::reply::surface::Surface;
use oms_tools::eventhub::EventhubMetricsArguments;
use oms_tools::eventhub::metrics::{Grain, Metric, from_answers};
use oms_tools::orders::semantic::query::TimeRange;

const HUBS: usize = 32;

/// An answer as Azure Monitor gives it.
fn body(parameters: &[(&'static str, String)], day: NaiveDateTime) -> Vec<u8> {
    let parameter = |name: &str| parameters.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str());
    let aggregation = parameter("aggregation").unwrap();
    let hubs = if parameter("$filter").is_some() { HUBS } else { 1 };
    let mut text = String::from(r#"{"cost":59,"timespan":"x","interval":"PT1M","value":["#);
    for (place, name) in parameter("metricnames").unwrap().split(',').enumerate() {
        let comma = if place > 0 { "," } else { "" };
        let _ = write!(
            text,
            r#"{comma}{{"id":"x","type":"Microsoft.Insights/metrics","name":{{"value":"{name}","localizedValue":"{name}"}},"unit":"Count","errorCode":"Success","timeseries":["#
        );
        for hub in 0..hubs {
            let comma = if hub > 0 { "," } else { "" };
            let _ = write!(
                text,
                r#"{comma}{{"metadatavalues":[{{"name":{{"value":"entityname","localizedValue":"entityname"}},"value":"hub-{hub:02}"}}],"data":["#
            );
            for minute in 0..1440_i64 {
                let comma = if minute > 0 { "," } else { "" };
                let at = day + chrono::Duration::minutes(minute);
                let value = (minute * 7 + i64::try_from(hub).unwrap() * 13) % 997;
                let _ = write!(
                    text,
                    r#"{comma}{{"timeStamp":"{}","{aggregation}":{value}.0}}"#,
                    at.format("%Y-%m-%dT%H:%M:%SZ")
                );
            }
            text.push_str("]}");
        }
        text.push_str("]}");
    }
    text.push_str("]}");
    text.into_bytes()
}

/// The most that was resident, MiB.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
}

fn main() {
    let day = NaiveDate::from_ymd_opt(2026, 1, 13).unwrap().and_hms_opt(0, 0, 0).unwrap();
    let next = day + chrono::Duration::days(1);
    let time = TimeRange { from: Some(day), to: Some(next), label: "yesterday".to_owned(), unit: None, running: false };
    let arguments = EventhubMetricsArguments {
        metrics: Metric::ALL.to_vec(),
        time: Some(time),
        grain: Some(Grain::Minute),
        by_hub: true,
        ..EventhubMetricsArguments::default()
    };
    let hubs: Vec<String> = (0..HUBS).map(|hub| format!("hub-{hub:02}")).collect();
    let (mut bytes, mut made) = (0, Duration::ZERO);
    let started = Instant::now();
    let report = from_answers(&arguments, next, "oms-prod", &hubs, |parameters| {
        let making = Instant::now();
        let body = body(parameters, day);
        made += making.elapsed();
        bytes += body.len();
        body
    })
    .unwrap();
    let points: usize = report.series.iter().map(|series| series.values.len()).sum();
    let told = report.told();
    let drawn = course::draw(&told.chart.unwrap(), &Surface::terminal(120, false)).unwrap();
    let elapsed = started.elapsed().saturating_sub(made);
    println!(
        "{{\"metrics\": {}, \"points\": {points}, \"answer_mib\": {:.1}, \"drawn_ms\": {:.1}, \"peak_mib\": {:.1}, \"lines\": {}}}",
        Metric::ALL.len(),
        bytes as f64 / f64::from(1 << 20),
        elapsed.as_secs_f64() * 1000.0,
        peak(),
        drawn.lines().count()
    );
}
