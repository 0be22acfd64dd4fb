//! Small whole numbers as people write them out: `ten`, `twenty four`, `twenty-four`.

const WORDS: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// The number from 0 to 99 that the first words write out, lower case, with how many words it takes; `None` where they write
/// none.
pub fn written(words: &[&str]) -> Option<(usize, u32)> {
    let first = *words.first()?;
    if let Some((tens, ones)) = first.split_once('-') {
        return Some((1, ten(tens)? + one(ones).filter(|ones| (1..10).contains(ones))?));
    }
    let Some(tens) = ten(first) else { return one(first).map(|number| (1, number)) };
    Some(match words.get(1).and_then(|word| one(word)).filter(|ones| (1..10).contains(ones)) {
        Some(ones) => (2, tens + ones),
        None => (1, tens),
    })
}

/// The number from 0 to 19 that a word is, lower case.
pub fn one(word: &str) -> Option<u32> {
    WORDS.iter().position(|name| *name == word).and_then(|at| u32::try_from(at).ok())
}

/// The ten from 20 to 90 that a word is, lower case.
pub fn ten(word: &str) -> Option<u32> {
    TENS.iter().position(|name| *name == word).and_then(|at| u32::try_from(at * 10 + 20).ok())
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn numbers_that_are_written_out() {
        for (text, expected) in [
            ("zero", Some((1, 0))),
            ("ten", Some((1, 10))),
            ("ten throughput units", Some((1, 10))),
            ("nineteen", Some((1, 19))),
            ("twenty", Some((1, 20))),
            ("twenty four units", Some((2, 24))),
            ("twenty-four", Some((1, 24))),
            ("twenty ten", Some((1, 20))),
            ("ninety nine", Some((2, 99))),
            ("twenty-", None),
            ("twenty-ten", None),
            ("one-off", None),
            ("-", None),
            ("10", None),
            ("units ten", None),
            ("", None),
        ] {
            let words: Vec<&str> = text.split(' ').collect();
            assert_eq!(written(&words), expected, "{text}");
        }
        assert_eq!(written(&[]), None);
    }
}
