//! Hours of the day: "after 6 pm", "between 18:00 and 22:00", "from 9am to noon". Whole hours only; what is not a whole hour
//! stays unread.

use super::point::skip_the;

/// The hours that the words name, with the number of tokens that they take.
pub(super) fn hours(words: &[&str]) -> Option<(usize, Vec<u32>)> {
    match *words.first()? {
        "after" => clock(&words[1..]).map(|(taken, from)| (1 + taken, between(from, 24))),
        "before" | "until" | "till" => clock(&words[1..]).map(|(taken, to)| (1 + taken, between(0, to))),
        "at" => clock(&words[1..]).map(|(taken, hour)| (1 + taken, vec![hour % 24])),
        "between" => run(&words[1..], &["and", "to"]).map(|(taken, hours)| (1 + taken, hours)),
        "from" => run(&words[1..], &["to", "until", "till", "through"]).map(|(taken, hours)| (1 + taken, hours)),
        _ => run(words, &["to", "until", "till"]),
    }
    .filter(|(_, hours)| !hours.is_empty())
}

/// "9 to 11 am", "18:00 and 22:00".
fn run(words: &[&str], joins: &[&str]) -> Option<(usize, Vec<u32>)> {
    let join = words.iter().take(4).position(|word| joins.contains(word)).filter(|at| *at > 0)?;
    let (taken, end) = clock(&words[join + 1..])?;
    let start = match clock(&words[..join]) {
        Some((length, start)) if length == join => start,
        // "between 2 and 4 pm": the half of the day is said once.
        None if join == 1 => {
            let start: u32 = words[0].parse().ok().filter(|hour| (1..=12).contains(hour))?;
            if end > 12 && start % 12 + 12 < end { start % 12 + 12 } else { start }
        }
        _ => return None,
    };
    Some((join + 1 + taken, between(start, end)))
}

/// From one hour up to another, over midnight where the second comes first.
fn between(from: u32, to: u32) -> Vec<u32> {
    if from == to {
        return Vec::new();
    }
    if from < to { (from..to).collect() } else { (from..24).chain(0..to).collect() }
}

/// A time of the clock in minutes after midnight, 0 to 1440: what [`clock`] reads, and `22:30`, `7:15 am`.
pub(super) fn minute(words: &[&str]) -> Option<(usize, i64)> {
    if let Some((taken, hour)) = clock(words) {
        return Some((taken, i64::from(hour) * 60));
    }
    let (hour, minutes) = words.first()?.split_once(':')?;
    let minutes: i64 = minutes.parse().ok().filter(|number| (0..60).contains(number) && minutes.len() == 2)?;
    let hour: i64 = hour.parse().ok().filter(|hour| (0..24).contains(hour))?;
    let half = words.get(1).copied().unwrap_or_default();
    match half {
        "am" | "pm" if (1..=12).contains(&hour) => {
            Some((2, (hour % 12 + if half == "pm" { 12 } else { 0 }) * 60 + minutes))
        }
        _ => Some((1, hour * 60 + minutes)),
    }
}

/// An hour of the clock, 0 to 24: `6 pm`, `6pm`, `18:00`, `noon`.
fn clock(words: &[&str]) -> Option<(usize, u32)> {
    let lead = skip_the(words);
    let first = *words.get(lead)?;
    let half = |number: &str, half: &str| {
        let hour: u32 = number.parse().ok().filter(|hour| (1..=12).contains(hour))?;
        match half {
            "am" => Some(hour % 12),
            "pm" => Some(hour % 12 + 12),
            _ => None,
        }
    };
    match first {
        "noon" | "midday" => return Some((lead + 1, 12)),
        "midnight" => return Some((lead + 1, 24)),
        _ => {}
    }
    if let Some((hour, minutes)) = first.split_once(':') {
        let whole = minutes.len() == 2 && minutes.bytes().all(|digit| digit == b'0');
        let after = words.get(lead + 1).copied().unwrap_or_default();
        if let Some(hour) = half(hour, after).filter(|_| whole) {
            return Some((lead + 2, hour));
        }
        return hour.parse().ok().filter(|hour| whole && *hour <= 24).map(|hour| (lead + 1, hour));
    }
    if let Some(at) = first.find(|sign: char| !sign.is_ascii_digit()).filter(|at| *at > 0) {
        let (number, rest) = first.split_at(at);
        return half(number, rest).map(|hour| (lead + 1, hour));
    }
    let after = words.get(lead + 1).copied()?;
    half(first, after).map(|hour| (lead + 2, hour))
}

#[cfg(test)]
mod tests {
    use super::hours;

    fn check(text: &str, expected: Option<(usize, &[u32])>) {
        let words: Vec<&str> = text.split(' ').collect();
        assert_eq!(hours(&words), expected.map(|(taken, hours)| (taken, hours.to_vec())), "{text}");
    }

    #[test]
    fn whole_hours_are_read_and_nothing_else() {
        check("after 6 pm", Some((3, &[18, 19, 20, 21, 22, 23])));
        check("before 3am by channel", Some((2, &[0, 1, 2])));
        check("between 18:00 and 21:00 yesterday", Some((4, &[18, 19, 20])));
        check("between 2 and 4 pm", Some((5, &[14, 15])));
        check("between 11 and 1 pm", Some((5, &[11, 12])));
        check("from 10 pm to 2 am", Some((6, &[22, 23, 0, 1])));
        check("from 9am to noon", Some((4, &[9, 10, 11])));
        check("between 10 pm and midnight", Some((5, &[22, 23])));
        check("at 18:00", Some((2, &[18])));
        check("after 18:30", None);
        check("after 25 pm", None);
        check("between 2 and 4", None);
        check("after 6", None);
        check("from 2024 to 2025", None);
        check("after midnight", None);
    }
}
