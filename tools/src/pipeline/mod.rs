//! The pipeline as a whole: what happened to it around a moment.

pub mod why;

pub use why::{Why, WhyArguments};
