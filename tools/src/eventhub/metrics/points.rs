//! Azure Monitor's answer, read into dense series while it is parsed: a day by the minute of many hubs is a million points,
//! and as a tree of values it would be a hundred megabytes.

use std::borrow::Cow;
use std::fmt;

use chrono::NaiveDateTime;
use serde::Deserialize;
use serde::de::{Deserializer, Error as _, SeqAccess, Visitor};

/// The moments of a series: `count` of them, `step` seconds apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Axis {
    /// Seconds since 1970.
    pub(super) start: i64,
    pub(super) step: u32,
    pub(super) count: usize,
}

impl Axis {
    /// The moments from `from` until `to`, both on the grain.
    pub(super) fn new(from: NaiveDateTime, to: NaiveDateTime, step: u32) -> Self {
        let (start, end) = (from.and_utc().timestamp(), to.and_utc().timestamp());
        let count = (end - start).max(0).unsigned_abs().div_ceil(u64::from(step));
        Self { start, step, count: usize::try_from(count).unwrap_or(0) }
    }

    fn place(&self, seconds: i64) -> Option<usize> {
        let place = usize::try_from(seconds.checked_sub(self.start)?).ok()? / usize::try_from(self.step).ok()?;
        (place < self.count).then_some(place)
    }

    /// A moment by its place.
    pub(super) fn moment(&self, place: usize) -> NaiveDateTime {
        let seconds = i64::try_from(place).unwrap_or(0).saturating_mul(i64::from(self.step));
        chrono::DateTime::from_timestamp(self.start.saturating_add(seconds), 0).unwrap_or_default().naive_utc()
    }
}

/// One series as it came.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Series {
    /// The hub; none: not split.
    pub(super) hub: Option<String>,
    /// One value a moment; NaN where none came.
    pub(super) values: Vec<f64>,
}

/// One metric as it came.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Answered {
    /// Azure Monitor's name.
    pub(super) name: String,
    pub(super) series: Vec<Series>,
    /// Why it alone could not be answered, inside an answer that succeeded.
    pub(super) error: Option<String>,
}

/// Reads an answer. Fails where it is none.
pub(super) fn read(body: &[u8], axis: Axis) -> Result<Vec<Answered>, serde_json::Error> {
    let body: Body<'_> = serde_json::from_slice(body)?;
    Ok(body.value.into_iter().map(|metric| metric.answered(axis)).collect())
}

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    value: Vec<OneMetric<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OneMetric<'a> {
    #[serde(borrow)]
    name: Named<'a>,
    #[serde(borrow, default)]
    timeseries: Vec<OneSeries<'a>>,
    #[serde(borrow, default)]
    error_code: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    error_message: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct OneSeries<'a> {
    #[serde(borrow, default)]
    metadatavalues: Vec<Dimension<'a>>,
    #[serde(default)]
    data: Points,
}

#[derive(Deserialize)]
struct Named<'a> {
    #[serde(borrow)]
    value: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Dimension<'a> {
    #[serde(borrow)]
    name: Named<'a>,
    #[serde(borrow)]
    value: Cow<'a, str>,
}

/// One point. A request asks for one aggregation, so one of these is there, or none: a gap.
#[derive(Deserialize)]
struct Point<'a> {
    #[serde(rename = "timeStamp", borrow)]
    moment: Cow<'a, str>,
    #[serde(default)]
    total: Option<f64>,
    #[serde(default)]
    average: Option<f64>,
    #[serde(default)]
    minimum: Option<f64>,
    #[serde(default)]
    maximum: Option<f64>,
}

/// Moments with their values; gaps are left out.
#[derive(Default)]
struct Points(Vec<(i64, f64)>);

impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Gather)
    }
}

struct Gather;

impl<'de> Visitor<'de> for Gather {
    type Value = Points;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the points of a series")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Points, A::Error> {
        let mut points = Vec::new();
        while let Some(point) = access.next_element::<Point<'de>>()? {
            let value = point.total.or(point.average).or(point.maximum).or(point.minimum);
            if let Some(value) = value.filter(|value| value.is_finite()) {
                let seconds = seconds(&point.moment).ok_or_else(|| A::Error::custom("a time stamp is no time"))?;
                points.push((seconds, value));
            }
        }
        Ok(Points(points))
    }
}

impl OneMetric<'_> {
    fn answered(self, axis: Axis) -> Answered {
        let failed = self.error_code.filter(|code| !code.is_empty() && !code.eq_ignore_ascii_case("Success"));
        let error = failed.map(|code| match self.error_message {
            Some(message) if !message.is_empty() => message.into_owned(),
            _ => code.into_owned(),
        });
        let series = self.timeseries.into_iter().map(|series| series.dense(axis)).collect();
        Answered { name: self.name.value.into_owned(), series, error }
    }
}

impl OneSeries<'_> {
    fn dense(self, axis: Axis) -> Series {
        let hub =
            self.metadatavalues.into_iter().find(|dimension| dimension.name.value.eq_ignore_ascii_case("EntityName"));
        let mut values = vec![f64::NAN; axis.count];
        for (seconds, value) in self.data.0 {
            // A point outside of what was asked for is not ours to show.
            if let Some(slot) = axis.place(seconds).and_then(|place| values.get_mut(place)) {
                *slot = value;
            }
        }
        Series { hub: hub.map(|dimension| dimension.value.into_owned()), values }
    }
}

/// Seconds since 1970 of `2026-01-01T00:05:00Z`, read by hand: a million of them come with one answer.
fn seconds(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let number = |from: usize, to: usize| {
        bytes
            .get(from..to)?
            .iter()
            .try_fold(0_i64, |number, byte| byte.is_ascii_digit().then(|| number * 10 + i64::from(byte - b'0')))
    };
    let plain = bytes.len() == 20 && bytes[19] == b'Z' && bytes[4] == b'-' && bytes[10] == b'T' && bytes[13] == b':';
    if !plain {
        // Another form of ISO 8601, such as one with fractions.
        return chrono::DateTime::parse_from_rfc3339(text).ok().map(|moment| moment.timestamp());
    }
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    // Days from the civil calendar: years begin in March, so that the leap day is the last of its year.
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    Some(days * 86_400 + hour * 3600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use super::*;

    fn axis(count: usize) -> Axis {
        Axis { start: seconds("2026-01-01T00:00:00Z").unwrap(), step: 60, count }
    }

    #[test]
    fn time_stamps_are_read_as_chrono_reads_them() {
        for text in [
            "1970-01-01T00:00:00Z",
            "2024-02-29T23:59:59Z",
            "2026-01-14T12:00:00Z",
            "2000-03-01T00:00:00Z",
            "2100-12-31T06:07:08Z",
            "2026-01-14T12:00:00.000Z",
            "2026-01-14T13:00:00+01:00",
        ] {
            let known = chrono::DateTime::parse_from_rfc3339(text).unwrap().timestamp();
            assert_eq!(seconds(text), Some(known), "{text}");
        }
        for text in
            ["", "2026-01-14", "2026-13-01T00:00:00Z", "2026-01-01T24:00:00Z", "2026x01-14T12:00:00Z1", "ÄÄÄÄÄÄÄÄÄÄ"]
        {
            assert_eq!(seconds(text), None, "{text}");
        }
    }

    #[test]
    fn an_answer_of_the_published_shape_is_read_with_its_gaps() {
        let body = br#"{"cost":59,"timespan":"2026-01-01T00:00:00Z/2026-01-01T00:05:00Z","interval":"PT1M",
            "namespace":"microsoft.eventhub/namespaces","resourceregion":"westeurope","value":[
            {"id":"x","type":"Microsoft.Insights/metrics","name":{"value":"IncomingMessages","localizedValue":"Incoming"},
             "unit":"Count","errorCode":"Success","timeseries":[{"metadatavalues":[{"name":{"value":"entityname",
             "localizedValue":"entityname"},"value":"orders"}],"data":[{"timeStamp":"2026-01-01T00:00:00Z","total":42.0},
             {"timeStamp":"2026-01-01T00:01:00Z"},{"timeStamp":"2026-01-01T00:09:00Z","total":7}]}]},
            {"id":"y","type":"Microsoft.Insights/metrics","name":{"value":"Size"},"unit":"Bytes","timeseries":[],
             "errorCode":"InvalidSeries","errorMessage":"no such series"}]}"#;
        let answered = read(body, axis(3)).unwrap();
        assert_eq!(answered[0].series[0].hub.as_deref(), Some("orders"));
        let values = &answered[0].series[0].values;
        assert_eq!((values[0], values[1].is_nan(), values[2].is_nan(), values.len()), (42.0, true, true, 3));
        assert_eq!(answered[0].error, None);
        assert_eq!(answered[1].error.as_deref(), Some("no such series"));
    }

    #[test]
    fn what_is_no_answer_is_told_and_nothing_panics() {
        for body in [
            "",
            "[]",
            "{}",
            "null",
            r#"{"value":[{}]}"#,
            r#"{"value":[{"name":{"value":"Size"},"timeseries":[{"data":[{"timeStamp":"soon","total":1}]}]}]}"#,
        ] {
            assert!(read(body.as_bytes(), axis(3)).is_err(), "{body}");
        }
        let huge = r#"{"value":[{"name":{"value":"Size"},"timeseries":[{"data":[{"timeStamp":"9999-12-31T23:59:59Z","total":1e308},
            {"timeStamp":"0000-01-01T00:00:00Z","average":-1}]}]}]}"#;
        let answered = read(huge.as_bytes(), axis(2)).unwrap();
        assert!(answered[0].series[0].values.iter().all(|value| value.is_nan()));
    }
}
