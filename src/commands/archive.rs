//! `oms archive`: captured events against the database. Exit 0 where they agree, 1 where they do not or cannot be read.

use std::sync::Arc;

use oms_tools::Failure;
use oms_tools::archive::ArchiveVerify;

use super::{FAILED, Status, print, waiting::Waiting};
use crate::cli::ArchiveCommand;
use crate::config::Config;
use crate::database;

pub(super) async fn run(config: &Config, command: ArchiveCommand) -> Result<Status, Failure> {
    let ArchiveCommand::Verify { source, json } = command;
    let source = source.as_deref().or(config.settings.archive.source.as_deref()).ok_or_else(|| {
        Failure::invalid("cannot verify the archive: it is not known where it is")
            .hint("oms archive verify FOLDER, or the URL of a container, with a SAS token or, where `[azure]` signs in, without")
            .hint("or set `archive.source` in oms.toml")
    })?;
    let source = crate::azure::archive(config, source)?;
    let database = Arc::new(database::open(config, &Waiting::of(config)).await?);
    let report = ArchiveVerify::new(database.clone(), source).verify().await;
    database.close().await;
    let report = report?;
    if json {
        let mut object = serde_json::to_value(&report).unwrap_or_default();
        object["agrees"] = report.agrees().into();
        print(&object.to_string())?;
    } else {
        print(report.to_string().trim_end())?;
    }
    Ok(if report.agrees() { 0 } else { FAILED })
}
