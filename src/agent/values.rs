//! The known values of a database, kept on disk by a fingerprint of the data: reading them anew costs more than a question.

use std::fs;
use std::path::PathBuf;

use oms_tools::Failure;
use oms_tools::orders::OrdersDatabase;
use oms_tools::orders::semantic::SemanticModel;
use oms_tools::orders::values::{self, KnownValues};

use crate::config::Config;
use crate::database::{private_folder, write_private};

/// The values of this database, from the cache where its data has not changed.
pub(super) async fn known(
    database: &OrdersDatabase,
    model: &SemanticModel,
    config: &Config,
) -> Result<KnownValues, Failure> {
    let fingerprint = values::fingerprint(database).await?;
    let file = file(config, &fingerprint);
    if let Some(known) = fs::read(&file).ok().and_then(|text| serde_json::from_slice(&text).ok()) {
        return Ok(known);
    }
    let known = KnownValues::read(database, model).await?;
    keep(&file, &known, config);
    Ok(known)
}

fn file(config: &Config, fingerprint: &str) -> PathBuf {
    let plain: String = fingerprint.chars().filter(char::is_ascii_alphanumeric).take(64).collect();
    config.paths.cache.join("values").join(format!("{plain}.json"))
}

/// A cache that cannot be written costs time and nothing else.
fn keep(file: &std::path::Path, known: &KnownValues, config: &Config) {
    let folder = config.paths.cache.join("values");
    let written = private_folder(&folder).and_then(|()| {
        // One shop's values at a time: older fingerprints are of no more use.
        for old in fs::read_dir(&folder).into_iter().flatten().flatten() {
            fs::remove_file(old.path()).ok();
        }
        write_private(file, &serde_json::to_vec(known).unwrap_or_default())
    });
    if let Err(failure) = written {
        tracing::debug!(%failure, "the known values are not kept");
    }
}
