//! `oms health`: the pipeline's verdict. Exit 0 healthy, 6 degraded, 7 down, 8 unknown.

use std::fmt::Write;
use std::sync::Arc;

use oms_tools::Failure;
use oms_tools::pipeline::{HealthReport, PipelineHealth, Verdict};

use super::{Status, print};
use crate::config::Config;
use crate::pipeline::{database_as_it_is, pipeline};

pub(super) async fn run(config: &Config, json: bool) -> Result<Status, Failure> {
    let health = PipelineHealth::new(Arc::new(pipeline(config)?), database_as_it_is(config));
    let report = health.look().await;
    if json {
        print(&serde_json::to_string(&report).unwrap_or_default())?;
    } else {
        print(shown(&report).trim_end())?;
    }
    Ok(status(report.verdict))
}

/// The exit status of a verdict.
fn status(verdict: Verdict) -> Status {
    match verdict {
        Verdict::Healthy => 0,
        Verdict::Degraded => 6,
        Verdict::Down => 7,
        Verdict::Unknown => 8,
    }
}

/// A line a part, and what to do below it.
fn shown(report: &HealthReport) -> String {
    let mut text = format!("{}\n", report.verdict.word());
    for part in &report.parts {
        writeln!(text, "{:9} {:10} {}", part.verdict.word(), part.part.word(), part.said).ok();
        for hint in &part.hints {
            writeln!(text, "{:21}hint: {hint}", "").ok();
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_verdict_has_its_exit_status() {
        let of = [Verdict::Healthy, Verdict::Degraded, Verdict::Down, Verdict::Unknown].map(status);
        assert_eq!(of, [0, 6, 7, 8]);
    }
}
