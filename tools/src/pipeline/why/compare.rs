//! Counts before and after a moment: how much they differ, and whether that is more than chance does.

use serde::Serialize;

/// How many standard deviations a difference must be to be told as one.
const TOLD: f64 = 2.0;

/// A count over some time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Rate {
    /// How many.
    pub count: f64,
    /// In how many seconds.
    pub seconds: f64,
}

impl Rate {
    /// How many in so many seconds.
    pub fn per(self, seconds: f64) -> f64 {
        if self.seconds > 0.0 { self.count * seconds / self.seconds } else { 0.0 }
    }
}

/// Before and after.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Compared {
    /// Before the moment.
    pub before: Rate,
    /// From the moment on.
    pub after: Rate,
}

impl Compared {
    /// Splits a course at a place, with the seconds before and after it: the last point may not be over yet.
    pub(super) fn split(course: &[f64], place: usize, seconds: (f64, f64)) -> Self {
        let (before, after) = course.split_at(place.min(course.len()));
        let rate = |part: &[f64], seconds| Rate { count: part.iter().sum(), seconds };
        Self { before: rate(before, seconds.0), after: rate(after, seconds.1) }
    }

    /// The difference in standard deviations of two counts of independent events; below zero: fewer after than before.
    pub fn deviations(&self) -> f64 {
        let (before, after) = (self.before, self.after);
        if before.seconds <= 0.0 || after.seconds <= 0.0 {
            return 0.0;
        }
        // With no event on one side the variance of that side is that of one.
        let variance = before.count.max(1.0) / before.seconds.powi(2) + after.count.max(1.0) / after.seconds.powi(2);
        (after.count / after.seconds - before.count / before.seconds) / variance.sqrt()
    }

    /// Fewer than before, by more than chance.
    pub fn fell(&self) -> bool {
        self.deviations() <= -TOLD
    }

    /// More than before, by more than chance.
    pub fn rose(&self) -> bool {
        self.deviations() >= TOLD
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_told_only_where_it_is_more_than_chance() {
        for (course, fell, rose) in [
            (vec![12.0, 12.0, 12.0, 2.0, 2.0], true, false),
            (vec![2.0, 2.0, 2.0, 12.0, 12.0], false, true),
            (vec![3.0, 2.0, 3.0, 2.0, 2.0], false, false),
            (vec![0.0, 0.0, 0.0, 0.0, 0.0], false, false),
            (vec![50.0, 50.0, 50.0, 0.0, 0.0], true, false),
            (vec![], false, false),
        ] {
            let compared = Compared::split(&course, 3, (2700.0, 1800.0));
            assert_eq!((compared.fell(), compared.rose()), (fell, rose), "{course:?}");
        }
    }

    #[test]
    fn rates_are_of_the_time_that_was_looked_at() {
        let compared = Compared::split(&[3.0, 3.0, 3.0, 3.0, 1.0], 4, (3600.0, 900.0));
        assert!((compared.before.per(3600.0) - 12.0).abs() < 1e-9);
        assert!((compared.after.per(3600.0) - 4.0).abs() < 1e-9);
        assert!((Rate::default().per(3600.0)).abs() < 1e-9);
        // Five minutes of a quarter of an hour: nothing has fallen.
        let running = Compared::split(&[30.0, 30.0, 30.0, 10.0], 3, (2700.0, 300.0));
        assert!(!running.fell() && (running.after.per(3600.0) - 120.0).abs() < 1e-9);
        // Nothing is known of afterwards.
        assert!(!Compared::split(&[30.0, 30.0, 30.0], 3, (2700.0, 0.0)).fell());
    }
}
