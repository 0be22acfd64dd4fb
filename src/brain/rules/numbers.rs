//! Numbers and number words.

use oms_tools::numbers::written;

/// A count: `3`, `three`, `twenty four`; with the tokens taken.
pub(super) fn small(words: &[&str]) -> Option<(usize, u32)> {
    let first = *words.first()?;
    if first.bytes().all(|byte| byte.is_ascii_digit()) {
        return first.parse().ok().filter(|count| *count <= 100_000).map(|count| (1, count));
    }
    match first {
        "hundred" => Some((1, 100)),
        "dozen" => Some((1, 12)),
        _ => written(words),
    }
}

/// A number as plain decimal text: `1000` of `1k`, `1,000`, `1 thousand`; `1500000` of `1.5 million`.
pub(super) fn decimal(words: &[&str]) -> Option<(usize, String)> {
    let first = *words.first()?;
    // "1.000" is a thousand: no amount of this shop has three decimals.
    let grouped = first.split('.').skip(1).all(|part| part.len() == 3)
        && first.contains('.')
        && first.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && !first.starts_with('0');
    let plain = if grouped { first.replace('.', "") } else { first.replace(',', "") };
    let (digits, power) = match plain.strip_suffix('k').or_else(|| plain.strip_suffix('m')) {
        Some(digits) if first.ends_with('k') => (digits, 3),
        Some(digits) => (digits, 6),
        None => (plain.as_str(), 0),
    };
    let is_number = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && digits.matches('.').count() <= 1
        && digits.len() <= 15;
    if is_number {
        let scale = match words.get(1) {
            Some(&("thousand" | "k")) => 3,
            Some(&("million" | "m")) => 6,
            _ => 0,
        };
        return Some((1 + usize::from(scale > 0), scaled(digits, power + scale)));
    }
    let (taken, count) = small(words)?;
    let scale = match words.get(taken) {
        Some(&"hundred") => 2,
        Some(&"thousand") => 3,
        Some(&"million") => 6,
        _ => 0,
    };
    Some((taken + usize::from(scale > 0), scaled(&count.to_string(), scale)))
}

/// A percentage as fraction: `0.01` of `1`.
pub(super) fn hundredth(decimal: &str) -> String {
    let (whole, part) = decimal.split_once('.').unwrap_or((decimal, ""));
    let padded = format!("{whole:0>3}");
    let (left, right) = padded.split_at(padded.len() - 2);
    tidy(&format!("{left}.{right}{part}"))
}

fn scaled(digits: &str, power: usize) -> String {
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let part = format!("{part:0<power$}");
    let (inside, rest) = part.split_at(power);
    tidy(&format!("{whole}{inside}.{rest}"))
}

fn tidy(decimal: &str) -> String {
    let trimmed = if decimal.contains('.') { decimal.trim_end_matches('0').trim_end_matches('.') } else { decimal };
    let whole = trimmed.trim_start_matches('0');
    if whole.is_empty() || whole.starts_with('.') { format!("0{whole}") } else { whole.to_owned() }
}
