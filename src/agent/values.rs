//! The known values of a database, kept on disk by a fingerprint of the data: reading them anew costs more than a question.

use std::fs;
use std::path::PathBuf;

use oms_tools::Failure;
use oms_tools::orders::OrdersDatabase;
use oms_tools::orders::semantic::SemanticModel;
use oms_tools::orders::values::{self, KnownValues};

use crate::config::Config;
use crate::database::{hash, private_folder, write_private};

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
    let known = KnownValues::read_with(database, model).await?;
    keep(&file, &known, config);
    Ok(known)
}

fn file(config: &Config, fingerprint: &str) -> PathBuf {
    // The words for countries come with the program or with the configured model.
    let of = format!("{}\n{:?}\n{fingerprint}", env!("CARGO_PKG_VERSION"), config.model_folder());
    config.paths.cache.join("values").join(format!("{:016x}.json", hash(of.as_bytes())))
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
