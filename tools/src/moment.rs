//! Moments in the arguments of calls. Models and scripts write them in every ISO form, `2026-01-14T14:00:00Z` above all; each
//! means UTC here, and an offset is counted out.

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use serde::{Deserialize, Deserializer, de::Error};

/// The forms without an offset.
const FORMS: [&str; 4] = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"];

/// For `deserialize_with` of a moment.
pub(crate) fn utc<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveDateTime, D::Error> {
    read(&String::deserialize(deserializer)?).map_err(Error::custom)
}

/// For `deserialize_with` of a moment that may be left out; with `default`.
pub(crate) fn utc_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveDateTime>, D::Error> {
    Option::<String>::deserialize(deserializer)?.map(|text| read(&text).map_err(Error::custom)).transpose()
}

/// A moment as UTC; a date alone is its midnight.
fn read(text: &str) -> Result<NaiveDateTime, String> {
    let text = text.trim();
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return Ok(instant.naive_utc());
    }
    let bare = text.strip_suffix(['Z', 'z']).unwrap_or(text);
    FORMS
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(bare, form).ok())
        .or_else(|| NaiveDate::parse_from_str(bare, "%Y-%m-%d").ok().map(Into::into))
        .ok_or_else(|| format!("`{text}` is no moment such as `2026-01-14T14:00:00Z`"))
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn every_iso_form_is_a_moment_in_utc() {
        for (text, expected) in [
            ("2026-01-14T14:00:00", "2026-01-14 14:00:00"),
            ("2026-01-14T14:00:00Z", "2026-01-14 14:00:00"),
            ("2026-01-14T14:00:00.250Z", "2026-01-14 14:00:00.250"),
            ("2026-01-14 14:00:00", "2026-01-14 14:00:00"),
            ("2026-01-14 14:00:00Z", "2026-01-14 14:00:00"),
            ("2026-01-14T14:00", "2026-01-14 14:00:00"),
            ("2026-01-14T14:00Z", "2026-01-14 14:00:00"),
            ("2026-01-14T16:00:00+02:00", "2026-01-14 14:00:00"),
            (" 2026-01-14 ", "2026-01-14 00:00:00"),
        ] {
            assert_eq!(read(text).map(|moment| moment.to_string()).as_deref(), Ok(expected), "{text}");
        }
        for text in [
            "",
            "Z",
            "yesterday",
            "14:00",
            "2026-13-01",
            "2026-02-30T00:00:00Z",
            "2026-01-14T25:00:00Z",
            "2026-01-14T14:00:00ZZ",
        ] {
            assert!(read(text).is_err_and(|why| why.contains("is no moment such as")), "{text}");
        }
    }
}
