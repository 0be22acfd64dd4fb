//! A project's files against its containers. Pure: both are given.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::containers::Container;
use crate::containers::port;

/// What would happen to a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ServiceAction {
    /// Made: it has no container.
    Create,
    /// Its containers are made anew.
    Recreate,
    /// Its containers are there and stand still.
    Start,
    /// Its containers are of no service any more.
    Remove,
    /// As it is.
    Keep,
}

impl ServiceAction {
    /// The word for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Create => "created",
            Self::Recreate => "recreated",
            Self::Start => "started",
            Self::Remove => "removed",
            Self::Keep => "kept",
        }
    }
}

/// One service against its containers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceChange {
    /// Its name.
    pub service: String,
    /// What would happen to it.
    pub action: ServiceAction,
    /// The image before and after, where it changes.
    pub image: Option<(String, String)>,
    /// Ports that are published anew.
    pub ports_added: Vec<String>,
    /// Ports that are not published any more.
    pub ports_removed: Vec<String>,
    /// Names of variables that are set anew.
    pub variables_added: Vec<String>,
    /// Names of variables with another value. Values are not told.
    pub variables_changed: Vec<String>,
    /// Names of variables that are not set any more.
    pub variables_removed: Vec<String>,
    /// Volumes that are mounted anew.
    pub volumes_added: Vec<String>,
    /// Volumes that are not mounted any more: their data stays, unseen.
    pub volumes_removed: Vec<String>,
    /// Whether something else changed: a command, a limit, a health check.
    pub other: bool,
}

/// What `up` would change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComposeReport {
    /// The project's name.
    pub project: String,
    /// The services, those that change first.
    pub services: Vec<ServiceChange>,
    /// Services that are made.
    pub created: usize,
    /// Services whose containers are made anew: they stand still meanwhile.
    pub recreated: usize,
    /// Services that are started.
    pub started: usize,
    /// Services that are removed.
    pub removed: usize,
}

impl ComposeReport {
    /// Whether nothing would change.
    pub fn is_empty(&self) -> bool {
        self.created + self.recreated + self.started + self.removed == 0
    }
}

/// What the files say, as `compose config --format json` prints it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Project {
    name: String,
    services: BTreeMap<String, Service>,
    volumes: BTreeMap<String, Option<NamedVolume>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NamedVolume {
    name: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Service {
    image: Option<String>,
    environment: BTreeMap<String, Option<Value>>,
    ports: Vec<Value>,
    volumes: Vec<Value>,
}

impl Project {
    /// The project's name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The images that containers of these services have now, whose own variables are no difference.
    pub(super) fn compare(
        &self,
        hashes: &BTreeMap<String, String>,
        running: &[Container],
        own: &BTreeMap<String, Vec<String>>,
        images: &BTreeMap<String, String>,
    ) -> ComposeReport {
        let mut report = ComposeReport { project: self.name.clone(), ..ComposeReport::default() };
        for (name, service) in &self.services {
            let containers: Vec<&Container> =
                running.iter().filter(|one| one.service.as_deref() == Some(name)).collect();
            report.services.push(self.service(name, service, &containers, hashes.get(name), own, images));
        }
        let left: BTreeSet<&str> = running
            .iter()
            .filter_map(|one| one.service.as_deref())
            .filter(|name| !self.services.contains_key(*name))
            .collect();
        report.services.extend(left.into_iter().map(|name| blank(name, ServiceAction::Remove)));
        for change in &report.services {
            match change.action {
                ServiceAction::Create => report.created += 1,
                ServiceAction::Recreate => report.recreated += 1,
                ServiceAction::Start => report.started += 1,
                ServiceAction::Remove => report.removed += 1,
                ServiceAction::Keep => {}
            }
        }
        report.services.sort_by_key(|change| change.action == ServiceAction::Keep);
        report
    }

    fn service(
        &self,
        name: &str,
        service: &Service,
        containers: &[&Container],
        hash: Option<&String>,
        own: &BTreeMap<String, Vec<String>>,
        images: &BTreeMap<String, String>,
    ) -> ServiceChange {
        let mut change = blank(name, ServiceAction::Keep);
        let image = service.image.clone().unwrap_or_else(|| format!("{}-{name}", self.name));
        let Some(seen) = containers.first() else {
            change.action = ServiceAction::Create;
            change.image = Some((String::new(), image));
            change.ports_added = service.ports().into_iter().collect();
            change.variables_added = service.environment.keys().cloned().collect();
            change.volumes_added = self.mounts(service).into_iter().collect();
            return change;
        };
        // An image of the same name may be another one by now.
        let renewed = images.get(&image).is_some_and(|id| !seen.image_id.is_empty() && *id != seen.image_id);
        if seen.image != image {
            change.image = Some((seen.image.clone(), image));
        } else if renewed {
            change.image = Some((image.clone(), format!("{image} (built or pulled anew)")));
        }
        let less =
            |one: &BTreeSet<String>, other: &BTreeSet<String>| one.difference(other).cloned().collect::<Vec<_>>();
        let (ports, mounts) = (service.ports(), self.mounts(service));
        change.ports_added = less(&ports, &seen.ports);
        change.ports_removed = less(&seen.ports, &ports);
        change.volumes_added = less(&mounts, &seen.volumes);
        change.volumes_removed = less(&seen.volumes, &mounts);
        let wanted = service.variables();
        let of_image: BTreeSet<&str> = own
            .get(&seen.image_id)
            .into_iter()
            .flatten()
            .map(|one| one.split_once('=').map_or(one.as_str(), |(name, _)| name))
            .collect();
        for (name, value) in &wanted {
            match seen.variables.get(name) {
                None => change.variables_added.push(name.clone()),
                Some(now) if now != value => change.variables_changed.push(name.clone()),
                Some(_) => {}
            }
        }
        let gone =
            seen.variables.keys().filter(|name| !wanted.contains_key(*name) && !of_image.contains(name.as_str()));
        change.variables_removed = gone.cloned().collect();
        let differs = change != blank(name, ServiceAction::Keep);
        // Compose's own hash decides; what is compared here only says what it is.
        let same_hash = match (hash, &seen.config_hash) {
            (Some(hash), Some(now)) => hash == now,
            _ => !differs,
        };
        change.other = !same_hash && !differs;
        change.action = if !same_hash || renewed {
            ServiceAction::Recreate
        } else if containers.iter().all(|one| one.state != "running") {
            ServiceAction::Start
        } else {
            ServiceAction::Keep
        };
        if change.action == ServiceAction::Keep {
            // What Compose does not count as a difference is none.
            return blank(name, ServiceAction::Keep);
        }
        change
    }

    /// `work:/work`, with volumes by their real names.
    fn mounts(&self, service: &Service) -> BTreeSet<String> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let mounts = service.volumes.iter().filter(|one| one["type"] != "tmpfs").map(|one| {
            let source = text(&one["source"]);
            let named =
                self.volumes.get(&source).and_then(|volume| volume.as_ref()).and_then(|volume| volume.name.clone());
            let source = if one["type"] == "volume" { named.unwrap_or(source) } else { source };
            format!("{source}:{}", text(&one["target"]))
        });
        mounts.collect()
    }
}

impl Service {
    fn ports(&self) -> BTreeSet<String> {
        let ports = self.ports.iter().map(|one| {
            let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let protocol = one["protocol"].as_str().unwrap_or("tcp");
            let outside = if one["published"].is_null() { String::new() } else { text(&one["published"]) };
            port(one["host_ip"].as_str().unwrap_or_default(), &outside, &format!("{}/{protocol}", text(&one["target"])))
        });
        ports.collect()
    }

    /// The variables as a container gets them: a dollar stands twice in the files.
    fn variables(&self) -> BTreeMap<String, String> {
        let set = self.environment.iter().filter_map(|(name, value)| {
            let value = value.as_ref()?;
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            Some((name.clone(), text.replace("$$", "$")))
        });
        set.collect()
    }
}

fn blank(name: &str, action: ServiceAction) -> ServiceChange {
    ServiceChange {
        service: name.to_owned(),
        action,
        image: None,
        ports_added: Vec::new(),
        ports_removed: Vec::new(),
        variables_added: Vec::new(),
        variables_changed: Vec::new(),
        variables_removed: Vec::new(),
        volumes_added: Vec::new(),
        volumes_removed: Vec::new(),
        other: false,
    }
}

/// The service names and hashes of `compose config --hash '*'`.
pub(super) fn hashes(text: &str) -> BTreeMap<String, String> {
    let lines = text.lines().filter_map(|line| line.trim().split_once(' '));
    lines.map(|(name, hash)| (name.to_owned(), hash.trim().to_owned())).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test that cannot go on ends

    use super::*;

    const CONFIG: &str = include_str!("../../tests/deploy/compose-config.json");
    const CHANGED: &str = include_str!("../../tests/deploy/compose-config-changed.json");
    const HASHES: &str = include_str!("../../tests/deploy/compose-hashes.txt");
    const HASHES_CHANGED: &str = include_str!("../../tests/deploy/compose-hashes-changed.txt");
    const SEEN: &str = include_str!("../../tests/deploy/containers.json");

    fn compare(config: &str, hash: &str, running: &[Container]) -> ComposeReport {
        let project: Project = serde_json::from_str(config).unwrap();
        project.compare(&hashes(hash), running, &BTreeMap::new(), &BTreeMap::new())
    }

    fn seen() -> Vec<Container> {
        let found: Vec<bollard::models::ContainerInspectResponse> = serde_json::from_str(SEEN).unwrap();
        found.iter().map(Container::of).collect()
    }

    #[test]
    fn a_project_that_runs_as_its_files_say_is_kept() {
        let report = compare(CONFIG, HASHES, &seen());
        assert!(report.is_empty(), "{report:#?}");
        assert_eq!((report.project.as_str(), report.services.len()), ("oms-fixture", 2));
    }

    #[test]
    fn what_differs_is_named_and_values_are_not() {
        let report = compare(CHANGED, HASHES_CHANGED, &seen());
        insta::assert_debug_snapshot!(report);
        assert!(!format!("{report:?}").contains("hunter2"));
    }

    #[test]
    fn what_is_missing_stopped_or_left_over_is_told() {
        let report = compare(CONFIG, HASHES, &[]);
        assert_eq!((report.created, report.services[0].action), (2, ServiceAction::Create));
        let mut running = seen();
        running[0].state = "exited".to_owned();
        running[1].service = Some("gone".to_owned());
        let report = compare(CONFIG, HASHES, &running);
        assert_eq!((report.created, report.started, report.removed, report.recreated), (1, 1, 1, 0));
        // A hash that differs with nothing that is compared: a command, a limit.
        let report = compare(CONFIG, &HASHES.replace("processor ", "processor 0"), &seen());
        let processor = report.services.iter().find(|one| one.service == "processor").unwrap();
        assert!(processor.other && processor.action == ServiceAction::Recreate, "{processor:?}");
        // An image that was built anew under its old name.
        let project: Project = serde_json::from_str(CONFIG).unwrap();
        let images = BTreeMap::from([("oms-test/busybox:1".to_owned(), "sha256:other".to_owned())]);
        let report = project.compare(&hashes(HASHES), &seen(), &BTreeMap::new(), &images);
        assert_eq!(report.recreated, 2);
    }

    #[test]
    fn any_project_is_taken() {
        for text in
            ["{}", "{\"services\":{\"a\":{}}}", "{\"services\":{\"a\":{\"ports\":[1,\"x\",null],\"volumes\":[{}]}}}"]
        {
            compare(text, "a\n b c\n", &seen());
        }
    }
}
