#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod comparing;
mod covering;
pub(super) mod judging;
mod mutating;
mod parsing;
mod reporting;
mod seeded;
