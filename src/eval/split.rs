//! Which questions may be looked at while the rules are tuned, and which are only counted.
//!
//! The part is drawn by a hash of the id, so that adding a question moves no other one, and nobody chooses.

use serde::Serialize;

/// A part of the questions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Split {
    /// Every question.
    #[default]
    All,
    /// The two thirds that rules are tuned on.
    Tuned,
    /// The third that is only counted: its misses are not listed one by one.
    Counted,
}

impl Split {
    /// Whether the case with this id belongs to the part.
    pub fn takes(self, id: &str) -> bool {
        match self {
            Self::All => true,
            Self::Tuned => !is_counted(id),
            Self::Counted => is_counted(id),
        }
    }

    /// The part's name on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Tuned => "tuned",
            Self::Counted => "counted",
        }
    }

    /// The part with this name.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::All, Self::Tuned, Self::Counted].into_iter().find(|split| split.word() == word)
    }
}

/// Whether the case with this id is in the third that is only counted.
pub fn is_counted(id: &str) -> bool {
    // FNV-1a, 64 bits (the IETF draft's constants), folded so that every bit counts.
    let hash = id
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    ((hash >> 32) ^ hash) % 3 == 0
}
