//! The parts that answer over HTTP, and the disks.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::{NaiveDateTime, Utc};
use futures::future::{join, join_all};
use reqwest::{Certificate, Client, Url};
use tokio::time::Instant;

use super::stack::{Container, Containers};
use super::verdict::{Part, PartHealth, Verdict, listed};
use super::{Engine, Pipeline, ports};
use crate::{Failure, trust};

/// Bytes of a page of metrics at most.
const LARGEST: usize = 4 << 20;
/// The share of the patience that judging the answers gets.
const JUDGING_SHARE: u32 = 20;
/// How long after a restart it is spoken of.
const RESTARTED: i64 = 600;

/// An answer, or why there is none.
pub(crate) type Answer = Result<(u16, String), NoAnswer>;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NoAnswer {
    /// The sentence.
    pub(crate) said: String,
    /// Whether nothing at all was heard in time: then nobody knows how the part is.
    pub(crate) silent: bool,
}

impl From<&str> for NoAnswer {
    fn from(said: &str) -> Self {
        Self { said: said.to_owned(), silent: false }
    }
}

impl NoAnswer {
    /// Nothing was heard within a limit.
    pub(crate) fn within(limit: Duration) -> Self {
        Self { said: format!("it does not answer within {} ms", limit.as_millis()), silent: true }
    }

    /// What it makes of a part.
    fn verdict(&self) -> Verdict {
        if self.silent { Verdict::Unknown } else { Verdict::Down }
    }
}

/// One look at the pipeline: what is asked, by whom, and until when.
pub(crate) struct Look<'a> {
    pub(crate) pipeline: &'a Pipeline,
    pub(crate) client: &'a Result<Client, Failure>,
    /// The engine; all who need it wait for the same answer.
    pub(crate) engine: Engine,
    /// When every part has answered or has not.
    pub(crate) until: Instant,
}

impl Look<'_> {
    /// What is left of the time, but for what judging takes.
    pub(crate) fn left(&self) -> Duration {
        let judging = self.pipeline.thresholds.patience / JUDGING_SHARE;
        self.until.saturating_duration_since(Instant::now()).saturating_sub(judging)
    }

    /// The containers, where the engine tells of them.
    pub(crate) async fn containers(&self) -> Option<Arc<Containers>> {
        self.engine.clone().await.and_then(Result::ok)
    }

    /// Asks one address in the time that is left.
    pub(crate) async fn get(&self, url: Url) -> Answer {
        match self.client {
            Ok(client) => get(client, url, self.left()).await,
            Err(failure) => Err(NoAnswer { said: failure.message.clone(), silent: true }),
        }
    }

    /// Asks the same page of several addresses at once: of those that are set at once, of containers as soon as the engine
    /// tells where they are. With the containers.
    async fn pages(
        &self,
        set: &[Url],
        of: impl Fn(&Containers) -> Vec<Container>,
        port: u16,
        page: &str,
    ) -> (Vec<(String, Answer)>, Vec<Container>) {
        let ask = |asked: Vec<(String, Url)>| {
            join_all(asked.into_iter().map(|(name, url)| async move { (name, self.get(below(&url, page)).await) }))
        };
        if set.is_empty() {
            let found = self.containers().await.map(|containers| of(&containers)).unwrap_or_default();
            return (ask(addresses(&[], Some(&found), port)).await, found);
        }
        let (answers, containers) = join(ask(addresses(set, None, port)), self.containers()).await;
        (answers, containers.map(|containers| of(&containers)).unwrap_or_default())
    }
}

/// A client for the parts of a pipeline: it follows no redirect, and trusts the shop's own certificate.
pub(crate) fn client(certificate: Option<&[u8]>) -> Result<Client, Failure> {
    let none = || {
        Failure::invalid("cannot use `pipeline.certificate`: it is no certificate in PEM")
            .hint("name the PEM file that the shop's server shows")
    };
    let mut builder = Client::builder().redirect(reqwest::redirect::Policy::none());
    if let Some(pem) = certificate {
        // A file without any is taken by the reader of certificates as it is.
        if !String::from_utf8_lossy(pem).contains("-----BEGIN CERTIFICATE-----") {
            return Err(none());
        }
        builder = builder.tls_certs_merge([Certificate::from_pem(pem).map_err(|_| none())?]);
    }
    builder.build().map_err(|_| match certificate {
        Some(_) => none(),
        None => trust::none(),
    })
}

/// Asks an address.
async fn get(client: &Client, url: Url, limit: Duration) -> Answer {
    let asked = async {
        let mut response = client.get(url.clone()).send().await.map_err(|error| why(&error))?;
        let status = response.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| why(&error))? {
            body.extend_from_slice(&chunk);
            if body.len() > LARGEST {
                return Err(NoAnswer::from("its answer has no end"));
            }
        }
        Ok((status, String::from_utf8_lossy(&body).into_owned()))
    };
    tokio::time::timeout(limit, asked).await.unwrap_or_else(|_| Err(NoAnswer::within(limit)))
}

/// Why a request failed, without its URL.
fn why(error: &reqwest::Error) -> NoAnswer {
    let text = format!("{error:?}").to_lowercase();
    NoAnswer::from(if trust::is_distrust(error) {
        "its certificate is not trusted"
    } else if text.contains("refused") {
        "nothing listens there"
    } else if error.is_connect() {
        "it cannot be reached"
    } else {
        "it broke off"
    })
}

/// The addresses of a service: those that are set, else those of its containers that run.
fn addresses(set: &[Url], containers: Option<&Vec<Container>>, port: u16) -> Vec<(String, Url)> {
    if !set.is_empty() {
        return set.iter().map(|url| (url.authority().to_owned(), url.clone())).collect();
    }
    let running = containers.into_iter().flatten().filter(|container| container.stopped().is_none());
    running
        .filter_map(|container| {
            let url = format!("http://{}:{port}/", container.addresses.first()?);
            Some((container.name.clone(), Url::parse(&url).ok()?))
        })
        .collect()
}

/// Traefik: the shop's first page.
pub(crate) async fn traefik(look: &Look<'_>) -> PartHealth {
    let of = |containers: &Containers| containers.get("traefik").cloned().unwrap_or_default();
    let Some(shop) = &look.pipeline.shop else {
        let of = look.containers().await.map(|containers| of(&containers));
        if let Some(stopped) = of.iter().flatten().find_map(Container::stopped) {
            return PartHealth::new(Part::Traefik, Verdict::Down, stopped).hint("make up");
        }
        return by_engine(Part::Traefik, of.as_ref(), "pipeline.shop");
    };
    let (answer, containers) = join(look.get(shop.clone()), look.containers()).await;
    let of = containers.map(|containers| of(&containers));
    if let Some(stopped) = of.iter().flatten().find_map(Container::stopped) {
        return PartHealth::new(Part::Traefik, Verdict::Down, stopped).hint("make up");
    }
    match answer {
        Ok((200..=399, _)) => PartHealth::new(Part::Traefik, Verdict::Healthy, "the shop answers"),
        Ok((status, _)) => {
            let said = format!("the shop answers with status {status}");
            PartHealth::new(Part::Traefik, Verdict::Down, said).saw("status", status)
        }
        Err(cause) if cause.said.contains("certificate") => {
            // It is there; whether it is ours cannot be told.
            PartHealth::new(Part::Traefik, Verdict::Unknown, cause.said).hint("set `pipeline.certificate` in oms.toml")
        }
        Err(cause) => PartHealth::new(Part::Traefik, cause.verdict(), cause.said),
    }
}

/// The web servers: any of them is enough, each that is missing is said.
pub(crate) async fn web(look: &Look<'_>) -> PartHealth {
    let of = |containers: &Containers| -> Vec<Container> {
        let services = containers.iter().filter(|(service, _)| service.starts_with("web-"));
        services.flat_map(|(_, containers)| containers.clone()).collect()
    };
    let (answers, services) = look.pages(&look.pipeline.web, of, ports::WEB, "healthz").await;
    let mut lacking: Vec<String> = services.iter().filter_map(Container::stopped).collect();
    if answers.is_empty() && lacking.is_empty() {
        return by_engine(Part::Web, None, "pipeline.web");
    }
    let (mut well, mut silent) = (0, false);
    for (name, answer) in answers {
        match answer {
            Ok((200..=299, _)) => well += 1,
            Ok((status, _)) => lacking.push(format!("`{name}` answers with status {status}")),
            Err(cause) => {
                silent |= cause.silent;
                lacking.push(format!("`{name}`: {}", cause.said));
            }
        }
    }
    let all = well + lacking.len();
    let verdict = several(well, lacking.len(), silent);
    let mut said = format!("{well} of {all} servers answer");
    if !lacking.is_empty() {
        let lacking: Vec<&str> = lacking.iter().map(String::as_str).collect();
        said = format!("{said}: {}", listed(&lacking));
    }
    PartHealth::new(Part::Web, verdict, said).saw("answering", well).saw("servers", all)
}

/// What several of a kind come to: one that works is enough for work, and where none is known to work, one that is silent may.
pub(crate) fn several(well: usize, lacking: usize, silent: bool) -> Verdict {
    match (well, lacking) {
        (0, _) if silent => Verdict::Unknown,
        (0, _) => Verdict::Down,
        (_, 0) => Verdict::Healthy,
        _ => Verdict::Degraded,
    }
}

/// The intake, by its own word.
pub(crate) async fn intake(look: &Look<'_>) -> PartHealth {
    let set: Vec<Url> = look.pipeline.intake.iter().cloned().collect();
    let of = |containers: &Containers| containers.get("intake").cloned().unwrap_or_default();
    let (answers, of) = look.pages(&set, of, ports::INTAKE, "readyz").await;
    if let (true, Some(stopped)) = (answers.is_empty(), of.iter().find_map(Container::stopped)) {
        return PartHealth::new(Part::Intake, Verdict::Down, stopped).hint("make up");
    }
    let Some((_, answer)) = answers.first() else { return by_engine(Part::Intake, Some(&of), "pipeline.intake") };
    let (verdict, said) = ready(answer);
    // What is frozen takes connections and stays silent.
    let (verdict, said) = match of.iter().find_map(Container::stopped) {
        Some(stopped) if verdict != Verdict::Healthy => (Verdict::Down, stopped),
        _ => (verdict, said),
    };
    restarts(PartHealth::new(Part::Intake, verdict, said), Some(&of), Utc::now().naive_utc())
}

/// What the monitors of the processors say: of each its word and its page of figures; with their containers.
pub(crate) async fn monitors(look: &Look<'_>) -> (Vec<(String, Answer)>, Vec<(String, Answer)>, Vec<Container>) {
    let of = |containers: &Containers| containers.get("processor").cloned().unwrap_or_default();
    let set = &look.pipeline.processors;
    let ((words, of), (pages, _)) =
        join(look.pages(set, of, ports::MONITOR, "readyz"), look.pages(set, of, ports::MONITOR, "metrics")).await;
    (words, pages, of)
}

/// What a service's word on itself means.
pub(crate) fn ready(answer: &Answer) -> (Verdict, String) {
    match answer {
        Ok((200..=299, _)) => (Verdict::Healthy, "it takes its work".to_owned()),
        Ok((503, body)) => {
            let cause = serde_json::from_str::<serde_json::Value>(body).unwrap_or_default();
            let cause = cause.get("cause").and_then(|cause| cause.as_str()).unwrap_or("it does not say why").to_owned();
            (Verdict::Down, format!("it is not ready: {cause}"))
        }
        Ok((status, _)) => (Verdict::Down, format!("it answers with status {status}")),
        Err(cause) => (cause.verdict(), cause.said.clone()),
    }
}

/// A part that cannot be asked itself, by the word of the engine's health check; unknown without one.
pub(crate) fn by_engine(part: Part, containers: Option<&Vec<Container>>, setting: &str) -> PartHealth {
    let unknown = |said: &str| {
        PartHealth::new(part, Verdict::Unknown, said).hint(format!(
            "set `{setting}` (or `pipeline.stack`) in oms.toml, or name `{}` in `pipeline.without`",
            part.word()
        ))
    };
    let Some(containers) = containers.filter(|containers| !containers.is_empty()) else {
        return unknown("it is not known where it is");
    };
    let judged = containers.iter().map(|one| match (one.stopped(), one.healthy) {
        (Some(stopped), _) => (Verdict::Down, stopped),
        (None, Some(false)) => (Verdict::Down, format!("`{}` fails its health check", one.name)),
        (None, Some(true)) => (Verdict::Healthy, format!("`{}` passes its health check", one.name)),
        (None, None) => (Verdict::Unknown, format!("`{}` runs, and has no health check that says more", one.name)),
    });
    match judged.max_by_key(|(verdict, _)| *verdict) {
        Some((verdict, said)) => PartHealth::new(part, verdict, said),
        None => unknown("it is not known where it is"),
    }
}

/// Adds what the engine knows of restarts.
pub(crate) fn restarts(mut part: PartHealth, containers: Option<&Vec<Container>>, now: NaiveDateTime) -> PartHealth {
    for one in containers.into_iter().flatten().filter(|one| one.restarts > 0) {
        let recent = one.started.is_some_and(|at| (now - at).num_seconds() < RESTARTED);
        part = part.saw("restarts", one.restarts);
        if recent {
            part.said = format!("{}; `{}` was restarted {} times, last just now", part.said, one.name, one.restarts);
            part.verdict = part.verdict.max(Verdict::Degraded);
        }
    }
    part
}

/// The disks.
pub(crate) fn disk(disks: &[impl AsRef<Path>], most: u8) -> PartHealth {
    let (mut worst, mut said) = (Verdict::Healthy, Vec::new());
    let mut part_of = std::collections::BTreeMap::new();
    for disk in disks {
        let path = disk.as_ref();
        let Some(percent) = used(path) else {
            worst = worst.max(Verdict::Unknown);
            said.push(format!("`{}` cannot be looked at", path.display()));
            continue;
        };
        part_of.insert(path.display().to_string(), percent);
        worst = worst.max(match percent {
            98.. => Verdict::Down,
            percent if percent >= most => Verdict::Degraded,
            _ => Verdict::Healthy,
        });
        said.push(format!("`{}` is {percent} % full", path.display()));
    }
    if said.is_empty() {
        return PartHealth::new(Part::Disk, Verdict::Unknown, "no disk is named")
            .hint("set `pipeline.disks` in oms.toml");
    }
    let said: Vec<&str> = said.iter().map(String::as_str).collect();
    PartHealth::new(Part::Disk, worst, listed(&said)).saw("percent_used", part_of)
}

/// How full the file system of a path is, in percent, rounded up.
fn used(path: &Path) -> Option<u8> {
    let of = rustix::fs::statvfs(path).ok()?;
    if of.f_blocks == 0 {
        return None;
    }
    // As `df` does: what only the administrator may use counts as used.
    let (used, free) = (of.f_blocks.saturating_sub(of.f_bfree), of.f_bavail);
    let all = used.saturating_add(free).max(1);
    u8::try_from((used.saturating_mul(100)).div_ceil(all)).ok()
}

/// A page of a service.
fn below(url: &Url, page: &str) -> Url {
    let mut below = url.clone();
    if let Ok(mut segments) = below.path_segments_mut() {
        segments.pop_if_empty().push(page);
    }
    below
}

/// One figure of a page of metrics: the sum over its labels; none where it is not there.
pub(crate) fn metric(page: &str, name: &str) -> Option<f64> {
    let figures = page.lines().filter_map(|line| {
        let rest = line.strip_prefix(name)?;
        let rest = if rest.starts_with('{') { rest.split_once('}')?.1 } else { rest };
        rest.strip_prefix(' ')?.split(' ').next()?.parse::<f64>().ok()
    });
    figures.fold(None, |sum, figure| Some(sum.unwrap_or(0.0) + figure))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_service_s_word_is_believed_and_its_silence_is_not_health() {
        let body = r#"{"status":"not ready","cause":"the database is not ready"}"#.to_owned();
        assert_eq!(ready(&Ok((200, String::new()))).0, Verdict::Healthy);
        assert!(ready(&Ok((503, body))).1.contains("the database is not ready"));
        for answer in
            [Ok((503, "<html>".to_owned())), Ok((404, String::new())), Ok((301, String::new())), Err("x".into())]
        {
            assert_eq!(ready(&answer).0, Verdict::Down, "{answer:?}");
        }
        assert_eq!(ready(&Err(NoAnswer::within(Duration::ZERO))).0, Verdict::Unknown);
    }

    #[test]
    fn of_several_one_is_enough_and_silence_is_not_down() {
        for (well, lacking, silent, expected) in [
            (3, 0, false, Verdict::Healthy),
            (2, 1, false, Verdict::Degraded),
            (2, 1, true, Verdict::Degraded),
            (0, 3, false, Verdict::Down),
            (0, 3, true, Verdict::Unknown),
            (0, 0, false, Verdict::Down),
        ] {
            assert_eq!(several(well, lacking, silent), expected, "{well} {lacking} {silent}");
        }
    }

    #[test]
    fn the_engine_s_word_stands_in_and_none_is_unknown() {
        let one = |state: &str, healthy| Container {
            name: "oms-web-1".into(),
            state: state.into(),
            healthy,
            ..Container::default()
        };
        for (containers, expected) in [
            (None, Verdict::Unknown),
            (Some(vec![]), Verdict::Unknown),
            (Some(vec![one("running", None)]), Verdict::Unknown),
            (Some(vec![one("running", Some(true))]), Verdict::Healthy),
            (Some(vec![one("running", Some(false))]), Verdict::Down),
            (Some(vec![one("paused", Some(true))]), Verdict::Down),
            (Some(vec![one("running", Some(true)), one("exited", None)]), Verdict::Down),
        ] {
            assert_eq!(by_engine(Part::Web, containers.as_ref(), "pipeline.web").verdict, expected, "{containers:?}");
        }
    }

    #[test]
    fn restarts_count_while_they_are_new() {
        let now = chrono::DateTime::UNIX_EPOCH.naive_utc() + chrono::TimeDelta::days(1);
        for (restarts_so_far, ago, expected) in
            [(0, 10, Verdict::Healthy), (2, 10, Verdict::Degraded), (2, 3600, Verdict::Healthy)]
        {
            let started = Some(now - chrono::TimeDelta::seconds(ago));
            let of = vec![Container { restarts: restarts_so_far, started, ..Container::default() }];
            let part = restarts(PartHealth::new(Part::Intake, Verdict::Healthy, "well"), Some(&of), now);
            assert_eq!(part.verdict, expected);
        }
    }

    #[test]
    fn figures_are_read_from_a_page_of_metrics() {
        let page = "# HELP oms_dead_letters_total x\noms_dead_letters_total 3\noms_checkpoints_total{outcome=\"failed\"} 1\n\
                    oms_checkpoints_total{outcome=\"written\"} 41 1700000000\noms_partition_lag_eventsx 9\n";
        assert_eq!(metric(page, "oms_dead_letters_total"), Some(3.0));
        assert_eq!(metric(page, "oms_checkpoints_total"), Some(42.0));
        assert_eq!(metric(page, "oms_partition_lag_events"), None);
        assert_eq!(metric("", "x"), None);
    }

    #[test]
    fn disks_are_looked_at() {
        assert_eq!(disk(&["/nowhere/at/all"], 90).verdict, Verdict::Unknown);
        assert_eq!(disk(&[] as &[&str], 90).verdict, Verdict::Unknown);
        let here = disk(&["/"], 100);
        assert!(here.said.contains("% full"), "{}", here.said);
        // Any disk has something on it.
        assert!(disk(&["/"], 1).verdict >= Verdict::Degraded);
    }

    #[test]
    fn pages_are_below_their_service() {
        let url = |text: &str| Url::parse(text).unwrap();
        assert_eq!(below(&url("http://h:1"), "readyz").as_str(), "http://h:1/readyz");
        assert_eq!(below(&url("http://h:1/base/"), "readyz").as_str(), "http://h:1/base/readyz");
    }
}
