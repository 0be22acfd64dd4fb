//! The semantic model of a run: the built-in one, or the files of a folder that the settings name.

use std::fs;
use std::path::Path;

use oms_tools::Failure;
use oms_tools::orders::semantic::SemanticModel;

use crate::config::Config;

/// Loads the model. Fails with file, line, what is wrong and the nearest right word.
pub fn semantic_model(config: &Config) -> Result<SemanticModel, Failure> {
    match config.model_folder() {
        None => SemanticModel::load(),
        Some(folder) => SemanticModel::load_from(&files(folder)?),
    }
}

/// The `*.yaml` files of a folder with their texts, by name.
fn files(folder: &Path) -> Result<Vec<(String, String)>, Failure> {
    let cannot = |path: &Path, error: &std::io::Error| {
        Failure::invalid(format!("cannot read the semantic model `{}`: {}", path.display(), error.kind()))
            .hint("check `orders.model` in oms.toml, or leave it out")
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| cannot(folder, &error))? {
        let path = entry.map_err(|error| cannot(folder, &error))?.path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            let text = fs::read_to_string(&path).map_err(|error| cannot(&path, &error))?;
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.push((name, text));
        }
    }
    files.sort();
    Ok(files)
}
