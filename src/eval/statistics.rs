//! Proportions with how sure they are.

use serde::Serialize;

/// The quantile of the normal distribution for a 95 % interval.
const Z: f64 = 1.959_963_984_540_054;

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Proportion {
    /// How many were so.
    pub hits: u32,
    /// Of how many.
    pub of: u32,
}

impl Proportion {
    /// Counts one more.
    pub fn count(&mut self, hit: bool) {
        self.of += 1;
        self.hits += u32::from(hit);
    }

    /// The fraction; `None` of none.
    pub fn fraction(self) -> Option<f64> {
        (self.of > 0).then(|| f64::from(self.hits) / f64::from(self.of))
    }

    /// The 95 % score interval (Wilson, 1927) as fractions, from low to high; `None` of none.
    pub fn interval(self) -> Option<(f64, f64)> {
        let n = f64::from(self.of);
        let p = self.fraction()?;
        let square = Z * Z;
        let centre = (p + square / (2.0 * n)) / (1.0 + square / n);
        let half = Z / (1.0 + square / n) * (p * (1.0 - p) / n + square / (4.0 * n * n)).sqrt();
        Some(((centre - half).max(0.0), (centre + half).min(1.0)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::Proportion;

    fn check(hits: u32, of: u32, low: f64, high: f64) {
        let (a, b) = Proportion { hits, of }.interval().unwrap();
        assert!((a - low).abs() < 5e-4 && (b - high).abs() < 5e-4, "{hits}/{of}: {a} to {b}");
    }

    #[test]
    fn intervals_are_those_of_the_published_tables() {
        // Newcombe 1998, table I, method 3 (score, without continuity correction).
        check(81, 263, 0.2553, 0.3662);
        check(15, 148, 0.0624, 0.1605);
        check(0, 20, 0.0, 0.1611);
        check(1, 29, 0.0061, 0.1718);
        check(29, 29, 0.8830, 1.0);
    }

    #[test]
    fn nothing_counted_has_no_interval() {
        assert_eq!(Proportion::default().interval(), None);
        assert_eq!(Proportion::default().fraction(), None);
    }
}
