//! `oms audit`: the record of what the tools did. Exit 0 where the chain holds, 1 where it is broken.

use chrono::NaiveDateTime;
use oms_tools::Failure;
use oms_tools::audit::{Filter, Record, Verified};
use serde_json::json;

use super::{FAILED, Status, print};
use crate::cli::AuditCommand;
use crate::config::Config;
use crate::reply::clean;

pub(super) fn run(config: &Config, command: AuditCommand) -> Result<Status, Failure> {
    match command {
        AuditCommand::Verify { json } => verify(config, json),
        AuditCommand::Show { since, until, tool, person, change, json } => {
            let utc = |time: Option<NaiveDateTime>| time.map(|time| time.and_utc());
            let filter = Filter { since: utc(since), until: utc(until), tool, person, change };
            let mut failed = None;
            config.record().show(&filter, |record| {
                let line = if json { serde_json::to_string(record).unwrap_or_default() } else { spoken(record) };
                if failed.is_none() {
                    failed = print(&line).err();
                }
            })?;
            failed.map_or(Ok(0), Err)
        }
    }
}

fn verify(config: &Config, json: bool) -> Result<Status, Failure> {
    let record = config.record();
    let file = record.file().display().to_string();
    let verified = record.verify()?;
    let (text, object, status) = match verified {
        Verified::Whole { lines: 0 } => {
            (format!("there is no record yet in `{file}`"), json!({ "whole": true, "lines": 0 }), 0)
        }
        Verified::Whole { lines } => (
            format!("{lines} lines in `{file}`, each following the one before"),
            json!({ "whole": true, "lines": lines }),
            0,
        ),
        Verified::Broken { line, cause } => (
            format!("line {line} of `{file}` is broken: {cause}"),
            json!({ "whole": false, "line": line, "cause": cause }),
            FAILED,
        ),
    };
    print(&if json { object.to_string() } else { text })?;
    Ok(status)
}

fn spoken(record: &Record) -> String {
    let at = record.at.format("%Y-%m-%d %H:%M:%S%.3fZ");
    clean::one_line(&format!("{:>5}  {at}  {:10}  {}", record.number, record.principal, record.event.spoken()))
}
