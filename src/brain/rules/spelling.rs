//! Typing errors in single words, so that phrases are found: "yesturday", "avrage ordr value". Must not touch a word that
//! means something as it is.

use super::lexicon::{self, ENGLISH};
use super::tokens::{Token, stem};
use super::vocabulary::Vocabulary;

const TIMES: [&str; 31] = [
    "yesterday",
    "today",
    "week",
    "weeks",
    "month",
    "months",
    "quarter",
    "quarters",
    "year",
    "years",
    "weekend",
    "weekends",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "christmas",
];

/// Words that the grammar of times and numbers reads by itself, and everyday words that are near to one of the grammar's: no
/// typing errors.
const OTHERS: &str = "\
    since past previous prior preceding current before after during until till through thru onwards onward ahead later \
    earlier early late start beginning begin begins middle half halves ends ending final closing latter next coming \
    black cyber boxing easter thanksgiving valentine valentines halloween eve noon midnight morning afternoon evening \
    night nights tonight lunch hour hours minute minutes second seconds weekday weekdays weekends daytime season spring \
    summer autumn fall winter decade century fortnight \
    zero three four five seven eight nine eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen \
    twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million dozen couple \
    third fourth fifth sixth seventh eighth ninth tenth once twice thrice times \
    forget scratch nevermind oops meant should would could might shall want wants wish hope hoping \
    prize prizes sails sale weak weaker moth mouth mount hose house horse mother father other others another rather \
    either weather whether where there their these those which while white whole whose words world worth write wrong \
    paint pain pair pail rain train brain grain gain plain mail email emails tail tails fail failed fails \
    cast coast cost costs host hosts most post posted posts past pest test tests best rest nest west east least \
    stick stack stuck stock sock shock clock block \
    tickets ticket tracker tickers staff stuff skill skills chill bills fill fills hill \
    leave leaves live lives love loves move moves cave cover covers \
    shop shops ship ships chip chips step steps stop stops \
    brand bread bead lead leads read reads road load loads \
    order older elder border owner owners \
    planet plans plan plane plate place placed plaza \
    trail trails trial trials email phone phones stone tone \
    quality quantity equity county country counter counting \
    appreciated asap asked audit balance board boss budget calendar call cannot cheap complaints consignment context \
    correction danke dates deck even favour fridays gracias grazie greetings heya hiya hola jeans lines meeting \
    mentioned merci midday mondays newsletter nope obrigada obrigado piece presentation process quicker regards review \
    rgds rolling saturday saturdays sept sheet sincerely slide slides standup sunday sundays thursday thursdays tomorrow \
    topic trailing transaction tuesday tuesdays tyvm back send urgent wait warm wednesday wednesdays weekend xmas trailing rolling";

/// Whether a word is an everyday one that is no typing error for one of the grammar's.
pub(super) fn is_english(word: &str) -> bool {
    static WORDS: std::sync::LazyLock<std::collections::HashSet<&str>> =
        std::sync::LazyLock::new(|| ENGLISH.split_whitespace().collect());
    WORDS.contains(word) || lexicon::is_word(word)
}

/// Whether one may be the other with a typing error. Of four letters one that is another is a quarter of the word: "fare" is
/// no Faro and "pain" not paid; letters that changed places, or one too few or too many, are errors there too.
pub(super) fn is_plausible(word: &str, meant: &str) -> bool {
    let sorted = |text: &str| {
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        letters
    };
    let (word, meant) = (sorted(word), sorted(meant));
    word.len() != 4 || meant.len() != 4 || word == meant
}

/// The tokens with the words of time corrected, and what the person is told.
pub(super) fn corrected(mut tokens: Vec<Token>, vocabulary: &Vocabulary) -> (Vec<Token>, Vec<String>) {
    let mut told = Vec::new();
    for token in &mut tokens {
        let letters = token.text.chars().count();
        if !(4..=12).contains(&letters)
            || !token.text.bytes().all(|byte| byte.is_ascii_lowercase())
            || TIMES.contains(&token.text.trim_end_matches('s'))
            || TIMES.contains(&token.text.as_str())
            || vocabulary.is_known_word(&token.stem)
            || OTHERS.split(' ').any(|word| word == token.text)
            || is_english(&token.text)
        {
            continue;
        }
        let allowed = if letters < 7 { 1 } else { 2 };
        let near = TIMES
            .iter()
            .filter(|time| time.as_bytes()[0] == token.text.as_bytes()[0] && time.len().abs_diff(letters) <= 2)
            .map(|time| (strsim::damerau_levenshtein(&token.text, time), *time))
            .filter(|(distance, _)| *distance <= allowed)
            .min();
        let Some((_, time)) = near else {
            let abbreviated =
                || vocabulary.abbreviated(&token.text, &TIMES).or_else(|| vocabulary.abbreviated(&token.stem, &TIMES));
            if let Some(word) = vocabulary.meant(&token.stem).map(str::to_owned).or_else(abbreviated) {
                let plural = token.text.ends_with('s') && !token.stem.ends_with('s') && !word.ends_with('s');
                token.text = if plural { format!("{word}s") } else { word };
                told.push(format!("read `{}` as {}", token.raw, token.text));
                token.stem = stem(&token.text);
            }
            continue;
        };
        told.push(format!("read `{}` as {time}", token.raw));
        time.clone_into(&mut token.text);
        token.stem = stem(time);
    }
    (tokens, told)
}
