#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod comparing;
mod covering;
mod judging;
mod mutating;
mod parsing;
mod reporting;
mod seeded;
