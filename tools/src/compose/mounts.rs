//! What a project's resolved file says of ports and of the files that containers are given: they are inputs as much as the
//! file itself. Secrets' files are not among them: what is digested must not tell of them.

use std::path::{Path, PathBuf};

use serde_json::Value;

/// Files that are listed at most.
const MOST_INPUTS: usize = 5_000;
/// Folders within folders that are looked into.
const DEEPEST: usize = 8;

/// The ports that are published on this machine, each with its service.
pub(super) fn ports(resolved: &str) -> Vec<(String, u16, u16)> {
    let project: Value = serde_json::from_str(resolved).unwrap_or_default();
    let mut ports = Vec::new();
    for (name, service) in project["services"].as_object().into_iter().flatten() {
        for port in service["ports"].as_array().into_iter().flatten() {
            let number = |value: &Value| match value {
                Value::String(text) => text.parse().ok(),
                other => other.as_u64().and_then(|number| u16::try_from(number).ok()),
            };
            if let (Some(within), Some(here)) = (number(&port["target"]), number(&port["published"])) {
                ports.push((name.clone(), within, here));
            }
        }
    }
    ports
}

/// The files with those that are mounted and those that hold settings.
pub(super) fn inputs(mut files: Vec<PathBuf>, resolved: &str) -> Vec<PathBuf> {
    let project: Value = serde_json::from_str(resolved).unwrap_or_default();
    let services = || project["services"].as_object().into_iter().flatten().map(|(_, service)| service);
    let binds = services()
        .flat_map(|service| service["volumes"].as_array().into_iter().flatten())
        .filter(|volume| volume["type"] == "bind")
        .filter_map(|volume| volume["source"].as_str());
    let configs =
        project["configs"].as_object().into_iter().flatten().filter_map(|(_, config)| config["file"].as_str());
    for source in binds.chain(configs) {
        collect(Path::new(source), &mut files, 0);
    }
    files.sort();
    files.dedup();
    files
}

fn collect(path: &Path, files: &mut Vec<PathBuf>, depth: usize) {
    if files.len() >= MOST_INPUTS || depth > DEEPEST {
        return;
    }
    if path.is_file() {
        files.push(path.to_path_buf());
    } else if path.is_dir() {
        let mut entries: Vec<PathBuf> =
            std::fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        entries.sort();
        for entry in entries {
            collect(&entry, files, depth + 1);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test that cannot go on ends

    use super::*;

    #[test]
    fn published_ports_and_mounted_files_are_found() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, "").unwrap();
            path
        };
        let (page, routes, secret) = (file("web/a/index.html"), file("routes.yaml"), file("key"));
        let resolved = serde_json::json!({
            "services": { "traefik": {
                "ports": [{ "target": 8443, "published": "9443" }, { "target": 1 }, { "target": 2, "published": "x" }],
                "volumes": [
                    { "type": "bind", "source": folder.path().join("web") },
                    { "type": "volume", "source": "data" },
                ],
            } },
            "configs": { "routes": { "file": routes } },
            "secrets": { "key": { "file": secret } },
        })
        .to_string();
        assert_eq!(ports(&resolved), [("traefik".to_owned(), 8443, 9443)]);
        let found = inputs(vec![PathBuf::from("compose.yaml")], &resolved);
        assert_eq!(found, [routes, page, PathBuf::from("compose.yaml")]);
        assert!(ports("").is_empty() && inputs(Vec::new(), "{").is_empty());
    }
}
