//! What an answer was: right, wrong without a word, or held back.

use serde::Serialize;

use super::suite::Expected;
use crate::reply::Status;

/// The class of an outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The expected rows and status.
    Right,
    /// Answered, and not with the right rows, or answered what must not be answered. The worst one: nobody notices.
    SilentWrong,
    /// The right rows from another tool than the expected one.
    WrongTool,
    /// Asked back where an answer, or a refusal, was expected.
    AskedBackNeedlessly,
    /// Refused where an answer, or a question back, was expected.
    WronglyRefused,
    /// The turn failed.
    Error,
    /// The suite's own gold SQL failed or was cut: a defect of the suite, and of no brain.
    GoldBroken,
}

impl Verdict {
    /// The word for people and machines.
    pub fn word(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::SilentWrong => "silent_wrong",
            Self::WrongTool => "wrong_tool",
            Self::AskedBackNeedlessly => "asked_back_needlessly",
            Self::WronglyRefused => "wrongly_refused",
            Self::Error => "error",
            Self::GoldBroken => "gold_broken",
        }
    }

    /// Judges by status alone; `None` where an answer was expected and came, so that its rows decide.
    pub fn of_status(expected: Expected, accepted: &[Expected], status: Status) -> Option<Self> {
        let came = match status {
            Status::Answered => Expected::Answered,
            Status::Clarification => Expected::Clarification,
            Status::Refused => Expected::Refused,
            Status::Error => Expected::Error,
            Status::ApprovalRequired => Expected::ApprovalRequired,
        };
        if came == Expected::Answered {
            return (expected != Expected::Answered && !accepted.contains(&came)).then_some(Self::SilentWrong);
        }
        Some(match came {
            _ if came == expected || accepted.contains(&came) => Self::Right,
            Expected::Clarification => Self::AskedBackNeedlessly,
            Expected::Refused | Expected::ApprovalRequired => Self::WronglyRefused,
            _ => Self::Error,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Expected as E, Status as S, Verdict as V};

    #[test]
    fn a_status_that_was_not_expected_is_never_right() {
        let check = |expected, accepted: &[E], status, verdict| {
            assert_eq!(V::of_status(expected, accepted, status), verdict, "{expected:?} {accepted:?} {status:?}");
        };
        check(E::Answered, &[], S::Answered, None);
        check(E::Answered, &[], S::Clarification, Some(V::AskedBackNeedlessly));
        check(E::Answered, &[], S::Refused, Some(V::WronglyRefused));
        check(E::Answered, &[], S::Error, Some(V::Error));
        check(E::Answered, &[], S::ApprovalRequired, Some(V::WronglyRefused));
        check(E::Refused, &[], S::Refused, Some(V::Right));
        check(E::Refused, &[], S::Answered, Some(V::SilentWrong));
        check(E::Refused, &[], S::Clarification, Some(V::AskedBackNeedlessly));
        check(E::Refused, &[E::Clarification], S::Clarification, Some(V::Right));
        check(E::Refused, &[E::Clarification], S::Error, Some(V::Error));
        check(E::Clarification, &[], S::Clarification, Some(V::Right));
        check(E::Clarification, &[], S::Answered, Some(V::SilentWrong));
        check(E::Clarification, &[], S::Refused, Some(V::WronglyRefused));
        check(E::Clarification, &[E::Answered], S::Answered, None);
        check(E::ApprovalRequired, &[], S::ApprovalRequired, Some(V::Right));
        check(E::ApprovalRequired, &[], S::Answered, Some(V::SilentWrong));
        check(E::ApprovalRequired, &[], S::Refused, Some(V::WronglyRefused));
        check(E::Error, &[], S::Error, Some(V::Right));
        check(E::Error, &[], S::Answered, Some(V::SilentWrong));
    }
}
