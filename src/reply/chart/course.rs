//! Figures along time that a tool told: one line, or a small line for each series. The highest point of a column is what is
//! drawn of it, so that no peak is lost however long the range is.

use std::fmt::Write;

use oms_tools::told::{Chart, ChartSeries};
use oms_tools::{Cell, Failure, Unit};

use super::sparks::{ASCII_LEVELS, GAP, LEVELS};
use super::{Point, line, steps};
use crate::reply::surface::Surface;
use crate::reply::{clean, figures};

/// Series that are drawn at most; the table has the rest.
const MOST_SERIES: usize = 32;

/// A series by its name.
type Named = (String, Vec<Point>);

/// The chart in characters; `None` where there is no room, or no figure.
pub fn draw(chart: &Chart, surface: &Surface) -> Option<String> {
    let body = match chart.series.as_slice() {
        [] => None,
        [series] => line::draw(&points(chart, series), series.unit, surface),
        several => lines(chart, several, surface),
    }?;
    let title = clean::fit(&chart.title, surface.width, surface.ellipsis());
    Some(format!("{}\n{body}", surface.strong(&title)))
}

/// The series of a chart that a file can show, with their common unit.
///
/// Fails where they have no common unit.
pub(super) fn series(chart: &Chart) -> Result<(Vec<Named>, Unit), Failure> {
    let unit = chart.series.first().map(|series| series.unit).ok_or_else(super::no_chart)?;
    if chart.series.iter().any(|series| series.unit != unit) {
        return Err(Failure::invalid("cannot draw these series on one axis: they have different units")
            .hint("ask for one of them: \"incoming messages over the last hour\""));
    }
    Ok((chart.series.iter().map(|series| (series.name.clone(), points(chart, series))).collect(), unit))
}

fn points(chart: &Chart, series: &ChartSeries) -> Vec<Point> {
    let point = |(place, value): (usize, &Option<f64>)| Point {
        label: moment(chart, place),
        value: *value,
        shown: value.map_or_else(String::new, |value| figures::figure(&Cell::Number(value), series.unit)),
    };
    series.values.iter().enumerate().map(point).collect()
}

fn moment(chart: &Chart, place: usize) -> String {
    let seconds = i64::try_from(place).unwrap_or(0).saturating_mul(i64::from(chart.step));
    let moment = chart.start.checked_add_signed(chrono::Duration::seconds(seconds)).unwrap_or(chart.start);
    let form = if chart.step.is_multiple_of(86_400) { "%Y-%m-%d" } else { "%Y-%m-%d %H:%M" };
    moment.format(form).to_string()
}

fn lines(chart: &Chart, several: &[ChartSeries], surface: &Surface) -> Option<String> {
    let shown = &several[..several.len().min(MOST_SERIES)];
    let count = shown.iter().map(|series| series.values.len()).max().filter(|count| *count > 1)?;
    let peak = |series: &ChartSeries| series.values.iter().flatten().copied().reduce(f64::max);
    let floor = |series: &ChartSeries| series.values.iter().flatten().copied().reduce(f64::min);
    let peaks: Vec<String> = shown
        .iter()
        .map(|series| peak(series).map_or_else(String::new, |peak| figures::figure(&Cell::Number(peak), series.unit)))
        .collect();
    let names: Vec<String> = shown
        .iter()
        .map(|series| clean::fit(&clean::one_line(&series.name), (surface.width / 3).max(6), surface.ellipsis()))
        .collect();
    let name_width = names.iter().map(|name| clean::width(name)).max().unwrap_or(0);
    let peak_width = peaks.iter().map(|peak| clean::width(peak)).max().unwrap_or(0);
    let room = surface.width.checked_sub(name_width + peak_width + 4).filter(|room| *room >= 2)?;
    let step = count.div_ceil(room);
    let all = |pick: &dyn Fn(&ChartSeries) -> Option<f64>| shown.iter().filter_map(pick).collect::<Vec<f64>>();
    let top = all(&peak).into_iter().reduce(f64::max)?;
    let bottom = all(&floor).into_iter().reduce(f64::min)?;
    let levels = if surface.unicode { LEVELS } else { ASCII_LEVELS };
    let mut text = String::new();
    for ((series, name), peak_shown) in shown.iter().zip(&names).zip(&peaks) {
        // Zero is on every scale, so that a flat course at the top does not look like one at the bottom.
        let (low, high) = if chart.one_scale {
            (bottom.min(0.0), top.max(0.0))
        } else {
            (floor(series).unwrap_or(0.0).min(0.0), peak(series).unwrap_or(0.0).max(0.0))
        };
        let course: String = series
            .values
            .chunks(step)
            .map(|column| {
                let highest = column.iter().flatten().copied().reduce(f64::max);
                highest.map_or(GAP, |value| levels[steps(value - low, high - low, levels.len() - 1)])
            })
            .collect();
        let pad = " ".repeat(name_width - clean::width(name));
        let indent = " ".repeat(peak_width - clean::width(peak_shown));
        let _ = writeln!(text, "{name}{pad}  {}  {indent}{peak_shown}", surface.accent(&course));
    }
    let mut legend = format!("{} to {}; figures: the highest of each", moment(chart, 0), moment(chart, count - 1));
    if step > 1 {
        let _ = write!(legend, "; a column is the highest of {step} points");
    }
    if !chart.one_scale {
        legend.push_str("; each has a scale of its own");
    }
    if several.len() > shown.len() {
        let _ = write!(legend, "; {} more in the table", several.len() - shown.len());
    }
    text.push_str(&surface.faint(&clean::wrap(&legend, surface.width)));
    Some(text)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use super::*;

    fn chart(one_scale: bool, series: &[(&str, Unit, Vec<Option<f64>>)]) -> Chart {
        let series = series.iter().map(|(name, unit, values)| ChartSeries {
            name: (*name).to_owned(),
            unit: *unit,
            values: values.clone(),
        });
        let start = chrono::NaiveDate::from_ymd_opt(2026, 1, 14).unwrap().and_hms_opt(11, 0, 0).unwrap();
        Chart { title: "Incoming messages".into(), start, step: 60, one_scale, series: series.collect() }
    }

    fn rising(count: u32, scale: f64) -> Vec<Option<f64>> {
        (0..count).map(|value| Some(f64::from(value) * scale)).collect()
    }

    #[test]
    fn several_series_on_one_scale_and_on_their_own() {
        let mut gapped = rising(8, 1.0);
        gapped[3] = None;
        let series = [("orders", Unit::Count, rising(8, 10.0)), ("payments", Unit::Count, gapped)];
        insta::assert_snapshot!(draw(&chart(true, &series), &Surface::terminal(60, false)).unwrap(), @r"
        Incoming messages
        orders    ▁▂▃▄▅▆▇█  70
        payments  ▁▁▁ ▁▂▂▂   7
        2026-01-14 11:00 to 2026-01-14 11:07; figures: the highest
        of each
        ");
        insta::assert_snapshot!(draw(&chart(false, &series), &Surface::terminal(60, false)).unwrap(), @r"
        Incoming messages
        orders    ▁▂▃▄▅▆▇█  70
        payments  ▁▂▃ ▅▆▇█   7
        2026-01-14 11:00 to 2026-01-14 11:07; figures: the highest
        of each; each has a scale of its own
        ");
    }

    #[test]
    fn a_peak_of_one_minute_in_a_day_is_seen_at_any_width() {
        let mut day = vec![Some(1.0); 1440];
        day[700] = Some(900.0);
        let both = [("orders", Unit::Count, day.clone()), ("quiet", Unit::Count, vec![Some(1.0); 1440])];
        for width in [20, 40, 80, 200] {
            let surface = Surface::terminal(width, false);
            let drawn = draw(&chart(true, &both), &surface).unwrap();
            assert!(drawn.lines().nth(1).unwrap().contains('█'), "{drawn}");
            assert!(drawn.lines().all(|line| clean::width(line) <= width), "{drawn}");
            let alone = draw(&chart(true, &both[..1]), &surface).unwrap();
            assert!(alone.lines().all(|line| clean::width(line) <= width), "{alone}");
        }
    }

    #[test]
    fn what_cannot_be_drawn_is_not() {
        let surface = Surface::terminal(80, false);
        let gaps = ("orders", Unit::Count, vec![None; 5]);
        for series in [vec![], vec![gaps.clone()], vec![gaps.clone(), gaps]] {
            assert_eq!(draw(&chart(true, &series), &surface), None);
        }
        let units = [("a", Unit::Count, rising(3, 1.0)), ("b", Unit::Bytes, rising(3, 1.0))];
        assert!(series(&chart(false, &units)).is_err_and(|failure| failure.message.contains("different units")));
    }
}
