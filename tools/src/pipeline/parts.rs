//! The parts that answer over HTTP, and the disks.

use std::path::Path;
use std::time::Duration;

use chrono::{NaiveDateTime, Utc};
use futures::future::join_all;
use reqwest::{Certificate, Client, Url};

use super::stack::{Container, Containers};
use super::verdict::{Part, PartHealth, Verdict, listed};
use super::{Pipeline, ports};
use crate::Failure;

/// Bytes of a page of metrics at most.
const LARGEST: usize = 4 << 20;
/// How long after a restart it is spoken of.
const RESTARTED: i64 = 600;

/// An answer, or why there is none.
pub(crate) type Answer = Result<(u16, String), String>;

/// A client for the parts of a pipeline: it follows no redirect, and trusts the shop's own certificate.
pub(crate) fn client(certificate: Option<&[u8]>) -> Result<Client, Failure> {
    let mut builder = Client::builder().redirect(reqwest::redirect::Policy::none());
    if let Some(pem) = certificate {
        let certificate = Certificate::from_pem(pem)
            .map_err(|_| Failure::invalid("cannot use `pipeline.certificate`: it is no certificate in PEM"))?;
        builder = builder.tls_certs_merge([certificate]);
    }
    builder.build().map_err(|_| {
        Failure::invalid("cannot use `pipeline.certificate`: it is no certificate in PEM")
            .hint("name the PEM file that the shop's server shows")
    })
}

/// Asks an address.
pub(crate) async fn get(client: &Client, url: Url, limit: Duration) -> Answer {
    let asked = async {
        let mut response = client.get(url.clone()).send().await.map_err(|error| why(&error))?;
        let status = response.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| why(&error))? {
            body.extend_from_slice(&chunk);
            if body.len() > LARGEST {
                return Err("its answer has no end".to_owned());
            }
        }
        Ok((status, String::from_utf8_lossy(&body).into_owned()))
    };
    tokio::time::timeout(limit, asked)
        .await
        .unwrap_or_else(|_| Err(format!("it does not answer within {} ms", limit.as_millis())))
}

/// Why a request failed, without its URL.
fn why(error: &reqwest::Error) -> String {
    let text = format!("{error:?}").to_lowercase();
    if text.contains("certificate") {
        "its certificate is not trusted".to_owned()
    } else if text.contains("refused") {
        "nothing listens there".to_owned()
    } else if error.is_connect() {
        "it cannot be reached".to_owned()
    } else {
        "it broke off".to_owned()
    }
}

/// The addresses of a service: those that are set, else those of its containers that run.
pub(crate) fn addresses(set: &[Url], containers: Option<&Vec<Container>>, port: u16) -> Vec<(String, Url)> {
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
pub(crate) async fn traefik(pipeline: &Pipeline, client: &Client, containers: Option<&Containers>) -> PartHealth {
    let of = containers.and_then(|containers| containers.get("traefik"));
    if let Some(stopped) = of.into_iter().flatten().find_map(Container::stopped) {
        return PartHealth::new(Part::Traefik, Verdict::Down, stopped).hint("make up");
    }
    let Some(shop) = &pipeline.shop else { return by_engine(Part::Traefik, of, "pipeline.shop") };
    match get(client, shop.clone(), pipeline.thresholds.patience).await {
        Ok((200..=399, _)) => PartHealth::new(Part::Traefik, Verdict::Healthy, "the shop answers"),
        Ok((status, _)) => {
            let said = format!("the shop answers with status {status}");
            PartHealth::new(Part::Traefik, Verdict::Down, said).saw("status", status)
        }
        Err(cause) if cause.contains("certificate") => {
            // It is there; whether it is ours cannot be told.
            PartHealth::new(Part::Traefik, Verdict::Unknown, cause).hint("set `pipeline.certificate` in oms.toml")
        }
        Err(cause) => PartHealth::new(Part::Traefik, Verdict::Down, cause),
    }
}

/// The web servers: any of them is enough, each that is missing is said.
pub(crate) async fn web(pipeline: &Pipeline, client: &Client, containers: Option<&Containers>) -> PartHealth {
    let services: Vec<Container> = containers
        .into_iter()
        .flatten()
        .filter(|(service, _)| service.starts_with("web-"))
        .flat_map(|(_, containers)| containers.clone())
        .collect();
    let known = (!services.is_empty()).then_some(&services);
    let asked = addresses(&pipeline.web, known, ports::WEB);
    let mut lacking: Vec<String> = services.iter().filter_map(Container::stopped).collect();
    if asked.is_empty() && lacking.is_empty() {
        return by_engine(Part::Web, None, "pipeline.web");
    }
    let limit = pipeline.thresholds.patience;
    let answers = join_all(
        asked.iter().map(|(name, url)| async move { (name, get(client, below(url, "healthz"), limit).await) }),
    )
    .await;
    let mut well = 0;
    for (name, answer) in answers {
        match answer {
            Ok((200..=299, _)) => well += 1,
            Ok((status, _)) => lacking.push(format!("`{name}` answers with status {status}")),
            Err(cause) => lacking.push(format!("`{name}`: {cause}")),
        }
    }
    let all = well + lacking.len();
    let verdict = if well == 0 {
        Verdict::Down
    } else if lacking.is_empty() {
        Verdict::Healthy
    } else {
        Verdict::Degraded
    };
    let mut said = format!("{well} of {all} servers answer");
    if !lacking.is_empty() {
        let lacking: Vec<&str> = lacking.iter().map(String::as_str).collect();
        said = format!("{said}: {}", listed(&lacking));
    }
    PartHealth::new(Part::Web, verdict, said).saw("answering", well).saw("servers", all)
}

/// The intake, by its own word.
pub(crate) async fn intake(pipeline: &Pipeline, client: &Client, containers: Option<&Containers>) -> PartHealth {
    let of = containers.and_then(|containers| containers.get("intake"));
    let set: Vec<Url> = pipeline.intake.iter().cloned().collect();
    let asked = addresses(&set, of, ports::INTAKE);
    if let (true, Some(stopped)) = (asked.is_empty(), of.into_iter().flatten().find_map(Container::stopped)) {
        return PartHealth::new(Part::Intake, Verdict::Down, stopped).hint("make up");
    }
    let Some((_, url)) = asked.first() else { return by_engine(Part::Intake, of, "pipeline.intake") };
    let answer = get(client, below(url, "readyz"), pipeline.thresholds.patience).await;
    let (verdict, said) = ready(&answer);
    restarts(PartHealth::new(Part::Intake, verdict, said), of, Utc::now().naive_utc())
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
        Err(cause) => (Verdict::Down, cause.clone()),
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
pub(crate) fn below(url: &Url, page: &str) -> Url {
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
