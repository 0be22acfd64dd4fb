//! Whole replies as they are shown, one snapshot for each shape and width.

pub(crate) mod fixture;
mod never_too_wide;
mod shown;
mod spoken;
