//! Whatever the data: no line of a table or a chart is wider than the terminal, and no control character gets through.

use oms_tools::{Cell, Column, ColumnType, Role, Unit};

use super::fixture::{answered, asked, report, vocabulary};
use crate::reply::surface::Surface;
use crate::reply::table::{self, Rows};
use crate::reply::{chart, clean, terminal};

/// A small generator of its own (xorshift), so that every run sees the same data.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn text(&mut self) -> String {
        const PIECES: [&str; 14] =
            ["Lamp", " ", "電", "é", "e\u{301}", "👩‍👩‍👧", "\x1b[2J", "\n", "\t", "ﷺ", "wide", "-", "\u{202e}", "Ω"];
        (0..self.below(20)).map(|_| PIECES[usize::try_from(self.below(14)).unwrap()]).collect()
    }

    fn cell(&mut self, kind: ColumnType) -> Cell {
        let value = self.next();
        match (value % 7, kind) {
            (0, _) => Cell::Null,
            (_, ColumnType::Integer) => Cell::Integer(i128::from(value) - i128::from(u64::MAX / 2)),
            (1, ColumnType::Decimal) => Cell::Decimal("0.00".into()),
            (_, ColumnType::Decimal) => {
                let sign = if value.is_multiple_of(5) { "-" } else { "" };
                Cell::Decimal(format!("{sign}{}.{:02}", value >> self.below(64), value % 100))
            }
            #[allow(clippy::cast_precision_loss)]
            (_, ColumnType::Number) => Cell::Number(value as f64 / 1e18 - 5.0),
            _ => Cell::Text(self.text()),
        }
    }
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    let mut charts = 0;
    for case in 0..200_u64 {
        let width = usize::try_from(20 + random.below(160)).unwrap();
        let grains = ["month", "day", "ship_country", "product"];
        let dimensions: Vec<&str> =
            (0..random.below(3)).map(|_| grains[usize::try_from(random.below(4)).unwrap()]).collect();
        let mut columns: Vec<Column> = dimensions
            .iter()
            .map(|name| Column {
                name: (*name).to_owned(),
                kind: ColumnType::String,
                role: Role::Dimension,
                unit: Unit::Plain,
            })
            .collect();
        for index in 0..=random.below(6) {
            let kinds = [
                (ColumnType::Integer, Unit::Count),
                (ColumnType::Decimal, Unit::Euro),
                (ColumnType::Number, Unit::Percent),
                (ColumnType::Number, Unit::Days),
            ];
            let (kind, unit) = kinds[usize::try_from(random.below(4)).unwrap()];
            columns.push(Column { name: format!("figure_{index}"), kind, role: Role::Measure, unit });
        }
        let rows = (0..random.below(130))
            .map(|row| {
                columns
                    .iter()
                    .map(|column| match column.name.as_str() {
                        "month" | "day" => Cell::Text(format!("2025-{row:04}")),
                        _ => random.cell(column.kind),
                    })
                    .collect()
            })
            .collect();
        let report = report(Some(asked(&["figure_0"], &dimensions)), columns, rows);
        for unicode in [true, false] {
            let surface = Surface { unicode, ..Surface::terminal(width, false) };
            let chart = chart::draw(&report, &vocabulary(), &surface);
            charts += u32::from(chart.is_some());
            let whole = terminal::render(&answered(report.clone()), &vocabulary(), &surface);
            let table = table::render(&report.table, &vocabulary(), &surface, Rows::All);
            for line in [chart.unwrap_or_default(), whole, table].iter().flat_map(|text| text.lines()) {
                assert!(clean::width(line) <= width, "case {case}: {} > {width}: {line}", clean::width(line));
                assert!(!line.chars().any(char::is_control), "case {case}: {line:?}");
                assert!(unicode || !line.contains(['█', '─', '│', '▁']), "case {case}: {line}");
            }
        }
    }
    assert!(charts > 80, "the cases must reach the charts: {charts}");
}
