//! What can be deployed: as configured, else what is found beside the working folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use oms_tools::deploy::{AnsiblePlace, ComposePlace, Deploy, DeployEnvironment, DeploySettings, TerraformPlace};

use super::Config;

/// Variables that programs see where they are set; the settings add to them.
const USUAL_VARIABLES: &[&str] = &[
    "HOME",
    "USER",
    "SSH_AUTH_SOCK",
    "XDG_RUNTIME_DIR",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "DOCKER_CONFIG",
    "AZURE_CONFIG_DIR",
    "TF_CLI_CONFIG_FILE",
    "TF_PLUGIN_CACHE_DIR",
    "TF_VAR_subscription_id",
    "TF_VAR_suffix",
    "ANSIBLE_VAULT_PASSWORD_FILE",
    "ARM_CLIENT_ID",
    "ARM_CLIENT_SECRET",
    "ARM_SUBSCRIPTION_ID",
    "ARM_TENANT_ID",
    "ARM_USE_OIDC",
    "ARM_USE_MSI",
];

impl Config {
    /// What can be deployed, and how.
    pub fn deploy(&self) -> Arc<Deploy> {
        let given = &self.settings.deploy;
        let here = std::env::current_dir().unwrap_or_default();
        let root = root_of(&here);
        let mut environments = given.environments.clone();
        if environments.is_empty()
            && let Some(root) = &root
        {
            environments = found_below(root);
        }
        for environment in environments.values_mut() {
            environment.below(&here);
        }
        let names = USUAL_VARIABLES.iter().map(|name| (*name).to_owned()).chain(given.variables.iter().cloned());
        let variables = names.filter_map(|name| std::env::var(&name).ok().map(|value| (name, value))).collect();
        let usual = DeploySettings::default();
        let mut data_stores = usual.data_stores;
        data_stores.extend(given.data_stores.iter().cloned());
        Deploy::new(DeploySettings {
            environments,
            usual: given.usual.clone(),
            folders: given.folders.iter().map(|folder| here.join(folder)).collect(),
            programs: given.programs.clone(),
            path: self.environment.path.clone().unwrap_or_default(),
            variables,
            state: self.paths.state.join("deploy"),
            docker_host: given
                .docker_host
                .clone()
                .or_else(|| std::env::var("DOCKER_HOST").ok())
                .filter(|host| !host.is_empty())
                .or_else(|| root.as_deref().and_then(engine_of)),
            azure_commands: given.azure_commands.clone().unwrap_or(usual.azure_commands),
            data_stores,
            limit: Duration::from_secs_f64(given.minutes * 60.0),
            grace: usual.grace,
        })
    }

    /// The socket of the engine that watching asks: the one that is set, or, where nothing stands there, that of the stack
    /// that `make up` brought up beside the working folder.
    pub fn engine_socket(&self) -> PathBuf {
        let given = &self.settings.pipeline.engine;
        if given.exists() {
            return given.clone();
        }
        let root = root_of(&std::env::current_dir().unwrap_or_default());
        let found = root.as_deref().and_then(engine_of);
        found.and_then(|host| Some(PathBuf::from(host.strip_prefix("unix://")?))).unwrap_or_else(|| given.clone())
    }
}

/// The folder, here or above, that has the project's own infra/ or compose/.
fn root_of(here: &Path) -> Option<PathBuf> {
    let own = |folder: &&Path| {
        folder.join("compose/compose.yaml").is_file() || folder.join("infra/terraform/environments").is_dir()
    };
    here.ancestors().find(own).map(Path::to_path_buf)
}

/// The environments of infra/ and compose/: one for each variables file, and `local` for this machine's containers.
fn found_below(root: &Path) -> BTreeMap<String, DeployEnvironment> {
    let mut found: BTreeMap<String, DeployEnvironment> = BTreeMap::new();
    let terraform = root.join("infra/terraform");
    for name in names(&terraform.join("environments"), ".tfvars") {
        let backend = PathBuf::from(format!("environments/{name}.backend.hcl"));
        let place = TerraformPlace {
            var_files: vec![format!("environments/{name}.tfvars").into()],
            backend_files: Some(backend).filter(|file| terraform.join(file).is_file()).into_iter().collect(),
            folder: terraform.clone(),
            ..TerraformPlace::default()
        };
        found.entry(name).or_default().terraform = Some(place);
    }
    let ansible = root.join("infra/ansible");
    if ansible.join("deploy.yml").is_file() {
        for name in names(&ansible.join("inventory"), "") {
            let file = PathBuf::from("inventory").join(&name).join("hosts.yml");
            if ansible.join(&file).is_file() {
                let place = AnsiblePlace {
                    folder: ansible.clone(),
                    inventory: file,
                    playbook: "deploy.yml".into(),
                    vault_password_file: None,
                };
                found.entry(name).or_default().ansible = Some(place);
            }
        }
    }
    let compose = root.join("compose");
    if compose.join("compose.yaml").is_file() {
        let state = root.join(".oms/stack");
        let mut variables = settings_of(&state.join("oms.env"));
        variables.insert("OMS_SECRETS".to_owned(), state.join("secrets").display().to_string());
        found.entry("local".to_owned()).or_default().compose = Some(ComposePlace {
            folder: compose,
            files: vec!["compose.yaml".into()],
            profiles: vec!["local".to_owned()],
            project: Some("oms".to_owned()),
            variables,
        });
    }
    found
}

/// The names of a folder's entries without their ending, in order.
fn names(folder: &Path, ending: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.file_name().to_string_lossy().strip_suffix(ending).map(str::to_owned))
        .filter(|name| !name.starts_with('.') && !name.is_empty())
        .collect();
    names.sort();
    names
}

/// What scripts/pipeline/up.sh wrote of the stack: `OMS_IMAGE_APP='...'`, one a line. What is Compose's own is the place's.
fn settings_of(file: &Path) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    text.lines()
        .filter_map(|line| line.split_once('='))
        .filter(|(name, _)| !name.starts_with(['#', ' ']) && !name.starts_with("COMPOSE_") && *name != "DOCKER_HOST")
        .map(|(name, value)| (name.to_owned(), value.trim_matches(['"', '\'']).to_owned()))
        .collect()
}

/// The engine of the stack: the one that scripts/pipeline/up.sh started, where it still runs, else the one that it was made
/// on, which oms.env names.
fn engine_of(root: &Path) -> Option<String> {
    let state = root.join(".oms/stack");
    let started = std::fs::read_to_string(state.join("engine")).ok().and_then(|run| {
        let socket = Path::new(run.trim()).join("docker.sock");
        socket.exists().then(|| format!("unix://{}", socket.display()))
    });
    started.or_else(|| entry_of(&state.join("oms.env"), "DOCKER_HOST").filter(|host| !host.is_empty()))
}

/// One entry of a file that scripts/pipeline/up.sh wrote.
fn entry_of(file: &Path, wanted: &str) -> Option<String> {
    let text = std::fs::read_to_string(file).ok()?;
    let value = text.lines().filter_map(|line| line.split_once('=')).find(|(name, _)| *name == wanted)?.1;
    Some(value.trim_matches(['"', '\'']).to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test that cannot go on ends

    use super::*;

    #[test]
    fn the_project_s_own_folders_are_found() {
        let root = root_of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
        let found = found_below(&root);
        assert_eq!(found.keys().collect::<Vec<_>>(), ["dev", "example", "local", "prod"]);
        let dev = found["dev"].terraform.as_ref().unwrap();
        assert_eq!(dev.backend_files, [PathBuf::from("environments/dev.backend.hcl")]);
        assert!(found["local"].compose.is_some() && found["example"].ansible.is_some());
        assert_eq!(root_of(Path::new("/")), None);
        assert!(found_below(Path::new("/nowhere")).is_empty());
    }

    #[test]
    fn what_the_stack_was_prepared_with_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("oms.env");
        std::fs::write(&file, "# a=b\nOMS_IMAGE_APP='a/b:c'\nCOMPOSE_PROJECT_NAME='oms'\nx\n").unwrap();
        assert_eq!(settings_of(&file), BTreeMap::from([("OMS_IMAGE_APP".to_owned(), "a/b:c".to_owned())]));
    }

    #[test]
    fn the_stack_s_engine_is_the_one_that_it_was_made_on() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join(".oms/stack");
        std::fs::create_dir_all(&state).unwrap();
        assert_eq!(engine_of(folder.path()), None);
        std::fs::write(state.join("oms.env"), "OMS_STACK='oms'\nDOCKER_HOST='tcp://10.0.0.1:2376'\n").unwrap();
        assert_eq!(engine_of(folder.path()).as_deref(), Some("tcp://10.0.0.1:2376"));
        // One that has ended is none.
        let run = folder.path().join("run");
        std::fs::write(state.join("engine"), format!("{}\n", run.display())).unwrap();
        assert_eq!(engine_of(folder.path()).as_deref(), Some("tcp://10.0.0.1:2376"));
        std::fs::create_dir_all(&run).unwrap();
        std::fs::write(run.join("docker.sock"), "").unwrap();
        assert_eq!(engine_of(folder.path()), Some(format!("unix://{}", run.join("docker.sock").display())));
    }
}
