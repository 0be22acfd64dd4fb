//! What is said of a timeline.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use chrono::NaiveDateTime;

use super::{Change, Compared, Happened, Scale, Subject, WhyArguments, WhyReport, Window};

fn at(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").unwrap()
}

fn report(change: Change, after: f64, timeline: &[(&str, &'static str, &str)]) -> WhyReport {
    let arguments =
        WhyArguments { subject: Subject::Orders, at: at("2026-01-13 14:00:00"), change, scale: Scale::Hours };
    let window = Window::new(&arguments, at("2026-01-14 12:00:00")).unwrap();
    assert_eq!(window.points(), 20);
    let course: Vec<f64> = (0..20).map(|place| if place < 12 { 6.0 } else { after }).collect();
    WhyReport {
        compared: Compared::split(&course, 12, (10_800.0, 7200.0)),
        week_before: Some(Compared::split(&[5.0; 20], 12, (10_800.0, 7200.0))),
        course,
        window,
        arguments,
        timeline: timeline
            .iter()
            .map(|(at_, source, what)| Happened { at: at(at_), source, what: (*what).to_owned() })
            .collect(),
        unasked: vec![("stream metrics", "cannot ask Azure: no Event Hubs namespace is set".to_owned())],
    }
}

#[test]
fn a_moment_is_taken_in_every_iso_form() {
    for text in ["2026-01-13T14:00:00", "2026-01-13T14:00:00Z", "2026-01-13T14:00:00.000Z", "2026-01-13T15:00:00+01:00"]
    {
        let arguments: WhyArguments = serde_json::from_value(serde_json::json!({ "at": text })).unwrap();
        assert_eq!(arguments.at, at("2026-01-13 14:00:00"), "{text}");
    }
    let wrong = serde_json::from_value::<WhyArguments>(serde_json::json!({ "at": "14:00 yesterday" })).unwrap_err();
    assert!(wrong.to_string().contains("`14:00 yesterday` is no moment such as `2026-01-14T14:00:00Z`"), "{wrong}");
}

#[test]
fn a_drop_is_told_with_what_coincides_and_that_this_proves_nothing() {
    let told = report(
        Change::Fell,
        1.0,
        &[
            ("2026-01-13 11:20:00", "processing", "events until 11:30 were applied up to 95 s late on average"),
            ("2026-01-13 13:58:00", "change", "scale-down done after 4000 ms, by ana"),
            ("2026-01-13 14:00:00", "stream", "60 throttled requests until 14:05"),
        ],
    )
    .told();
    insta::assert_snapshot!(told.answer, @"Orders fell at 2026-01-13 14:00: 4 per hour until 16:00, 24 in the three hours before; a week earlier 20 after 20. Coinciding, within 15 minutes of it: 13:58 scale-down done after 4000 ms, by ana; 14:00 60 throttled requests until 14:05. That they coincide does not show that one caused the other.");
    assert_eq!(told.notes, ["not asked: stream metrics: cannot ask Azure: no Event Hubs namespace is set"]);
    let table = told.table.unwrap();
    assert_eq!(table.rows.len(), 3);
    assert_eq!(serde_json::to_value(&table.rows[0]).unwrap()[4], false);
    assert_eq!(serde_json::to_value(&table.rows[1]).unwrap()[1], -2);
    assert_eq!(told.data["coinciding"].as_array().unwrap().len(), 2);
}

#[test]
fn of_many_things_the_nearest_are_named_in_their_order() {
    let times: Vec<String> = (0..10).map(|minute| format!("2026-01-13 13:5{minute}:00")).collect();
    let timeline: Vec<(&str, &'static str, &str)> =
        times.iter().map(|time| (time.as_str(), "containers", "x ended")).collect();
    let told = report(Change::Fell, 1.0, &timeline).told();
    assert!(told.answer.contains("within 15 minutes of it: 13:54 x ended; 13:55 x ended;"), "{}", told.answer);
    assert!(told.answer.contains("13:59 x ended; 4 more in the table."), "{}", told.answer);
}

#[test]
fn what_did_not_happen_is_not_explained() {
    let same = report(Change::Fell, 6.0, &[]).told();
    insta::assert_snapshot!(same.answer, @"Orders did not fall by more than chance at 2026-01-13 14:00: 24 per hour until 16:00, 24 in the three hours before; a week earlier 20 after 20. Nothing that is known coincides, within 15 minutes of it.");
    let other = report(Change::Fell, 20.0, &[("2026-01-13 12:00:00", "change", "x")]).told();
    assert!(other.answer.starts_with("Orders did not fall but rose at"), "{}", other.answer);
    assert!(other.answer.ends_with("1 thing further away is in the table."), "{}", other.answer);
}

#[test]
fn a_moment_that_has_not_come_is_refused() {
    let arguments = WhyArguments {
        subject: Subject::Orders,
        at: at("2026-01-14 14:00:00"),
        change: Change::Fell,
        scale: Scale::Hours,
    };
    let failure = Window::new(&arguments, at("2026-01-14 12:00:00")).unwrap_err();
    assert!(failure.message.contains("has not come"), "{failure}");
    for extreme in [NaiveDateTime::MIN, NaiveDateTime::MAX] {
        assert!(Window::new(&WhyArguments { at: extreme, ..arguments.clone() }, at("2026-01-14 12:00:00")).is_err());
    }
    let running = WhyArguments { at: at("2026-01-14 11:00:00"), ..arguments };
    let window = Window::new(&running, at("2026-01-14 12:00:00")).unwrap();
    assert_eq!((window.to, window.points()), (at("2026-01-14 12:00:00"), 16));
}
