//! The nearest right word for a wrong one.

/// The candidates that are near to a name, nearest first; at most three.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = name.to_lowercase().replace([' ', '-'], "_");
    let mut near: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter_map(|candidate| {
            let other = candidate.to_lowercase();
            let distance = strsim::damerau_levenshtein(&wanted, &other);
            let bound = 1 + wanted.chars().count() / 4;
            let part = wanted.len() > 3 && (other.contains(&wanted) || wanted.contains(&other) && other.len() > 3);
            if distance <= bound {
                Some((distance, candidate))
            } else if part {
                Some((bound + distance, candidate))
            } else {
                None
            }
        })
        .collect();
    near.sort_by_key(|(distance, _)| *distance);
    near.dedup_by_key(|(_, candidate)| *candidate);
    near.into_iter().take(3).map(|(_, candidate)| candidate).collect()
}

/// "did you mean `revenue`?", or the whole list where nothing is near.
pub fn suggestion<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> String {
    match nearest(name, candidates.clone())[..] {
        [] => {
            let all: Vec<&str> = candidates.into_iter().collect();
            format!("the names are {}", all.join(", "))
        }
        [one] => format!("did you mean `{one}`?"),
        [ref first @ .., last] => {
            let first: Vec<String> = first.iter().map(|name| format!("`{name}`")).collect();
            format!("did you mean {} or `{last}`?", first.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_what_is_near() {
        let names = ["revenue", "orders", "refunds", "open_orders", "transit_time"];
        let check = |name: &str, expected: &[&str]| assert_eq!(nearest(name, names), expected, "{name}");
        check("revnue", &["revenue"]);
        check("Refund", &["refunds"]);
        check("transit time", &["transit_time"]);
        check("order", &["orders", "open_orders"]);
        check("weather", &[]);
    }
}
