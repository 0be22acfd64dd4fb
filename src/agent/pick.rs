//! Which of the offered readings an answer like "1" or "the second one" picks.

/// The place of the picked choice, from 0; `None` where the text picks none of `count` choices.
pub(super) fn picked(text: &str, count: usize) -> Option<usize> {
    let words: Vec<String> = text
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .filter(|word| {
            !matches!(
                word.as_str(),
                "the" | "one" | "option" | "number" | "choice" | "please" | "reading" | "take" | "i" | "mean" | "meant"
            )
        })
        .collect();
    // "one" alone is a number, "the one" nothing.
    let words =
        if words.is_empty() && text.trim().eq_ignore_ascii_case("one") { vec!["first".to_owned()] } else { words };
    let [word] = words.as_slice() else { return None };
    let place = match word.as_str() {
        "first" | "1st" => 1,
        "second" | "2nd" | "two" => 2,
        "third" | "3rd" | "three" => 3,
        "fourth" | "4th" | "four" => 4,
        "fifth" | "5th" | "five" => 5,
        "last" => count,
        other => other.parse().ok()?,
    };
    (1..=count).contains(&place).then(|| place - 1)
}

#[cfg(test)]
mod tests {
    use super::picked;

    #[test]
    fn picks() {
        for (text, expected) in [
            ("1", Some(0)),
            ("2.", Some(1)),
            ("the second", Some(1)),
            ("the second one, please", Some(1)),
            ("one", Some(0)),
            ("option 3", Some(2)),
            ("the last one", Some(2)),
            ("(2)", Some(1)),
            ("4", None),
            ("0", None),
            ("-1", Some(0)),
            ("the one", None),
            ("", None),
            ("revenue", None),
            ("1 2", None),
            ("second quarter revenue", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(picked(text, 3), expected, "{text}");
        }
    }
}
