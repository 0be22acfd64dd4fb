//! Tables of questions and their expected understanding. No database: a catalogue and values of their own.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod asked_back;
mod conversation;
mod fixture;
mod hostile;
mod questions;
mod refused;
mod romance;
mod sentences;
mod times;
mod words;
