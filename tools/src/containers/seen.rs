//! A container as it was seen.

use std::collections::{BTreeMap, BTreeSet};

use bollard::models::{ContainerInspectResponse, ContainerStatsResponse};
use serde::{Deserialize, Serialize};

use super::engine::{PROJECT, SERVICE};
use crate::process::arguments::is_hidden_sign;

/// One container. Values of its variables are not told; only the comparison with a project's files sees them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Container {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The Compose project that it belongs to.
    pub project: Option<String>,
    /// The service of the project.
    pub service: Option<String>,
    /// The image, as it was named.
    pub image: String,
    /// `running`, `exited`, `restarting`, ...
    pub state: String,
    /// `healthy`, `unhealthy`, `starting`; none: it is not checked.
    pub health: Option<String>,
    /// How it ended, where it has.
    pub exit_code: Option<i64>,
    /// How often the engine started it again.
    pub restarts: i64,
    /// When it was started, `2026-01-14T12:00:00Z`.
    pub started_at: Option<String>,
    /// Whether it was ended for want of memory.
    pub out_of_memory: bool,
    /// `127.0.0.1:8080->80/tcp`.
    pub ports: BTreeSet<String>,
    /// `work:/work`.
    pub volumes: BTreeSet<String>,
    /// Bytes of memory that it uses.
    pub memory_bytes: Option<u64>,
    /// Bytes that it may use.
    pub memory_limit_bytes: Option<u64>,
    /// Seconds of processor time since it was started.
    pub cpu_seconds: Option<f64>,
    /// Processes in it.
    pub processes: Option<u64>,
    /// Compose's hash over the service's settings.
    pub config_hash: Option<String>,
    /// The image's id.
    pub image_id: String,
    /// Its variables with their values.
    #[serde(skip)]
    pub(crate) variables: BTreeMap<String, String>,
}

/// A name of others as it can be shown.
fn clean(text: &str) -> String {
    text.chars().take(300).map(|sign| if is_hidden_sign(sign) { '\u{fffd}' } else { sign }).collect()
}

impl Container {
    pub(crate) fn of(found: &ContainerInspectResponse) -> Self {
        let state = found.state.clone().unwrap_or_default();
        let config = found.config.clone().unwrap_or_default();
        let labels = config.labels.unwrap_or_default();
        let label = |name: &str| labels.get(name).map(|value| clean(value));
        let host = found.host_config.clone().unwrap_or_default();
        let mut ports = BTreeSet::new();
        for (inside, bindings) in host.port_bindings.unwrap_or_default() {
            for binding in bindings.unwrap_or_default() {
                let address = binding.host_ip.unwrap_or_default();
                ports.insert(port(&address, &binding.host_port.unwrap_or_default(), &inside));
            }
        }
        let mounts = found.mounts.iter().flatten().map(|mount| {
            let source = mount.name.clone().or(mount.source.clone()).unwrap_or_default();
            clean(&format!("{source}:{}", mount.destination.clone().unwrap_or_default()))
        });
        let variables = config.env.unwrap_or_default();
        let running = state.running == Some(true);
        Self {
            id: found.id.clone().unwrap_or_default(),
            name: clean(found.name.as_deref().unwrap_or_default().trim_start_matches('/')),
            project: label(PROJECT),
            service: label(SERVICE),
            image: clean(&config.image.unwrap_or_default()),
            state: state.status.map(|status| status.to_string()).unwrap_or_default(),
            health: state
                .health
                .and_then(|health| health.status)
                .map(|status| status.to_string())
                .filter(|status| !status.is_empty() && status != "none"),
            exit_code: state.exit_code.filter(|_| !running),
            restarts: found.restart_count.unwrap_or_default(),
            started_at: state.started_at.filter(|at| !at.starts_with("0001")).map(|at| {
                let seconds = at.split('.').next().unwrap_or_default().trim_end_matches('Z');
                format!("{}Z", clean(seconds))
            }),
            out_of_memory: state.oom_killed == Some(true),
            ports,
            volumes: mounts.collect(),
            config_hash: label("com.docker.compose.config-hash"),
            image_id: found.image.clone().unwrap_or_default(),
            variables: variables
                .iter()
                .map(|one| one.split_once('=').unwrap_or((one, "")))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            ..Self::default()
        }
    }

    pub(crate) fn use_stats(&mut self, stats: &ContainerStatsResponse) {
        if let Some(memory) = &stats.memory_stats {
            // Pages of files can be given up at any time: they are not counted, as `docker stats` does not.
            let files = memory
                .stats
                .as_ref()
                .and_then(|stats| stats.get("inactive_file").or_else(|| stats.get("total_inactive_file")).copied());
            self.memory_bytes = memory.usage.map(|usage| usage.saturating_sub(files.unwrap_or_default()));
            self.memory_limit_bytes = memory.limit;
        }
        let cpu = stats.cpu_stats.as_ref().and_then(|cpu| cpu.cpu_usage.as_ref()).and_then(|usage| usage.total_usage);
        #[allow(clippy::cast_precision_loss)] // nanoseconds, told as seconds
        let seconds = cpu.map(|nanoseconds| nanoseconds as f64 / 1e9);
        self.cpu_seconds = seconds;
        self.processes = stats.pids_stats.as_ref().and_then(|pids| pids.current);
    }

    /// Its state in words: `running, healthy`, `exited with 1`.
    pub fn words(&self) -> String {
        let mut words = self.state.clone();
        if let Some(health) = &self.health {
            words = format!("{words}, {health}");
        }
        match self.exit_code {
            Some(code) if self.state == "exited" => words = format!("exited with {code}"),
            _ => {}
        }
        if self.out_of_memory {
            words.push_str(", out of memory");
        }
        words
    }

    /// Whether it is as it should be.
    pub fn is_well(&self) -> bool {
        self.state == "running" && self.health.as_deref().is_none_or(|health| health == "healthy")
            || self.state == "exited" && self.exit_code == Some(0)
    }
}

/// A published port as it is told and compared.
pub(crate) fn port(address: &str, outside: &str, inside: &str) -> String {
    let address = if address.is_empty() { "0.0.0.0" } else { address };
    clean(&format!("{address}:{outside}->{inside}"))
}
